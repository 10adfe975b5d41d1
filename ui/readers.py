"""Reads what a browser or a link sends: the value, or None from what is none."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

import streamlit as st


def index_within(value: object, stop: int) -> int | None:
    """Return a whole number that came from a browser if it is in 0 to `stop` - 1, else None."""
    whole = isinstance(value, int) and not isinstance(value, bool)
    return value if whole and 0 <= value < stop else None


def opened(key: str, name: str, stop: int) -> int | None:
    """Return the number that was opened in the component `key`, as `index_within` does.

    Args:
        key: Of a component that tells it under "opened", as {`name`: number}.
        name: What the number is of.
        stop: Above the largest one.
    """
    message = st.session_state[key].get("opened")
    return index_within(message.get(name), stop) if isinstance(message, Mapping) else None


def number_below(stop: int) -> Callable[[str], int | None]:
    """Return what reads "0" to `stop` - 1."""

    def read(text: str) -> int | None:
        digits = text.isascii() and text.isdigit() and len(text) <= len(str(stop))
        return index_within(int(text), stop) if digits else None

    return read


def one_of(known: Collection[str]) -> Callable[[str], str | None]:
    """Return what reads one of these words."""
    return lambda text: text if text in known else None
