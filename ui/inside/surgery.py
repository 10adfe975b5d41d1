"""The view of surgery: filters are switched off, and the network is judged without them."""

from __future__ import annotations

from typing import Any

import numpy as np
import streamlit as st

from fmnist_core.analysis.surgery import IMAGES, judge, operable
from fmnist_core.analysis.usefulness import LayerUsefulness
from fmnist_core.runs.run import Run
from ui.components.feature_maps import show_feature_maps
from ui.format import signed
from ui.inference import ask
from ui.inside import choice, map_data
from ui.inside.image import Subject
from ui.inside.layer_choice import channel_within, choose_layer
from ui.inside.operation import Operation, operation_on, switch_off, take_toggled
from ui.inside.ranking import draw_ranking, ranking_of
from ui.inside.surgery_effect import draw_effect, draw_figures

SECONDS = 60.0  # for an answer, where the machine is busy and the network large
MAX_TILES = 1_024  # units of a dense layer can be more
_GRID, _LEAST, _ALL = (f"inside-surgery-{name}" for name in ("grid", "least", "every"))


def surgery(subject: Subject) -> None:
    """Draw the view."""
    model = subject.run.experiment.model
    shapes = operable(model)
    if not shapes:
        st.info(
            "This network has one layer of its own only, which gives the classes: there is nothing "
            "before it to switch off. Choose a run with convolutions or dense layers inside."
        )
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name = choose_layer(model, shapes, key="inside-surgery-layer")
        judged = st.container(width="content")
    shape = next(each for each in shapes if each.name == name)
    operation = operation_on(model, shape)
    ranking = ranking_of(subject.run, name)
    arrays = ask(
        "surgery",
        subject.run,
        {"image": subject.image},
        seconds=SECONDS,
        layer=name,
        off=sorted(operation.off),
        images=IMAGES if choice.current().every else None,
    ).arrays
    found = judge(*(arrays[each] for each in ("index", "y_true", "intact", "cut")))
    with judged:
        _choose_images(subject.run, len(found.intact))
    _buttons(operation, ranking)
    draw_figures(operation, found)
    left, right = st.columns(2, gap="medium")
    with left:
        _grid(subject, operation, ranking)
    with right:
        draw_effect(subject, operation, found, arrays["image_cut"])
    accuracy = float(1 - found.cut.wrong.mean())
    draw_ranking(subject.run, operation, ranking, accuracy)


def _choose_images(run: Run, judged: int) -> None:
    """Let the person have the network judged on all images, where that takes longer."""
    images = min(IMAGES, run.experiment.data.sizes.validation)
    every = choice.current().every
    if judged < images or every:
        st.session_state[_ALL] = every
        st.toggle(
            f"All {images:,} images",
            key=_ALL,
            on_change=lambda: choice.change(every=st.session_state[_ALL]),
            help="The first validation images of the run. Of large networks only so many are taken "
            "at first that the answer comes within about two seconds.",
        )


def _buttons(operation: Operation, ranking: LayerUsefulness | None) -> None:
    chosen = channel_within(operation.channels)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.button(
            "All on",
            key="inside-surgery-all",
            icon=":material/visibility:",
            on_click=switch_off,
            args=((),),
            disabled=not operation.off,
        )
        st.button(
            f"Only {operation.noun} {chosen}",
            key="inside-surgery-only",
            icon=":material/filter_1:",
            on_click=switch_off,
            args=(set(range(operation.channels)) - {chosen},),
            help=f"Switches all others off. The {operation.noun} is the one clicked last.",
        )
        if ranking is not None:
            _choose_least(operation, ranking)


def _choose_least(operation: Operation, ranking: LayerUsefulness) -> None:
    """Let the person switch off as many of the least useful filters as wanted."""
    order = ranking.order.tolist()
    number = len(operation.off)
    st.session_state[_LEAST] = number if operation.off == set(order[:number]) else 0
    with st.container(width=330):
        st.slider(
            "Least useful filters off",
            0,
            len(order),
            key=_LEAST,
            on_change=lambda: switch_off(order[: st.session_state[_LEAST]]),
        )


def _grid(subject: Subject, operation: Operation, ranking: LayerUsefulness | None) -> None:
    """Draw what the channels make of the image; a click switches one off, or on again."""
    values = ask("maps", subject.run, {"images": subject.image[np.newaxis]}).arrays[operation.layer]
    if not np.isfinite(values).all():
        st.warning("This layer gives values that are no numbers: the training has diverged.")
        return
    maps = values if values.ndim == 3 else values[np.newaxis, np.newaxis, :]
    shown = np.arange(min(operation.channels, MAX_TILES))
    data = map_data.grid_data(
        maps,
        shown,
        map_data.limits_of(maps, map_data.LAYER, 0),
        scale=map_data.LAYER,
        signed=bool(maps.min() < 0),
        name=f"Channels of {operation.layer}",
    )
    tiles = [_tile(each, operation, ranking) for each in data["tiles"]]
    st.caption(
        f"Click a {operation.noun}: its values are then 0, after the layer’s activation and for "
        "every image. Click it again to switch it on."
    )
    show_feature_maps(
        data
        | {"tiles": tiles, "chosen": channel_within(operation.channels)}
        | {"off": sorted(operation.off)},
        key=_GRID,
        on_opened_change=lambda: take_toggled(_GRID, operation),
    )
    if len(shown) < operation.channels:
        st.caption(f"The first {len(shown):,} of {operation.channels:,} units are shown.")


def _tile(
    tile: dict[str, Any], operation: Operation, ranking: LayerUsefulness | None
) -> dict[str, Any]:
    channel = tile["channel"]
    lines, label = tile["lines"], f"Switch off {operation.noun} {channel}"
    if ranking is not None:
        rise = signed(float(ranking.loss_rise[channel]))
        lines = [str(channel), f"loss {rise}"]
        label += f": without it alone the loss changes by {rise}"
    return {"channel": channel, "lines": lines, "label": label}
