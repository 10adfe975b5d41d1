"""A button that takes a picture from the clipboard; so do Ctrl+V and ⌘V while it has the focus."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import streamlit as st

_FOLDER = Path(__file__).parent
_SCRIPTS = (_FOLDER.parent / "elements.js", _FOLDER / "paste.js")

_component = st.components.v2.component(
    "fmnist_paste_area",
    html='<div class="paste"></div>',
    css=(_FOLDER / "paste.css").read_text(encoding="utf-8"),
    js="\n".join(path.read_text(encoding="utf-8") for path in _SCRIPTS),
)


def paste_area(label: str, *, key: str, on_pasted_change: Callable[[], None]) -> None:
    """Draw the button.

    Args:
        label: What stands on it.
        key: Where a picture that was pasted lies in the session state, under "pasted", in the run
            that follows: a data URL of a PNG as far as the browser can be trusted.
        on_pasted_change: Called before the page runs again with a picture.
    """
    _component(key=key, data={"label": label}, on_pasted_change=on_pasted_change)
