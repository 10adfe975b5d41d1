"""The look of a run in charts: a colour, a dash and a sign, the same on every page of a session."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import streamlit as st

COLORS = 5  # of the theme's chart colours; the sixth, grey, is for what belongs to no run
_DASHES = ("solid", "dash", "dot")
_SYMBOLS = ("circle", "square", "diamond", "cross", "triangle-up")
_KNOWN = "run-colors"


@dataclass(frozen=True)
class RunStyle:
    """How a run is drawn; whoever does not see its colour tells it by its sign and dash.

    Attributes:
        color: Place among the theme's chart colours, 0 to `COLORS` - 1.
        dash, symbol: Plotly's names of a line's dash and of a marker's sign.
    """

    color: int
    dash: str
    symbol: str


def run_styles(run_ids: Iterable[str]) -> dict[str, RunStyle]:
    """Return the style of each run; the first 15 runs that a session draws all differ."""
    known: dict[str, int] = st.session_state.setdefault(_KNOWN, {})
    found = {}
    for run_id in run_ids:
        place = known.setdefault(run_id, len(known))
        dash = _DASHES[place // COLORS % len(_DASHES)]
        found[run_id] = RunStyle(place % COLORS, dash, _SYMBOLS[place % COLORS])
    return found
