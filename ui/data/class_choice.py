"""Choosing a class on the Data page: one, or one or all."""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st

from fmnist_core.labels import CLASS_NAMES, NUM_CLASSES
from ui.data import choice

_ALL = -1  # a widget cannot show None
_NAMES = {_ALL: "All classes", **dict(enumerate(CLASS_NAMES))}


def choose_class(first: int, *, key: str) -> int:
    """Let the person choose a class; the first one stands there where none is chosen."""
    label = choice.current().label
    return _choose(first if label is None else label, range(NUM_CLASSES), key)


def choose_class_or_all(*, key: str) -> int | None:
    """Let the person choose one class or all, which is None."""
    label = choice.current().label
    _choose(_ALL if label is None else label, _NAMES, key)
    return label


def _choose(label: int, options: Iterable[int], key: str) -> int:
    st.session_state[key] = label
    with st.container(width=220):
        st.selectbox(
            "Class",
            options,
            format_func=_NAMES.get,
            key=key,
            on_change=lambda: _take(st.session_state[key]),
        )
    return label


def _take(label: int) -> None:
    choice.choose_images(label=None if label == _ALL else label)
