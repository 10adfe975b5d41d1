"""What an own component is given on a page, and what a browser would send from it."""

from __future__ import annotations

import json
from typing import Any

from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.testing.v1 import AppTest


def _element(page: AppTest, name: str) -> Any:
    """The component's message to the browser."""
    found = page.get("bidi_component")
    return next(each.proto for each in found if each.proto.component_name == name)


def is_drawn(page: AppTest, name: str) -> bool:
    """It stands on the page."""
    return any(each.proto.component_name == name for each in page.get("bidi_component"))


def data_of(page: AppTest, name: str) -> dict[str, Any]:
    """The data that the component is given."""
    return json.loads(_element(page, name).json)


def every_data_of(page: AppTest, name: str) -> list[dict[str, Any]]:
    """The data that each of the components of this name is given."""
    found = [each.proto for each in page.get("bidi_component")]
    return [json.loads(each.json) for each in found if each.component_name == name]


def send_to(page: AppTest, name: str, value: Any) -> AppTest:
    """Let the page run again with this as the component's value; AppTest itself cannot set it."""
    states = page._tree.get_widget_states()
    states.widgets.append(WidgetState(id=_element(page, name).id, json_value=json.dumps(value)))
    page._run(states)
    assert not page.exception
    return page
