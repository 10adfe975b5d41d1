"""A matrix of true against predicted classes, in which a cell, a row or a column is chosen."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import streamlit as st

from fmnist_core.figures.scale import scale_css

_FOLDER = Path(__file__).parent
_SCRIPTS = (_FOLDER.parent / "elements.js", _FOLDER / "matrix.js")

_component = st.components.v2.component(
    "fmnist_confusion_matrix",
    html='<div class="matrix"></div>',
    css=(_FOLDER / "matrix.css").read_text(encoding="utf-8") + scale_css(),
    js="\n".join(path.read_text(encoding="utf-8") for path in _SCRIPTS),
)


def show_confusion_matrix(
    data: dict[str, Any], *, key: str, on_chosen_change: Callable[[], None]
) -> None:
    """Draw the matrix, or bring the one that stands there up to date.

    Args:
        data: As `fmnist_core.figures.matrix.matrix_data` makes it.
        key: Where the browser's choice lies in the session state, under "chosen": {"true": class
            or null, "predicted": class or null}. It is not to be trusted.
        on_chosen_change: Called before the page runs again with another choice.
    """
    _component(key=key, data=data, default={"chosen": None}, on_chosen_change=on_chosen_change)
