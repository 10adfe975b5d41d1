"""A matrix of true against predicted classes, in which a cell, a row or a column is chosen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fmnist_core.figures.scale import scale_css
from ui.components.own_component import own_component

_component = own_component(
    __file__,
    '<div class="matrix"></div>',
    css=["matrix.css"],
    js=["../elements.js", "matrix.js"],
    style=scale_css(),
)


def show_confusion_matrix(
    data: dict[str, Any], *, key: str, on_chosen_change: Callable[[], None]
) -> None:
    """Draw the matrix, or bring the one that stands there up to date.

    Args:
        data: As `fmnist_core.figures.matrix.matrix_data` makes it.
        key: Where the browser's choice lies in the session state, under "chosen": {"true": class
            or null, "predicted": class or null}. It is not to be trusted.
        on_chosen_change: Called before the page runs again with another choice.
    """
    _component(key=key, data=data, default={"chosen": None}, on_chosen_change=on_chosen_change)
