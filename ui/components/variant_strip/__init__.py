"""A picture between its shifted, turned and mirrored copies, with what each is taken for."""

from __future__ import annotations

from typing import Any

from ui.components.own_component import own_component

_component = own_component(
    __file__,
    '<div class="variants"></div>',
    css=["strip.css"],
    js=["../elements.js", "strip.js"],
)


def show_variant_strip(data: dict[str, Any], *, key: str) -> None:
    """Draw the strips, or bring those that stand there up to date.

    Args:
        data: As `ui.classify.strips.strip_data` makes it.
        key: Same key, same place.
    """
    _component(key=key, data=data)
