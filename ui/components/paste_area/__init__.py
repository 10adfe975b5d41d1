"""A button that takes a picture from the clipboard; so do Ctrl+V and ⌘V while it has the focus."""

from __future__ import annotations

from collections.abc import Callable

from ui.components.own_component import own_component

_component = own_component(
    __file__,
    '<div class="paste"></div>',
    css=["../button.css", "paste.css"],
    js=["../elements.js", "paste.js"],
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
