"""What excites filters: of each the parts of images that it answers most strongly."""

from __future__ import annotations

from typing import Any

import numpy as np
import streamlit as st

from fmnist_core.analysis.exciting import NUM_IMAGES, TOP, Exciting, load_exciting, patch
from fmnist_core.analysis.features import likely_seconds
from fmnist_core.derived.kinds import EXCITING
from fmnist_core.derived.results import DONE, load, state
from fmnist_core.labels import CLASS_NAMES
from fmnist_core.model.receptive import Sight
from fmnist_core.model.shapes import LayerShape
from fmnist_core.runs.run import Run
from ui import cache
from ui.components.feature_maps import show_feature_maps
from ui.derived import offer
from ui.format import count, significant
from ui.inside import choice, map_data
from ui.inside.image import Subject
from ui.inside.layer_choice import channel_within, take_opened
from ui.readers import opened

_GRID, _BEST = "inside-patches-grid", "inside-patches-best"
_CLASSES = 2  # that excite a filter most are named
_LEGEND = {"low": "0", "high": "255"}


def patches(subject: Subject, shape: LayerShape) -> None:
    """Draw of each filter of a layer the patch that excites it most, and of one all that are kept.

    Args:
        subject: Whose run it is; its image does not matter.
        shape: Of the layer.
    """
    run = subject.run
    if state(run, EXCITING, cache.run_store()).state != DONE:
        offer(
            run,
            EXCITING,
            label="Find the exciting patches",
            why=f"Shows the first {NUM_IMAGES:,} images of the training file to all filters, once "
            "a run, and keeps what each answers most strongly.",
            seconds=likely_seconds(run, NUM_IMAGES),
        )
        return
    found = _load(run)[shape.name]
    left, right = st.columns([3, 2], gap="medium")
    chosen = channel_within(len(found.image))
    with left:
        _grid(found, shape.sight, chosen)
    with right:
        _detail(found, shape.sight, chosen)


def choose_how_many(number: int) -> np.ndarray:
    """Return the numbers of the filters that are drawn: of many the first, until all are wanted."""
    every = number <= map_data.FEW or st.toggle(
        f"Show all {number:,} filters", key="inside-filters-all", persist_state="session"
    )
    return np.arange(number if every else map_data.FEW)


def excited_text(found: Exciting, filter_: int) -> str:
    """Say how often a filter is excited, and by which classes most."""
    active = int(found.active[filter_])
    if not active:
        return f"Nothing excites it: it is 0 for each of {NUM_IMAGES:,} images."
    means = found.class_mean[filter_]
    order = np.argsort(-means, kind="stable")
    most = ", ".join(_class_text(means, label) for label in order[:_CLASSES])
    return (
        f"Above 0 in {active:,} of {NUM_IMAGES:,} images. Mean largest value of a class: most for "
        f"{most}, least for {_class_text(means, order[-1])}."
    )


def _class_text(means: np.ndarray, label: int) -> str:
    return f"{CLASS_NAMES[label]} ({significant(float(means[label]))})"


@st.cache_resource(show_spinner=False, max_entries=8)  # a few hundred kilobytes each
def _read(run_id: str, folder: str) -> dict[str, Exciting]:
    return load_exciting(cache.run_store().get(run_id), cache.run_store())


def _load(run: Run) -> dict[str, Exciting]:
    """Return what excites a run's filters, by layer; read once while the weights stay as they are.

    Raises:
        StoreError: The files are damaged.
    """
    return _read(run.run_id, str(load(run, EXCITING, cache.run_store())))


def _grid(found: Exciting, sight: Sight, chosen: int) -> None:
    """Draw the strongest patch of each filter."""
    shown = choose_how_many(len(found.image))
    cut = _cut(found, sight, [(filter_, 0) for filter_ in shown])
    tiles = [
        {
            "channel": int(filter_),
            "lines": [str(filter_), _value_text(found, filter_, 0)],
            "label": f"Filter {filter_}: {excited_text(found, filter_)}",
        }
        for filter_ in shown
    ]
    text = "the part of an image that excites each filter most, as bright as it is"
    data = _grid_data(cut, tiles, name="Strongest patch of each filter", text=text)
    show_feature_maps(
        data | {"chosen": chosen}, key=_GRID, on_opened_change=lambda: take_opened(_GRID)
    )


def _detail(found: Exciting, sight: Sight, chosen: int) -> None:
    """Draw all patches that are kept of a filter; a click takes one's image."""
    st.markdown(f"**Filter {chosen}**")
    st.caption(excited_text(found, chosen))
    if not found.active[chosen]:
        return
    labels = cache.data_set().labels
    places = [(chosen, rank) for rank in range(TOP) if found.value[chosen, rank] > 0]
    tiles = []
    for _, rank in places:
        image = int(found.image[chosen, rank])
        name, value = CLASS_NAMES[labels[image]], _value_text(found, chosen, rank)
        tiles.append(
            {
                "channel": image,
                "lines": [name, value],
                "label": f"Image {image:,}, {name}: {value}. Look at this image",
            }
        )
    data = _grid_data(
        _cut(found, sight, places),
        tiles,
        name=f"What excites filter {chosen} most",
        text="choose one to look at its image",
    )
    show_feature_maps(
        data | {"chosen": choice.current().image},
        key=_BEST,
        on_opened_change=lambda: _take_image(found.image[chosen].tolist()),
    )
    side = f"{sight.one}×{sight.one} pixels" if sight.one < 28 else "the whole image"
    st.caption(
        f"{count(len(places), 'image')} with the largest values, each by its largest one; a value "
        f"of this layer sees {side}."
    )


def _cut(found: Exciting, sight: Sight, places: list[tuple[int, int]]) -> np.ndarray:
    """Cut out patches, each by its filter and its rank; uint8 (N, side, side)."""
    images = cache.data_set().images
    return np.stack(
        [
            patch(
                images[found.image[place]],
                sight,
                int(found.row[place]),
                int(found.column[place]),
            )
            for place in places
        ]
    )


def _value_text(found: Exciting, filter_: int, rank: int) -> str:
    value = float(found.value[filter_, rank])
    return significant(value) if value > 0 else "dead"


def _grid_data(
    cut: np.ndarray, tiles: list[dict[str, Any]], *, name: str, text: str
) -> dict[str, Any]:
    return {
        "codes": map_data.encoded(cut),
        "height": cut.shape[1],
        "width": cut.shape[2],
        "signed": False,
        "name": name,
        "tiles": tiles,
        "legend": _LEGEND | {"text": text},
    }


def _take_image(offered: list[int]) -> None:
    """Look at the image that the browser asks for, if it is one of those."""
    image = opened(_BEST, "channel", 1 + max(offered, default=0))
    if image in offered:
        choice.change(image=image)
