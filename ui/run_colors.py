"""The look of a run: a colour, a dash and a sign, the same in charts and before its name."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from itertools import count

import streamlit as st

from ui import cache

COLORS = 5  # of the theme's chart colours; the sixth, grey, is for what belongs to no run
_DASHES = ("solid", "dash", "dot")
# Plotly's names of markers, and how they are written.
_SIGNS = {"circle": "●", "square": "■", "diamond": "◆", "cross": "✚", "triangle-up": "▲"}
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


def run_styles(run_ids: Collection[str]) -> dict[str, RunStyle]:
    """Return the style of each run.

    The first 5 runs that a session draws differ in colour, the first 15 in colour and dash as well
    as in colour and sign. Runs take the colours in turn, the oldest the first one, where no other
    that was drawn before has it: so most look the same after a reload and in other sessions too,
    and those that were made one after the other differ.
    """
    known: dict[str, int] = st.session_state.setdefault(_KNOWN, {})
    if new := [run_id for run_id in run_ids if run_id not in known]:
        ages = {run_id: age for age, run_id in enumerate(cache.run_store().run_ids())}
        for run_id in new:
            known[run_id] = _free_place(ages.get(run_id, len(known)), set(known.values()))
    return {run_id: _style(known[run_id]) for run_id in run_ids}


def run_sign(run_id: str, theme: str) -> tuple[str, str]:
    """Return the sign of a run and its colour, #rrggbb, on the theme "light" or "dark"."""
    style = run_styles([run_id])[run_id]
    return _SIGNS[style.symbol], _colors(theme)[style.color]


def run_mark(run_id: str) -> str:
    """Return a run's sign in its colour, as markdown that stands before its name."""
    sign, color = run_sign(run_id, "light")  # on dark, `mark_rules` puts another in its place
    return f':color[{sign}]{{foreground="{color}"}}'


def mark_rules() -> str:
    """Return the CSS by which the signs of runs follow the theme, which no server knows in time."""
    return " ".join(
        f'.stMarkdownColoredText[style*="rgb({", ".join(map(str, bytes.fromhex(light[1:])))})"] '
        f"{{ color: light-dark({light}, {dark}) !important; }}"
        for light, dark in zip(_colors("light"), _colors("dark"), strict=True)
    )


def _colors(theme: str) -> list[str]:
    found: list[str] = st.get_option(f"theme.{theme}.chartCategoricalColors")
    return found[:COLORS]


def _free_place(age: int, taken: set[int]) -> int:
    """Return a place among all looks: of the first dash while one is free, the age's own first."""
    turns = (COLORS * dash + (age + step) % COLORS for dash in count() for step in range(COLORS))
    return next(place for place in turns if place not in taken)


def _style(place: int) -> RunStyle:
    color, turn = place % COLORS, place // COLORS
    symbols = list(_SIGNS)
    return RunStyle(color, _DASHES[turn % len(_DASHES)], symbols[(color + turn) % len(symbols)])
