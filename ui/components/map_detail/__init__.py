"""One map large over the image, with what each of its values sees of it."""

from __future__ import annotations

from typing import Any

from ui.components.own_component import own_component

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

_component = own_component(
    __file__,
    _HTML,
    css=["detail.css"],
    js=["../elements.js", "../pixels.js", "detail.js"],
)


def show_map_detail(data: dict[str, Any], *, key: str) -> None:
    """Draw a map, or bring the one that stands there up to date.

    Args:
        data: As `ui.inside.map_detail.detail_data` makes it.
        key: Same key, same drawing: opacity and chosen place stay.
    """
    _component(key=key, data=data)
