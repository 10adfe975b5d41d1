"""What the layer stack shows of a network."""

from __future__ import annotations

import json

import pytest
from hypothesis import given

from fmnist_core.model import edit, presets
from fmnist_core.model.presets import PRESETS
from fmnist_core.model.shapes import trace
from fmnist_core.specs import ModelSpec
from tests.strategies import stacks
from ui.stack_data import stack_data

NETWORK = ModelSpec()
for _layer_type in ("Conv2D", "MaxPooling2D", "Conv2D", "Flatten", "Dense"):
    NETWORK = edit.add_layer(NETWORK, _layer_type)


def data_of(model: ModelSpec) -> dict:
    return stack_data(model, trace(model))


def cards(model: ModelSpec) -> dict[str, dict]:
    return {card["name"]: card for card in data_of(model)["layers"]}


def test_a_card_says_what_its_layer_makes_and_costs_and_how_that_is_computed():
    strip = cards(NETWORK)["conv2d_1"]["strip"]

    assert strip["shape"] == "26×26×32"
    assert strip["params"] == "320 params"
    assert strip["mult_adds"] == "195k mult-adds"
    assert strip["sees"] == "sees 3×3"
    assert "3·3·1·32 + 32 = 320 (under 1 % of all)" in strip["tip"]
    assert "26·26·3·3·1·32 = 194,688" in strip["tip"]


def test_shares_of_parameters_and_of_multiply_adds_are_of_the_whole_network():
    strips = [
        card["strip"] for card in data_of(presets.load("r2-3-layer").experiment.model)["layers"]
    ]

    # 1,327,232 of 1,421,194 parameters are the Dense layer's.
    assert max(strip["params_share"] for strip in strips) == 0.934
    assert sum(strip["params_share"] for strip in strips) == pytest.approx(1, abs=0.005)
    assert sum(strip["mult_adds_share"] for strip in strips) == pytest.approx(1, abs=0.005)


def test_a_layer_that_does_not_fit_says_why_and_later_ones_wait():
    broken = cards(edit.change_settings(NETWORK, "max_pooling2d_1", pool_size=27))

    wrong = broken["max_pooling2d_1"]
    assert wrong["problem"]["text"] == "A 27×27 window does not fit a 26×26 map."
    assert "remove max_pooling2d_1" in wrong["problem"]["repairs"]
    assert (wrong["strip"], wrong["waits"]) == (None, False)
    assert [card["waits"] for card in broken.values()] == [False, False, True, True, True]
    assert [card["problem"] is None for card in broken.values()] == [True, False, True, True, True]


def test_a_network_that_fits_but_ends_wrongly_shows_it_at_its_last_layer():
    last = cards(NETWORK)["dense_1"]

    assert last["strip"]["shape"] == "64"
    assert "64 numbers, but it has to give 10" in last["problem"]["text"]


def test_an_empty_network_has_a_problem_of_its_own():
    empty = data_of(ModelSpec())

    assert empty["layers"] == []
    assert empty["problem"]["text"] == "A network needs at least one layer."
    assert empty["problem"]["repairs"]


def test_a_merge_offers_earlier_layers_and_says_which_fit():
    model = edit.add_layer(NETWORK, "Add", 2)
    model = edit.change_inputs(model, "add_1", ["max_pooling2d_1", "flatten_1", "gone"])
    joins = {join["name"]: join for join in cards(model)["add_1"]["joins"]}

    # The layer right above arrives anyway, so it is no choice of its own; once chosen it shows.
    assert list(joins) == ["input", "conv2d_1", "max_pooling2d_1", "flatten_1", "gone"]
    assert joins["conv2d_1"]["note"] == "26×26×32, does not fit"
    assert not joins["conv2d_1"]["chosen"]
    assert joins["max_pooling2d_1"] == {
        "name": "max_pooling2d_1", "note": "13×13×32", "fits": True, "chosen": True
    }  # fmt: skip
    assert joins["flatten_1"]["note"] == "comes later"
    assert joins["gone"]["note"] == "is missing"


def test_the_palette_knows_what_each_type_would_make():
    makes = data_of(NETWORK)["makes"]

    assert makes["28×28×1"]["Conv2D"] == "26×26×32"
    assert makes["13×13×32"]["Flatten"] == "5408"
    assert "Conv2D" not in makes["64"]


def test_changed_settings_behind_more_are_counted():
    model = edit.change_settings(NETWORK, "conv2d_1", strides=2, use_bias=False, filters=8)

    assert cards(model)["conv2d_1"]["changed"] == 2
    assert cards(NETWORK)["conv2d_1"]["changed"] == 0


def test_a_hint_comes_with_its_repair():
    hints = cards(presets.load("r2-3-layer").experiment.model)["dense_1"]["hints"]

    assert "93 % of the parameters" in hints[0]["text"]
    assert hints[0]["repair"]


@given(model=stacks())
def test_whatever_is_built_is_shown_a_card_a_layer(model):
    data = json.loads(json.dumps(data_of(model), allow_nan=False))

    assert [card["name"] for card in data["layers"]] == [layer.name for layer in model.layers]
    assert sum(card["problem"] is not None for card in data["layers"]) <= 1
    for card in data["layers"]:
        assert sum((card["strip"] is not None, card["waits"])) <= 1


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.name)
def test_every_preset_is_shown(preset):
    data = data_of(preset.experiment.model)

    assert all(card["strip"] for card in data["layers"])
