"""A map of images as coloured points; some are chosen by drawing around them, or by keys."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ui.components.own_component import own_component

_HTML = """
<div class="map">
  <div class="sheet">
    <canvas class="points" aria-hidden="true"></canvas>
    <canvas class="over" tabindex="0" role="application"></canvas>
    <img class="near" alt="" hidden>
  </div>
  <div class="side">
    <div class="legend" role="group" aria-label="Show or hide"></div>
    <div class="acts">
      <button type="button" data-act="zoom">Zoom to the chosen</button>
      <button type="button" data-act="whole">Whole map</button>
      <button type="button" data-act="clear">Choose none</button>
      <button type="button" data-act="svg" aria-label="Download as SVG">SVG</button>
      <button type="button" data-act="png" aria-label="Download as PNG">PNG</button>
    </div>
  </div>
  <p class="readout" aria-live="polite"></p>
</div>
"""

_component = own_component(
    __file__,
    _HTML,
    css=["map.css"],
    js=["../elements.js", "../pixels.js", "points.js", "map.js"],
)


def show_point_map(data: dict[str, Any], *, key: str, on_picked_change: Callable[[], None]) -> None:
    """Draw a map, or bring the one that stands there up to date.

    Own drawing, as Plotly's only kind of chart for ten thousand points makes code as it runs, which
    the pages' security policy forbids.

    Args:
        data: As `ui.inside.embedding_data.map_data` makes it.
        key: Where what was chosen lies in the session state, under "picked": {"images": a list of
            their indices}. It is not to be trusted.
        on_picked_change: Called before the page runs again with other images chosen.
    """
    _component(key=key, data=data, default={"picked": None}, on_picked_change=on_picked_change)
