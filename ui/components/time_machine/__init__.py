"""A slider over the epochs of a run, and what it moves; the browser does it alone."""

from __future__ import annotations

from typing import Any

from ui.components.own_component import own_component

_component = own_component(
    __file__,
    '<div class="machine"></div>',
    css=["time_machine.css"],
    js=["../elements.js", "../pixels.js", "time_machine.js"],
)


def show_time_machine(data: dict[str, Any], *, key: str) -> None:
    """Draw the view; the slider stays where it is while the data is that of the same epochs.

    Args:
        data: As `ui.inside.time_machine.time_data` makes it.
        key: Same key, same slider.
    """
    _component(key=key, data=data)
