"""Reads what a browser or a link sends: the value, or None from what is none."""

from __future__ import annotations

from collections.abc import Callable, Collection


def index_within(value: object, stop: int) -> int | None:
    """Return a whole number that came from a browser if it is in 0 to `stop` - 1, else None."""
    whole = isinstance(value, int) and not isinstance(value, bool)
    return value if whole and 0 <= value < stop else None


def number_below(stop: int) -> Callable[[str], int | None]:
    """Return what reads "0" to `stop` - 1."""

    def read(text: str) -> int | None:
        digits = text.isascii() and text.isdigit() and len(text) <= len(str(stop))
        return index_within(int(text), stop) if digits else None

    return read


def one_of(known: Collection[str]) -> Callable[[str], str | None]:
    """Return what reads one of these words."""
    return lambda text: text if text in known else None
