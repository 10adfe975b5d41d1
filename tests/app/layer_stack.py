"""What the layer stack is given on a page, and edits sent to it as a browser would."""

from __future__ import annotations

from itertools import count
from typing import Any

from streamlit.testing.v1 import AppTest

from tests.app.component import data_of, send_to

_NAME = "fmnist_layer_stack"
_numbers = count(1)


def stack(page: AppTest) -> dict[str, Any]:
    """The data of the component."""
    return data_of(page, _NAME)


def card(page: AppTest, layer: str) -> dict[str, Any]:
    """The data of one card."""
    return next(each for each in stack(page)["layers"] if each["name"] == layer)


def message(page: AppTest, *actions: dict[str, Any], mount: str = "test") -> dict[str, Any]:
    """Edits as the browser's list holds them, numbered on from the last."""
    numbered = [{"n": next(_numbers), **action} for action in actions]
    return {"server": stack(page)["server"], "mount": mount, "actions": numbered}


def send(page: AppTest, value: Any) -> AppTest:
    """Let the page run again with this as the list of the browser."""
    return send_to(page, _NAME, {"actions": value})


def act(page: AppTest, do: str, layer: str = "", **more: Any) -> AppTest:
    """Do one edit on the stack."""
    return send(page, message(page, {"do": do, "layer": layer, **more}))
