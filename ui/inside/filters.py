"""The view of filters: what a convolution multiplies with, twins, and what each lets pass."""

from __future__ import annotations

from typing import Any

import numpy as np
import streamlit as st

from fmnist_core.analysis.exciting import convolutions
from fmnist_core.analysis.filters import (
    Passes,
    Twins,
    frequency_response,
    norms,
    passes_best,
    twins,
    whole_filters,
)
from fmnist_core.export.png import enlarged
from fmnist_core.specs.model import LayerSpec
from ui.components.feature_maps import show_feature_maps
from ui.format import count, percent, significant
from ui.inference import ask
from ui.inside import map_data
from ui.inside.image import Subject
from ui.inside.layer_choice import channel_within, choose_layer, take_opened
from ui.inside.patches import choose_how_many, patches

KERNELS, PATCHES = "Kernels", "Exciting patches"
_GRID, _INPUT = "inside-filters-grid", "inside-filters-input"
_NAMED = 8  # twins and dead filters; more are counted
_EVEN = 0.05  # of its largest gain: with less for even areas, a filter sees edges only
_ZOOM = 7  # pixels for one of the frequency response's


def filters(subject: Subject) -> None:
    """Draw the view for a run; the image does not matter to it."""
    model = subject.run.experiment.model
    found = convolutions(model)
    if not found:
        st.info(
            "This network has no convolution, so it has no filters. What its dense layers read is "
            "shown under Feature maps and Arithmetic."
        )
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name = choose_layer(model, found, key="inside-filters-layer")
        shown = st.segmented_control(
            "Show",
            (KERNELS, PATCHES),
            default=KERNELS,
            required=True,
            key="inside-filters-show",
            persist_state="session",
            help="The numbers of each filter, or the parts of images that excite it most.",
        )
        if shown == KERNELS:
            spec = next(layer for layer in model.layers if layer.name == name)
            kernels = _kernels(subject, spec)
            channel = _choose_input(kernels.shape[2])
    if shown == PATCHES:
        patches(subject, next(shape for shape in found if shape.name == name))
    elif np.isfinite(kernels).all():
        _draw_kernels(subject, name, kernels, channel)
    else:
        st.warning("This layer's weights are no numbers: the training has diverged.")


def _draw_kernels(subject: Subject, name: str, kernels: np.ndarray, channel: int) -> None:
    """Draw the filters of a layer, twins and dead ones, and one of them in detail."""
    alike = twins(kernels)
    for sentence in (_dead_text(subject, name), twins_text(alike, kernels.shape[3])):
        if sentence:
            st.caption(sentence)
    left, right = st.columns([3, 2], gap="medium")
    chosen = channel_within(kernels.shape[3])
    with left:
        _grid(kernels, channel, chosen)
    with right:
        _detail(kernels, channel, chosen, alike)


def _kernels(subject: Subject, layer: LayerSpec) -> np.ndarray:
    """Return the whole filters of a layer, float (height, width, inputs, outputs)."""
    arrays = ask("kernel", subject.run, layer=layer.name).arrays
    depthwise = layer.type == "DepthwiseConv2D"
    return whole_filters(arrays["kernel"], arrays.get("pointwise"), depthwise=depthwise)


def _choose_input(inputs: int) -> int:
    """Let the person choose whose part of each filter is shown."""
    if inputs == 1:
        return 0
    with st.container(width=150):
        chosen = st.number_input(
            "Input map", 0, inputs - 1, key=_INPUT, help="Each filter has a kernel for each input."
        )
    return int(chosen)


def _dead_text(subject: Subject, name: str) -> str:
    """Name the filters whose map is 0 for every image that was tried; "" for none."""
    found = ask("health", subject.run)
    layer = next((each for each in found.values["layers"] if each["name"] == name), None)
    if not layer or not layer["silent"]:
        return ""
    images = count(found.values["images"], "validation image")
    return (
        f":material/visibility_off: **Dead** ({count(len(layer['silent']), 'filter')} of "
        f"{layer['units']:,}, 0 for each of {images}): {_some(layer['silent'])}."
    )


