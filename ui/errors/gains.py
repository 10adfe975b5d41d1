"""What a second run gains on each class and on each way to mistake it, as tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st
from streamlit import column_config as columns

from fmnist_core.analysis.comparison import ClassGain, p_text
from fmnist_core.labels import CLASS_NAMES
from ui.format import points

_COLUMNS: dict[str, Any] = {
    "name": columns.TextColumn("Class"),
    "images": columns.NumberColumn("Images", help="Of the true class.", width=70),
    "fixed": columns.NumberColumn("Fixed", width=70),
    "broken": columns.NumberColumn("Broken", width=70),
    "gain": columns.TextColumn("Gain, points", help="(fixed − broken) of its images", width=90),
    "interval": columns.TextColumn("95 % interval", width=110),
    "p": columns.TextColumn(
        "After Holm", help="McNemar's exact p, corrected for how many lines there are.", width=90
    ),
    "verdict": columns.TextColumn("Verdict", width=105),
}


def gains_table(gains: Sequence[ClassGain], *, name: str, alt: str) -> None:
    """Draw gains in the order given, their names under the heading `name`."""
    st.dataframe(
        pd.DataFrame([_row(each) for each in gains], columns=list(_COLUMNS)),
        hide_index=True,
        column_config=_COLUMNS | {"name": columns.TextColumn(name)},
        height="content",
        alt=alt,
    )


def _row(found: ClassGain) -> dict[str, Any]:
    gain = found.gain
    low, high = gain.interval
    return {
        "name": _name(found),
        "images": gain.images,
        "fixed": gain.fixed,
        "broken": gain.broken,
        "gain": points(gain.gain),
        "interval": f"{points(low)} to {points(high)}",
        "p": p_text(found.adjusted_p),
        "verdict": "likely real" if found.likely_real else "may be chance",
    }


def _name(found: ClassGain) -> str:
    true = CLASS_NAMES[found.true]
    return true if found.predicted is None else f"{true} → {CLASS_NAMES[found.predicted]}"
