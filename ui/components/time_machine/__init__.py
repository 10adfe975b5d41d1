"""A slider over the epochs of a run, and what it moves; the browser does it alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import streamlit as st

_FOLDER = Path(__file__).parent
_SHARED = _FOLDER.parent
_SCRIPTS = (_SHARED / "elements.js", _SHARED / "pixels.js", _FOLDER / "time_machine.js")

_component = st.components.v2.component(
    "fmnist_time_machine",
    html='<div class="machine"></div>',
    css=(_FOLDER / "time_machine.css").read_text(encoding="utf-8"),
    js="\n".join(path.read_text(encoding="utf-8") for path in _SCRIPTS),
)


def show_time_machine(data: dict[str, Any], *, key: str) -> None:
    """Draw the view; the slider stays where it is while the data is that of the same epochs.

    Args:
        data: As `ui.inside.time_machine.time_data` makes it.
        key: Same key, same slider.
    """
    _component(key=key, data=data)
