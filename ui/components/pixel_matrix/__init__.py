"""The 784 numbers of an image, each on its colour; the keyboard and the pointer read them out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import streamlit as st

_FOLDER = Path(__file__).parent
_SHARED = _FOLDER.parent
_SCRIPTS = (_SHARED / "elements.js", _SHARED / "pixels.js", _FOLDER / "matrix.js")
_HTML = """
<div class="matrix">
  <div class="sheet" tabindex="0" role="application"><canvas></canvas></div>
  <p class="readout" aria-live="polite"></p>
</div>
"""

_component = st.components.v2.component(
    "fmnist_pixel_matrix",
    html=_HTML,
    css=(_FOLDER / "matrix.css").read_text(encoding="utf-8"),
    js="\n".join(path.read_text(encoding="utf-8") for path in _SCRIPTS),
)


def show_pixel_matrix(data: dict[str, Any], *, key: str) -> None:
    """Draw an image as numbers, or bring the one that stands there up to date.

    Args:
        data: "pixels", uint8 (28, 28) row by row in base64; and "label", what the image is.
        key: Same key, same drawing: the chosen pixel stays.
    """
    _component(key=key, data=data)
