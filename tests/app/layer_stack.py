"""What the layer stack is given on a page, and edits sent to it as a browser would."""

from __future__ import annotations

import json
from itertools import count
from typing import Any

from streamlit.proto.WidgetStates_pb2 import WidgetState, WidgetStates
from streamlit.testing.v1 import AppTest

_numbers = count(1)


def _element(page: AppTest) -> Any:
    """The component's message to the browser."""
    found = page.get("bidi_component")
    return next(each.proto for each in found if each.proto.component_name == "fmnist_layer_stack")


def stack(page: AppTest) -> dict[str, Any]:
    """The data of the component."""
    return json.loads(_element(page).json)


def card(page: AppTest, layer: str) -> dict[str, Any]:
    """The data of one card."""
    return next(each for each in stack(page)["layers"] if each["name"] == layer)


def message(page: AppTest, *actions: dict[str, Any], mount: str = "test") -> dict[str, Any]:
    """Edits as the browser's list holds them, numbered on from the last."""
    numbered = [{"n": next(_numbers), **action} for action in actions]
    return {"server": stack(page)["server"], "mount": mount, "actions": numbered}


def send(page: AppTest, value: Any) -> AppTest:
    """Let the page run again with this as the component's value; AppTest itself cannot set it."""
    state = WidgetState(id=_element(page).id, json_value=json.dumps({"actions": value}))
    page._run(WidgetStates(widgets=[state]))
    assert not page.exception
    return page


def act(page: AppTest, do: str, layer: str = "", **more: Any) -> AppTest:
    """Do one edit on the stack."""
    return send(page, message(page, {"do": do, "layer": layer, **more}))
