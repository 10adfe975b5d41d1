"""One map large over the image, with what each of its values sees of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import streamlit as st

_FOLDER = Path(__file__).parent
_SHARED = _FOLDER.parent
_SCRIPTS = (_SHARED / "elements.js", _SHARED / "pixels.js", _FOLDER / "detail.js")
_HTML = """
<div class="detail">
  <h3></h3>
  <canvas tabindex="0" role="application" width="336" height="336"></canvas>
  <label>Map over image
    <input type="range" min="0" max="100" value="65" aria-label="Opacity of the map, in percent">
  </label>
  <p class="readout" aria-live="polite"></p>
  <div class="kernel"></div>
</div>
"""

_component = st.components.v2.component(
    "fmnist_map_detail",
    html=_HTML,
    css=(_FOLDER / "detail.css").read_text(encoding="utf-8"),
    js="\n".join(path.read_text(encoding="utf-8") for path in _SCRIPTS),
)


def show_map_detail(data: dict[str, Any], *, key: str) -> None:
    """Draw a map, or bring the one that stands there up to date.

    Args:
        data: As `ui.inside.map_detail.detail_data` makes it.
        key: Same key, same drawing: opacity and chosen place stay.
    """
    _component(key=key, data=data)
