"""What was done to a picture, as a strip of small ones with what the network makes of each."""

from __future__ import annotations

from typing import Any

from ui.components.own_component import own_component

_component = own_component(
    __file__,
    '<ol class="strip" tabindex="0"></ol>',
    css=["strip.css"],
    js=["../elements.js", "strip.js"],
)


def step_strip(data: dict[str, Any], *, key: str) -> None:
    """Draw the strip, as `ui.classify.steps.strip_data` describes it."""
    _component(key=key, data=data)
