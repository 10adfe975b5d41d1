"""What was done to a picture, as a strip of small ones with what the network makes of each."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import streamlit as st

_FOLDER = Path(__file__).parent
_SCRIPTS = (_FOLDER.parent / "elements.js", _FOLDER / "strip.js")

_component = st.components.v2.component(
    "fmnist_step_strip",
    html='<ol class="strip" tabindex="0"></ol>',
    css=(_FOLDER / "strip.css").read_text(encoding="utf-8"),
    js="\n".join(path.read_text(encoding="utf-8") for path in _SCRIPTS),
)


def step_strip(data: dict[str, Any], *, key: str) -> None:
    """Draw the strip, as `ui.classify.steps.strip_data` describes it."""
    _component(key=key, data=data)
