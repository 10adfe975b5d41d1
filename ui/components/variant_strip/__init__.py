"""A picture between its shifted, turned and mirrored copies, with what each is taken for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import streamlit as st

_FOLDER = Path(__file__).parent
_SCRIPTS = (_FOLDER.parent / "elements.js", _FOLDER / "strip.js")

_component = st.components.v2.component(
    "fmnist_variant_strip",
    html='<div class="variants"></div>',
    css=(_FOLDER / "strip.css").read_text(encoding="utf-8"),
    js="\n".join(path.read_text(encoding="utf-8") for path in _SCRIPTS),
)


def show_variant_strip(data: dict[str, Any], *, key: str) -> None:
    """Draw the strips, or bring those that stand there up to date.

    Args:
        data: As `ui.classify.strips.strip_data` makes it.
        key: Same key, same place.
    """
    _component(key=key, data=data)
