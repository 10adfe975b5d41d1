"""What a browser can ask of a network: each edit, and whatever else it may send."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fmnist_core.exceptions import SpecError
from fmnist_core.model import edit, link
from fmnist_core.model.catalogue import CATALOGUE
from fmnist_core.model.repairs import repairs
from fmnist_core.model.shapes import trace
from fmnist_core.specs import ModelSpec
from tests.strategies import json_values, stacks
from ui.stack_actions import apply

NETWORK = ModelSpec()
for _layer_type in ("Conv2D", "MaxPooling2D", "Add", "Flatten", "Dense"):
    NETWORK = edit.add_layer(NETWORK, _layer_type)
DOS = (
    "set",
    "inputs",
    "add",
    "remove",
    "duplicate",
    "move",
    "rename",
    "repair",
    "hint",
    "undo",
    "restore",
)


def names(model: ModelSpec) -> list[str]:
    return [layer.name for layer in model.layers]


def done(do: str, layer: str = "", **more) -> ModelSpec:
    return apply(NETWORK, {"do": do, "layer": layer, **more})


def test_a_setting_is_changed():
    changed = done("set", "conv2d_1", setting="filters", value=7)

    assert changed == edit.change_settings(NETWORK, "conv2d_1", filters=7)


def test_layers_are_added_copied_moved_and_removed_by_name():
    first = "conv2d_1"
    assert names(done("add", type="Dropout", after=first))[:2] == [first, "dropout_1"]
    assert names(done("add", type="Dropout", after=""))[:2] == ["dropout_1", first]
    assert names(done("duplicate", first))[:2] == [first, "conv2d_2"]
    assert names(done("move", first, position=2))[:3] == ["max_pooling2d_1", "add_1", first]
    assert names(done("remove", first))[0] == "max_pooling2d_1"
    assert names(done("rename", first, name="edges"))[0] == "edges"


def test_a_merge_gets_its_inputs():
    assert done("inputs", "add_1", inputs=["conv2d_1"]).layers[2].inputs == ("conv2d_1",)


@pytest.mark.parametrize("do", ("set", "inputs", "remove", "duplicate", "move", "rename"))
def test_an_edit_of_a_layer_that_is_gone_changes_nothing(do):
    more = {"setting": "filters", "value": 7, "inputs": [], "position": 0, "name": "edges"}

    assert done(do, "conv2d_9", **more) == NETWORK
    assert done("add", type="Dropout", after="conv2d_9") == NETWORK


@pytest.mark.parametrize(
    ("action", "said"),
    [
        ({"do": "set", "setting": "filters", "value": 0}, "a whole number from 1 to 2,048"),
        ({"do": "set", "setting": "filters", "value": {"$": []}}, "a whole number from 1 to 2,048"),
        ({"do": "rename", "name": "max_pooling2d_1"}, "different from all others"),
        ({"do": "rename", "name": "A b"}, "small letters, digits or underscores"),
        ({"do": "inputs", "inputs": ["max_pooling2d_1"]}, "must be empty"),
    ],
)
def test_what_is_not_allowed_is_refused_with_what_is(action, said):
    with pytest.raises(SpecError, match=said):
        apply(NETWORK, {"layer": "conv2d_1", **action})


def test_a_repair_is_taken_while_it_is_offered():
    found = trace(NETWORK)  # the Add joins nothing yet
    offered = repairs(NETWORK, found)
    assert found.problem and found.problem.layer == "add_1"
    for repair in offered:
        assert done("repair", "add_1", text=repair.text) == repair.model
    mended = offered[0].model

    assert apply(mended, {"do": "repair", "layer": "add_1", "text": offered[0].text}) == mended
    assert done("repair", "add_1", text="remove everything") == NETWORK
    assert done("repair", "conv2d_1", text=offered[0].text) == NETWORK


def test_the_network_of_a_browser_that_lost_its_server_is_restored():
    assert apply(ModelSpec(), {"do": "restore", "link": link.encode(NETWORK)}) == NETWORK
    with pytest.raises(SpecError, match="link"):
        apply(NETWORK, {"do": "restore", "link": "1.damaged"})


hostile = st.fixed_dictionaries(
    {},
    optional={
        "do": st.sampled_from(DOS) | json_values,
        "layer": st.sampled_from([*names(NETWORK), ""]) | json_values,
        "setting": st.sampled_from(["filters", "units", "model", "name", "self"]) | json_values,
        "value": json_values,
        "inputs": json_values | st.lists(json_values),
        "type": st.sampled_from(list(CATALOGUE)) | json_values,
        "after": st.sampled_from(names(NETWORK)) | json_values,
        "position": st.integers() | json_values,
        "name": json_values,
        "text": json_values,
        "link": json_values,
    },
)


@given(action=hostile | json_values)
def test_whatever_is_sent_gives_a_network_or_a_sentence(action):
    try:
        assert isinstance(apply(NETWORK, action), ModelSpec)
    except SpecError as error:
        assert str(error)


@given(network=stacks(), data=st.data())
def test_every_value_that_a_card_offers_is_taken(network, data):
    layer = data.draw(st.sampled_from(network.layers))
    action = {"do": "move", "layer": layer.name, "position": data.draw(st.integers(-3, 20))}
    moved = apply(network, action)

    assert sorted(names(moved)) == sorted(names(network))
    for setting, value in layer.settings.items():
        same = {"do": "set", "layer": layer.name, "setting": setting, "value": value}
        assert apply(network, same) == network
