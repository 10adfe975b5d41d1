"""What is chosen on the Data page; kept in the session, and in the address of the page."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

import streamlit as st

from fmnist_core.data.parts import PARTS
from fmnist_core.labels import NUM_CLASSES
from fmnist_core.specs.data import NUM_IMAGES
from ui.components.address_bar import address_bar

# The first one is shown first.
VIEWS = {
    "images": "Images",
    "statistics": "Statistics",
    "map": "Map",
    "setup": "Set-up",
    "augmentation": "Augmentation",
    "suspects": "Label suspects",
    "votes": "Human votes",
}
FIGURES = {
    "counts": "Class counts",
    "pixels": "Pixels",
    "means": "Mean images",
    "difference": "Difference",
    "typical": "Typical or unusual",
    "facing": "Where shoes point",
    "twins": "Twins across files",
}
_KEY = "data-choice"


@dataclass(frozen=True, kw_only=True)
class Choice:
    """What the Data page looks at.

    Attributes:
        view: A key of `VIEWS`.
        part: A key of `PARTS`.
        label: A class, 0 to 9; None for all.
        page: Number of the page of images, from 1; there may be fewer.
        image: Index into the 70,000 pooled images; None for the first one that is shown.
        pair: Two classes that are compared.
        figure: A key of `FIGURES`, in the view of statistics.
    """

    view: str = next(iter(VIEWS))
    part: str = next(iter(PARTS))
    label: int | None = None
    page: int = 1
    image: int | None = None
    pair: tuple[int, int] = (2, 4)
    figure: str = next(iter(FIGURES))


def current() -> Choice:
    """Return what this session has chosen."""
    return st.session_state.get(_KEY, Choice())


def change(**changes: Any) -> None:
    """Choose something else; the values must be ones that `Choice` allows."""
    st.session_state[_KEY] = dataclasses.replace(current(), **changes)


def choose_images(*, part: str | None = None, label: int | None = None) -> None:
    """Show these images from their first page on; a part of None stays as it is."""
    change(part=part or current().part, label=label, page=1, image=None)


def adopt(params: Mapping[str, str]) -> None:
    """Take over what an address says; what it says wrongly is left out."""
    found = {name: read(params.get(_IN_ADDRESS[name], "")) for name, read in _READERS.items()}
    known = {name: value for name, value in found.items() if value is not None}
    st.session_state[_KEY] = Choice(**known)


def mirror() -> None:
    """Bring the page's address up to date; what is as it is at first is left out."""
    first, chosen = Choice(), current()
    params = {
        word: "" if getattr(chosen, name) == getattr(first, name) else _text(getattr(chosen, name))
        for name, word in _IN_ADDRESS.items()
    }
    address_bar(params, page="data-choice")


def choose_view() -> str:
    """Let the person choose a view; only that one computes."""
    key = "data-view"
    st.session_state[key] = current().view
    st.segmented_control(
        "View",
        VIEWS,
        format_func=VIEWS.get,
        required=True,
        key=key,
        on_change=lambda: change(view=st.session_state[key]),
        label_visibility="collapsed",
    )
    return current().view


def _text(value: object) -> str:
    return "-".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _number(start: int, stop: int) -> Callable[[str], int | None]:
    """Return what reads a number from `start` to `stop` - 1, and None from anything else."""

    def read(text: str) -> int | None:
        digits = text.isascii() and text.isdigit() and len(text) <= len(str(stop))
        return int(text) if digits and start <= int(text) < stop else None

    return read


def _one_of(known: Collection[str]) -> Callable[[str], str | None]:
    return lambda text: text if text in known else None


def _pair(text: str) -> tuple[int, int] | None:
    """Read "2-4"; None where it is no two classes that differ."""
    first, _, second = text.partition("-")
    read = _number(0, NUM_CLASSES)
    a, b = read(first), read(second)
    return None if a is None or b is None or a == b else (a, b)


# Other names than those of the Errors and the Inside page, which read the same address.
_IN_ADDRESS = {
    "view": "data",
    "part": "of",
    "label": "class",
    "page": "page",
    "image": "shown",
    "pair": "classes",
    "figure": "figure",
}
_READERS: Mapping[str, Callable[[str], Any]] = {
    "view": _one_of(VIEWS),
    "part": _one_of(PARTS),
    "label": _number(0, NUM_CLASSES),
    "page": _number(1, NUM_IMAGES + 1),
    "image": _number(0, NUM_IMAGES),
    "pair": _pair,
    "figure": _one_of(FIGURES),
}