def twins_text(found: list[Twins], filters_: int) -> str:
    """Name the twins, in markdown; "" where there are none."""
    if not found:
        return ""
    pairs = [
        f"{pair.one} and {'−' if pair.cosine < 0 else ''}{pair.other} ({significant(pair.cosine)})"
        for pair in found
    ]
    return (
        f":material/content_copy: **Twins** ({count(len(found), 'pair')} among {filters_:,} "
        f"filters, by the cosine of their kernels; “−” for the negative): {_some(pairs)}."
    )


def _some(names: list[Any]) -> str:
    shown = ", ".join(str(name) for name in names[:_NAMED])
    return shown + (f" and {len(names) - _NAMED:,} more" if len(names) > _NAMED else "")


def _grid(kernels: np.ndarray, channel: int, chosen: int) -> None:
    """Draw the part of all filters that reads an input map, on the layer's scale."""
    shown = choose_how_many(kernels.shape[3])
    lines = [
        [str(place), f"norm {significant(float(norm))}"]
        for place, norm in enumerate(norms(kernels))
    ]
    data = kernel_grid(kernels[:, :, channel, :], shown, lines, float(np.abs(kernels).max()))
    show_feature_maps(
        data | {"name": "Filters", "chosen": chosen},
        key=_GRID,
        on_opened_change=lambda: take_opened(_GRID),
    )


def kernel_grid(
    kernels: np.ndarray, shown: np.ndarray, lines: list[list[str]], limit: float
) -> dict[str, Any]:
    """Describe kernels in JSON, on one signed scale.

    Args:
        kernels: float (height, width, N).
        shown: Numbers of those that are drawn, in their order; at least one.
        lines: What stands under each of the N.
        limit: What is drawn brightest; 0 for filters that are 0 everywhere.
    """
    limits = np.full(len(shown), limit or 1.0)
    return {
        "codes": map_data.encoded(map_data.codes(kernels[:, :, shown], limits, signed=True)),
        "height": kernels.shape[0],
        "width": kernels.shape[1],
        "signed": True,
        "tiles": [
            {"channel": int(place), "lines": lines[place], "label": ", ".join(lines[place])}
            for place in shown
        ],
        "legend": {
            "low": f"−{significant(limit or 1.0)}",
            "high": significant(limit or 1.0),
            "text": "one scale for all filters of this layer",
        },
    }


def _detail(kernels: np.ndarray, channel: int, chosen: int, alike: list[Twins]) -> None:
    """Draw what the chosen filter lets pass, and its closest twin."""
    kernel = kernels[:, :, channel, chosen]
    of = f", input map {channel}" if kernels.shape[2] > 1 else ""
    st.markdown(f"**Filter {chosen}{of}**")
    gain = frequency_response(kernel)
    if not gain.max():
        st.caption("It is 0 everywhere: nothing passes.")
        return
    picture = enlarged(np.rint(255 * gain / gain.max()).astype(np.uint8), _ZOOM)
    found = passes_best(kernel)
    st.image(picture, caption="Frequency response", width=picture.shape[1])
    st.caption(
        f"{passes_text(found)} In the picture, even areas are the middle, finer stripes lie "
        "further out, up to half a cycle a pixel, upright stripes left and right of it; white is "
        f"the largest gain, {significant(found.most)}."
    )
    twin = next((pair for pair in alike if chosen in (pair.one, pair.other)), None)
    if twin:
        other = twin.other if twin.one == chosen else twin.one
        how = "the negative of" if twin.cosine < 0 else "nearly"
        st.caption(f"It is {how} filter {other}: cosine {significant(twin.cosine)}.")


def passes_text(found: Passes) -> str:
    """Say in a sentence or two what a filter lets pass best."""
    share = found.even / found.most
    if np.isinf(found.period):
        return "It lets even areas pass best: it smooths, or brightens."
    best = (
        f"Stripes of {significant(found.period)} pixels at {found.angle:.0f}° pass best "
        "(0° level, 90° upright)."
    )
    if share < _EVEN:
        return (
            f"It sees edges only: even areas give {percent(share, 0)} of its largest gain. {best}"
        )
    return f"{best} Even areas give {percent(share, 0)} of that."
