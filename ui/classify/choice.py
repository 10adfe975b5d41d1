"""What is chosen on the Classify page; kept in the session, and in the address of the page."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import streamlit as st

from ui.components.address_bar import address_bar

# The first ones are shown first.
SOURCES = {
    "draw": "Draw",
    "upload": "Upload",
    "camera": "Camera",
    "samples": "Samples",
    "challenge": "Challenge set",
}
VIEWS = {
    "steps": "Step by step",
    "stability": "Shifts and turns",
    "nearest": "Nearest images",
    "cam": "Where it looks",
    "runs": "Other runs",
    "keep": "Keep it",
}
_KEY = "classify-choice"


@dataclass(frozen=True, kw_only=True)
class Choice:
    """Where the picture comes from, and what is shown of it.

    Attributes:
        source: A key of `SOURCES`.
        sample: Name of a sample, which need not exist; "" for the first one.
        view: A key of `VIEWS`.
    """

    source: str = next(iter(SOURCES))
    sample: str = ""
    view: str = next(iter(VIEWS))


def current() -> Choice:
    """Return what this session has chosen."""
    return st.session_state.get(_KEY, Choice())


def change(**changes: Any) -> None:
    """Choose something else; the values must be ones that `Choice` allows."""
    st.session_state[_KEY] = dataclasses.replace(current(), **changes)


def adopt(params: Mapping[str, str]) -> None:
    """Take over what an address says; what it says wrongly is left out."""
    source, view = params.get("source", ""), params.get("show", "")
    st.session_state[_KEY] = Choice(
        source=source if source in SOURCES else Choice.source,
        sample=params.get("sample", "")[:40],
        view=view if view in VIEWS else Choice.view,
    )


def mirror() -> None:
    """Bring the page's address up to date; what is as it is at first is left out."""
    chosen = current()
    params = {
        "source": "" if chosen.source == Choice.source else chosen.source,
        "sample": chosen.sample if chosen.source == "samples" else "",
        "show": "" if chosen.view == Choice.view else chosen.view,
    }
    address_bar(params, page="classify-choice")


def choose_source() -> str:
    """Let the person choose where the picture comes from."""
    return _segments("Where the picture comes from", SOURCES, "source")


def choose_view() -> str:
    """Let the person choose what is shown of it; only that is computed."""
    return _segments("What is shown", VIEWS, "view")


def _segments(label: str, options: Mapping[str, str], field: str) -> str:
    key = f"classify-{field}"
    st.session_state[key] = getattr(current(), field)
    st.segmented_control(
        label,
        options,
        format_func=options.get,
        required=True,
        key=key,
        on_change=lambda: change(**{field: st.session_state[key]}),
        label_visibility="collapsed",
        wrap=True,  # beside a button too, where else a phone would cut it off
    )
    chosen: str = getattr(current(), field)
    return chosen
