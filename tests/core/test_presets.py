"""Presets can be trained, and are as large as their source says."""

import pytest

from fmnist_core.exceptions import FmnistError
from fmnist_core.model.build import build_model
from fmnist_core.model.presets import PRESETS, load
from fmnist_core.model.shapes import check
from fmnist_core.specs import Experiment

NAMES = [preset.name for preset in PRESETS]


@pytest.mark.parametrize(
    ("name", "parameters"),
    [("1_Layer", 173_738), ("2_Layer", 515_146), ("3_Layer", 1_421_194)],
)
def test_the_networks_of_report_r2_have_its_parameters(name, parameters):
    assert check(load(name).experiment.model).parameters == parameters


@pytest.mark.parametrize("name", NAMES)
def test_a_preset_is_as_large_in_keras_and_ends_in_10_logits(name):
    spec = load(name).experiment.model
    model, result = build_model(spec), check(spec)

    assert model.count_params() == result.parameters
    assert model.output_shape == (None, 10)
    assert result.from_logits


@pytest.mark.parametrize("name", NAMES)
def test_a_preset_comes_back_from_json(name):
    experiment = load(name).experiment

    assert Experiment.from_dict(experiment.to_dict()) == experiment


def test_names_are_different_and_found_in_any_case():
    assert len({name.lower() for name in NAMES}) == len(NAMES)
    assert load("SMALL") is load("small")


def test_an_unknown_preset_is_answered_with_those_there_are():
    with pytest.raises(FmnistError) as caught:
        load("lenet")
    with pytest.raises(FmnistError) as long:
        load("x" * 10_000)

    assert str(caught.value) == (
        'There is no preset called "lenet". There are: small, 1_Layer, 2_Layer, 3_Layer.'
    )
    assert len(str(long.value)) < 150
