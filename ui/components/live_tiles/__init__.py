"""Tiles, progress and curves of a live run, which the browser keeps up to date by itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ui.components.own_component import own_component

_HTML = """
<dl class="tiles"></dl>
<div class="bar" role="progressbar" aria-valuemin="0" aria-valuemax="100"><div></div></div>
<p class="text"></p>
<p class="confused"></p>
"""

_component = own_component(
    __file__,
    _HTML,
    css=["live_tiles.css"],
    js=["../elements.js", "live_tiles.js"],
)


def live_tiles(
    data: dict[str, Any], run_id: str, *, key: str, on_changed_change: Callable[[], None]
) -> None:
    """Draw a live run as `ui.live_data.live_data` describes it, then as its feed does.

    The charts that `plotly_live` has drawn under the keys of `data["figures"]` follow too.

    Args:
        data: How it stands now.
        run_id: Whose feed is asked.
        key: Same key, same tiles.
        on_changed_change: Called before the page runs again, as more has changed than is drawn.
    """
    shown = {name: data[name] for name in ("version", "tiles", "progress", "confused")}
    _component(
        key=key,
        data={**shown, "feed": f"/live/{run_id}"},
        default={"changed": None},
        on_changed_change=on_changed_change,
    )
