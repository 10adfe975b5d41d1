"""What is chosen on the Errors page; kept in the session, and in the address of the page.

Whatever a browser or a link sends is checked here; what does not exist is dropped with a sentence.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import streamlit as st

from fmnist_core.analysis.fault_rules import KINDS
from fmnist_core.analysis.predictions import PARTS
from fmnist_core.labels import NUM_CLASSES
from fmnist_core.runs.ids import RUN_ID
from fmnist_core.specs.data import NUM_IMAGES
from ui.components.address_bar import address_bar
from ui.format import escape

VIEWS = {
    "mistakes": "Mistakes",
    "faults": "Whose fault",
    "classes": "Classes",
    "calibration": "Calibration",
    "two": "Two runs",
    "pair": "A pair",
}
_KEY, _REFUSED = "errors-selection", "errors-refused"


@dataclass(frozen=True, kw_only=True)
class Selection:
    """What the Errors page looks at.

    Attributes:
        view: A key of `VIEWS`.
        part: One of `PARTS`.
        true, predicted: Classes, 0 to 9; None for any.
        image: Index into the 70,000 pooled images; None for the first of the gallery.
        kind: A key of `KINDS`, which says whose fault the mistakes are that are shown.
        other: Id of the run that is compared with the chosen one, which may not exist; "" for none.
    """

    view: str = "mistakes"
    part: str = "validation"
    true: int | None = None
    predicted: int | None = None
    image: int | None = None
    kind: str = next(iter(KINDS))
    other: str = ""


def current() -> Selection:
    """Return what this session has chosen."""
    return st.session_state.get(_KEY, Selection())


def change(**changes: Any) -> None:
    """Choose something else; the values must be ones that `Selection` allows."""
    st.session_state[_KEY] = dataclasses.replace(current(), **changes)
    st.session_state.pop(_REFUSED, None)


def choose_classes(true: int | None, predicted: int | None) -> None:
    """Choose a cell, a row (any prediction), a column (any true class) or, by two None, all."""
    change(true=true, predicted=predicted, image=None)


def adopt(params: Mapping[str, str]) -> None:
    """Take over what an address says; what it says wrongly is left out, and `refused` tells."""
    values: dict[str, Any] = {}
    refused = []
    for name, read in _READERS.items():
        text = params.get(_IN_ADDRESS.get(name, name), "")
        if (value := read(text)) is not None:
            values[name] = value
        elif text:
            refused.append(f'{_IN_ADDRESS.get(name, name)} "{text[:40]}"')
    st.session_state[_KEY] = Selection(**values)
    st.session_state[_REFUSED] = refused


def refused() -> str:
    """Say what the address asked for in vain, until the next choice; "" where it was all right."""
    wrong = st.session_state.get(_REFUSED)
    if not wrong:
        return ""
    return (
        f"The link asks for {escape(' and '.join(wrong))}, which does not exist, so that was left "
        "out. Classes go from 0 to 9, images from 0 to 69999, parts are validation and test."
    )


def mirror(filters: Mapping[str, str] = MappingProxyType({})) -> None:
    """Bring the page's address up to date; what is as it is at first is left out.

    Args:
        filters: Of a view, as they stand in the address.
    """
    first = Selection()
    params = {
        _IN_ADDRESS.get(name, name): "" if value == getattr(first, name) else str(value)
        for name, value in dataclasses.asdict(current()).items()
    }
    address_bar({**params, **filters}, page="errors-selection")


def index_within(value: object, stop: int) -> int | None:
    """Return a whole number that came from a browser if it is in 0 to `stop` - 1, else None."""
    whole = isinstance(value, int) and not isinstance(value, bool)
    return value if whole and 0 <= value < stop else None


def _number(stop: int) -> Callable[[str], int | None]:
    """Return what reads "0" to `stop` - 1, and None from anything else."""

    def read(text: str) -> int | None:
        digits = text.isascii() and text.isdigit() and len(text) <= len(str(stop))
        return index_within(int(text), stop) if digits else None

    return read


def _one_of(known: Collection[str]) -> Callable[[str], str | None]:
    return lambda text: text if text in known else None


_IN_ADDRESS = {"other": "with"}  # where a choice has another name there
_READERS: Mapping[str, Callable[[str], Any]] = {
    "view": _one_of(VIEWS),
    "part": _one_of(PARTS),
    "true": _number(NUM_CLASSES),
    "predicted": _number(NUM_CLASSES),
    "image": _number(NUM_IMAGES),
    "kind": _one_of(KINDS),
    "other": lambda text: text if RUN_ID.fullmatch(text) else None,
}
