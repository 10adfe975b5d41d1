"""The Build page: what its stack shows, and how the edits made in it reach the draft."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings

from fmnist_core.model import edit, link
from fmnist_core.model.presets import load
from fmnist_core.specs import LayerSpec, ModelSpec
from tests.app.layer_stack import act, card, message, send, stack
from tests.app.page_text import texts
from tests.strategies import json_values
from ui.stack import MAX_ACTIONS

SMALL = load("small").experiment.model


def draft_of(page) -> ModelSpec:
    return page.session_state["draft_step"].model


def names(page) -> list[str]:
    return [layer.name for layer in draft_of(page).layers]


def layer_of(page, name: str) -> LayerSpec:
    return draft_of(page).layers[names(page).index(name)]


def test_the_stack_shows_the_draft(open_page):
    # 3·3·1·16 + 16 = 160 parameters; 26·26·144 = 97,344 multiply-adds.
    page = open_page("build")

    assert [each["name"] for each in stack(page)["layers"]] == names(page)
    strip = card(page, "conv2d_1")["strip"]
    assert [strip["shape"], strip["params"], strip["mult_adds"]] == [
        "26×26×16",
        "160 params",
        "97k mult-adds",
    ]


@pytest.mark.parametrize(
    ("layer", "setting", "first", "second"),
    [
        ("conv2d_1", "filters", 8, 9),
        ("conv2d_1", "kernel_size", 5, 3),
        ("conv2d_1", "padding", "same", "valid"),
        ("conv2d_1", "activation", "tanh", "elu"),
        ("conv2d_1", "use_bias", False, True),
        ("max_pooling2d_1", "strides", 1, None),
        ("dense_1", "units", 12, 13),
        ("dense_1", "l2", 0.001, 0.0),
    ],
)
def test_a_setting_follows_two_changes(open_page, layer, setting, first, second):
    page = open_page("build")
    for value in (first, second):
        act(page, "set", layer, setting=setting, value=value)
        assert layer_of(page, layer).settings[setting] == value
        assert card(page, layer)["settings"][setting] == value


def test_layers_are_moved_copied_and_removed_and_it_is_undone_and_redone(open_page):
    page = open_page("build")
    act(page, "move", "conv2d_2", position=1)
    act(page, "duplicate", "conv2d_2")
    act(page, "remove", "max_pooling2d_1")
    act(page, "rename", "conv2d_1", name="edges")
    act(page, "add", type="BatchNormalization", after="edges")
    changed = names(page)
    assert changed[:4] == ["edges", "batch_normalization_1", "conv2d_2", "conv2d_3"]

    for _ in range(5):
        act(page, "undo")
    assert draft_of(page) == SMALL
    act(page, "undo")  # there is nothing more
    assert draft_of(page) == SMALL
    for _ in range(5):
        act(page, "redo")
    assert names(page) == changed


def test_a_broken_network_is_mended_by_the_repair_it_offers(open_page):
    page = act(open_page("build"), "set", "max_pooling2d_2", setting="pool_size", value=12)
    problem = card(page, "max_pooling2d_2")["problem"]

    assert problem["text"] == "A 12×12 window does not fit a 11×11 map."
    assert [each["waits"] for each in stack(page)["layers"]] == [False] * 4 + [True] * 3
    assert page.button(key="train-this").disabled
    act(page, "repair", "max_pooling2d_2", text="remove max_pooling2d_2")
    assert "max_pooling2d_2" not in names(page)
    assert not page.button(key="train-this").disabled


def test_a_merge_joins_the_layers_that_are_chosen(open_page):
    page = act(open_page("build"), "add", type="Concatenate", after="conv2d_1")
    assert "joins nothing yet" in card(page, "concatenate_1")["problem"]["text"]

    act(page, "inputs", "concatenate_1", inputs=["input"])
    text = card(page, "concatenate_1")["problem"]["text"]
    assert "heights and widths must agree: 26×26×16 and 28×28×1" in text
    act(page, "set", "conv2d_1", setting="padding", value="same")
    # 16 channels of the convolution, 1 of the image
    assert card(page, "concatenate_1")["strip"]["shape"] == "28×28×17"
    act(page, "inputs", "concatenate_1", inputs=[])
    assert layer_of(page, "concatenate_1").inputs == ()


def test_a_merge_whose_layer_was_removed_says_what_is_missing(open_page):
    network = edit.add_layer(SMALL, "Add", 2)
    network = edit.change_inputs(network, "add_1", ["conv2d_1"])
    network = edit.remove_layer(network, "conv2d_1")
    page = open_page("build", net=link.encode(network))

    merge = card(page, "add_1")
    assert merge["problem"]["text"] == 'There is no earlier layer called "conv2d_1".'
    assert {"name": "conv2d_1", "note": "is missing", "fits": False, "chosen": True} in merge[
        "joins"
    ]


def test_a_refused_value_is_explained_on_its_card_until_the_next_change(open_page):
    page = act(open_page("build"), "set", "conv2d_1", setting="filters", value=-5)

    sentence = "Filters of conv2d_1 must be a whole number from 1 to 2,048; you gave -5."
    assert card(page, "conv2d_1")["refusal"] == sentence
    assert card(page, "conv2d_1")["settings"]["filters"] == 16
    assert draft_of(page) == SMALL
    act(page, "set", "conv2d_1", setting="filters", value=5)
    assert card(page, "conv2d_1")["refusal"] is None


def test_a_network_that_is_full_says_so(open_page):
    page = act(open_page("build"), "undo")
    more = [{"do": "duplicate", "layer": "conv2d_1"}] * 94
    send(page, message(page, *more))

    assert len(names(page)) == 100
    assert "Number of layers must be at most 100" in card(page, "conv2d_1")["refusal"]
    act(page, "add", type="Dropout", after="conv2d_1")
    assert "Number of layers must be at most 100" in texts(page)


def test_an_edit_that_arrives_again_is_not_done_again(open_page):
    page = open_page("build")
    first = message(page, {"do": "duplicate", "layer": "conv2d_1"})
    send(page, first)
    later = message(page, {"do": "duplicate", "layer": "dense_1"})
    send(page, {**later, "actions": first["actions"] + later["actions"]})

    assert len(names(page)) == len(SMALL.layers) + 2
    assert stack(page)["applied"] == ["test", later["actions"][0]["n"]]


def test_two_quick_edits_in_one_message_are_both_done(open_page):
    page = open_page("build")
    send(
        page,
        message(
            page,
            {"do": "set", "layer": "conv2d_1", "setting": "filters", "value": 9},
            {"do": "remove", "layer": "conv2d_2"},
            {"do": "remove", "layer": "conv2d_2"},  # the second click of a double click
        ),
    )

    assert layer_of(page, "conv2d_1").settings["filters"] == 9
    assert len(names(page)) == len(SMALL.layers) - 1


def test_a_list_made_anew_counts_from_one_again(open_page):
    page = act(open_page("build"), "duplicate", "conv2d_1")
    action = {"n": 1, "do": "duplicate", "layer": "conv2d_1"}
    send(page, {"server": stack(page)["server"], "mount": "another", "actions": [action]})

    assert "conv2d_4" in names(page)


def test_edits_for_an_earlier_session_are_left_out(open_page):
    page = open_page("build")
    send(page, {**message(page, {"do": "remove", "layer": "conv2d_1"}), "server": "gone"})

    assert draft_of(page) == SMALL
    assert stack(page)["applied"] == ["", 0]


def test_a_list_without_end_is_cut(open_page):
    page = open_page("build")
    toggles = [
        {"do": "set", "layer": "conv2d_1", "setting": "filters", "value": 1 + number % 2}
        for number in range(MAX_ACTIONS + 1)
    ]
    send(page, message(page, *toggles))

    assert layer_of(page, "conv2d_1").settings["filters"] == 2


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(value=json_values)
def test_whatever_a_browser_sends_leaves_the_page_standing(open_page, value):
    page = open_page("build")
    for sent in (
        value,
        {"server": value, "mount": "m", "actions": []},
        {"server": stack(page)["server"], "mount": value, "actions": [value]},
        {"server": stack(page)["server"], "mount": "m", "actions": value},
        {"server": stack(page)["server"], "mount": "m", "actions": [{"n": value, "do": value}]},
        message(page, {"do": "rename", "layer": "conv2d_1", "name": value}),
        message(page, {"do": "set", "layer": "conv2d_1", "setting": "filters", "value": value}),
    ):
        send(page, sent)
    page.run()
    assert not page.exception
