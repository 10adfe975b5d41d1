"""One image in detail: its numbers, how typical it is, and its twins in the other file."""

from __future__ import annotations

from typing import Any

import numpy as np
import streamlit as st

from fmnist_core.data.parts import file_of
from fmnist_core.export.data_table import pixels_csv
from fmnist_core.export.png import enlarged, png
from fmnist_core.figures.pixel_numbers import numbers_svg
from fmnist_core.labels import CLASS_NAMES
from fmnist_core.specs.data import NUM_TRAIN_FILE
from ui import cache, tagging
from ui.components.image_card import show_image_card
from ui.components.pixel_matrix import show_pixel_matrix
from ui.data import choice, facts
from ui.data.gallery import PAGE_SIZE, gallery, take_opened
from ui.format import percent
from ui.inside.map_data import encoded

CARD = "data-image"
TWINS = 5  # nearest images of the other file
PNG_TIMES = 20  # a picture of 560 pixels


def detail(image: int, among: np.ndarray) -> None:
    """Draw an image.

    Args:
        image: Its index.
        among: The images among which one goes on, ascending.
    """
    data = cache.data_set()
    drawn = card_data(image, among)
    drawn["tags"] = tagging.tag_data(np.array([image]), CARD)
    show_image_card(
        drawn,
        key=CARD,
        on_opened_change=lambda: take_opened(CARD, lambda each: _open(each, among)),
        on_tagged_change=lambda: _take_tagged(image),
    )
    pixels = data.images[image]
    label = f"Image {image:,}, {CLASS_NAMES[data.labels[image]]}"
    show_pixel_matrix({"pixels": encoded(pixels), "label": label}, key="data-pixels")
    _downloads(image, pixels)
    _twins(image)


def card_data(image: int, among: np.ndarray) -> dict[str, Any]:
    """Describe an image in JSON, for the card, but for its tags.

    Args:
        image: Its index.
        among: The images among which one goes on, in their order; int (N,).
    """
    label = int(cache.data_set().labels[image])
    places = np.flatnonzero(among == image)
    inside = len(places) > 0
    place = int(places[0]) if inside else int(np.searchsorted(among, image))

    def index_at(position: int) -> int | None:
        return int(among[position]) if 0 <= position < len(among) else None

    return {
        "image": image,
        "title": f"Image {image:,}: {CLASS_NAMES[label]}",
        "place": f"{place + 1:,} of {len(among):,}" if inside else "not among those shown",
        "previous": index_at(place - 1),
        "next": index_at(place + 1 if inside else place),
        "verdict": [{"text": _typical(image, label), "kind": "plain"}],
        "bars": [],
        "facts": _facts(image),
    }


def _typical(image: int, label: int) -> str:
    """Say how near the image is to the mean of its class, against the others of its file."""
    found = facts.typical()
    share = float(found.share[image])
    file = "training" if image < NUM_TRAIN_FILE else "test"
    return (
        f"Nearer to the mean {CLASS_NAMES[label]} than {percent(_below(share), 0)} of those in "
        f"the {file} file: {_word(share)}."
    )


def _below(share: float) -> float:
    """Bring "as far or farther" to what reads well, never more than 99.9 %."""
    return min(share, 0.999)


def _word(share: float) -> str:
    if share > 0.9:
        return "very typical"
    if share > 0.25:
        return "ordinary"
    return "unusual" if share > 0.02 else "very unusual"


def _facts(image: int) -> str:
    pixels = cache.data_set().images[image]
    black = float(np.mean(pixels == 0))
    return (
        f"{file_of(image).capitalize()}. Pixels from {pixels.min()} to {pixels.max()}, mean "
        f"{pixels.mean() / 255:.3f} on the scale of 0 to 1; {percent(black, 0)} of them are 0."
    )


def _open(image: int, among: np.ndarray) -> None:
    """Show an image, and turn to its page, where it is among these."""
    place = int(np.searchsorted(among, image))
    choice.change(image=image, page=1 + place // PAGE_SIZE)


def _take_tagged(image: int) -> None:
    """Take tags, and keep the image in view that may no longer be the first of its page."""
    tagging.take_tagged(CARD)
    choice.change(image=image)


def _downloads(image: int, pixels: np.ndarray) -> None:
    with st.container(horizontal=True):
        st.download_button(
            "CSV",
            lambda: pixels_csv(pixels),
            file_name=f"fashion-mnist-{image}.csv",
            mime="text/csv",
            key="data-pixels-csv",
            icon=":material/download:",
            on_click="ignore",
            help="28 rows of 28 numbers.",
        )
        st.download_button(
            "SVG",
            lambda: numbers_svg(pixels, f"Fashion-MNIST, image {image}"),
            file_name=f"fashion-mnist-{image}.svg",
            mime="image/svg+xml",
            key="data-pixels-svg",
            icon=":material/download:",
            on_click="ignore",
            help="The pixels with their numbers.",
        )
        st.download_button(
            "PNG",
            lambda: png(enlarged(pixels, PNG_TIMES)),
            file_name=f"fashion-mnist-{image}.png",
            mime="image/png",
            key="data-pixels-png",
            icon=":material/download:",
            on_click="ignore",
            help="The picture, 560 pixels a side.",
        )


def _twins(image: int) -> None:
    """Draw the most similar images of the file that this one is not in."""
    other = "test" if image < NUM_TRAIN_FILE else "training"
    index, distance = facts.nearest_other(image, TWINS)
    st.markdown(f"**Its twins in the {other} file**", help=_TWINS_HELP)
    gallery(
        index,
        name=f"The nearest images of the {other} file",
        key="data-twins",
        notes=[f"{each:.2f} apart" for each in distance],
    )


_TWINS_HELP = (
    "The images of the other file whose pixels are nearest, all of them looked at. The distance is "
    "Euclidean, of 784 pixels in 0 to 1; two of a class are 8.5 apart (median), and below 1.5 "
    "two pictures can hardly be told apart."
)
