"""The 784 numbers of an image, each on its colour; the keyboard and the pointer read them out."""

from __future__ import annotations

from typing import Any

from ui.components.own_component import own_component

_HTML = """
<div class="matrix">
  <div class="sheet" tabindex="0" role="application"><canvas></canvas></div>
  <p class="readout" aria-live="polite"></p>
</div>
"""

_component = own_component(
    __file__,
    _HTML,
    css=["matrix.css"],
    js=["../elements.js", "../pixels.js", "matrix.js"],
)


def show_pixel_matrix(data: dict[str, Any], *, key: str) -> None:
    """Draw an image as numbers, or bring the one that stands there up to date.

    Args:
        data: "pixels", uint8 (28, 28) row by row in base64; and "label", what the image is.
        key: Same key, same drawing: the chosen pixel stays.
    """
    _component(key=key, data=data)
