"""Presets can be trained, and are as large as their source says."""

from itertools import groupby

import pytest

from fmnist_core.exceptions import FmnistError
from fmnist_core.model.build import build_model
from fmnist_core.model.check import check
from fmnist_core.model.presets import PRESETS, load
from fmnist_core.model.shapes import MAX_PARAMETERS, trace
from fmnist_core.specs import Experiment

NAMES = [preset.name for preset in PRESETS]
UNTRAINABLE = ["blank", "too-big"]
TRAINABLE = [name for name in NAMES if name not in UNTRAINABLE]


@pytest.mark.parametrize(
    ("name", "parameters"),
    [
        ("lenet", 61_706),
        ("r1-mastery", 542_230),
        ("r1-fan-in", 144_074),
        ("r2-1-layer", 173_738),
        ("r2-2-layer", 515_146),
        ("r2-3-layer", 1_421_194),
        ("r3-vgg", 7_510_986),
    ],
)
def test_the_networks_of_the_reports_have_their_parameters(name, parameters):
    assert check(load(name).experiment.model).parameters == parameters


def test_the_network_of_report_r3_has_its_table():
    found = check(load("r3-vgg").experiment.model)
    table = [
        (layer.output, layer.cost.trainable + layer.cost.non_trainable)
        for layer in found.layers
        if layer.cost.trainable
    ]

    assert table == [
        *[((28, 28, 64), 640), ((28, 28, 64), 36_928), ((28, 28, 64), 256)],
        *[((14, 14, 128), 73_856), ((14, 14, 128), 147_584), ((14, 14, 128), 512)],
        *[((7, 7, 256), 295_168), ((7, 7, 256), 590_080), ((7, 7, 256), 590_080)],
        *[((7, 7, 256), 1_024), ((2048,), 4_720_640), ((512,), 1_049_088), ((10,), 5_130)],
    ]
    assert (found.total.trainable, found.total.non_trainable) == (7_510_090, 896)


def test_the_trainings_of_the_reports_are_as_long_as_theirs():
    def length(name):
        experiment = load(name).experiment
        sizes, train = experiment.data.sizes, experiment.train
        return sizes[:2], train.steps_per_epoch(sizes.train), train.total_steps(sizes.train)

    assert length("r0-lenet") == ((55_000, 5_000), 550, 30_000)
    assert length("r1-mastery")[0] == (48_000, 12_000)
    assert length("r3-vgg") == ((54_000, 6_000), 1_688, 50 * 1_688)
    assert load("r4-baseline").experiment.train.epochs == 20
    assert load("r4-better").experiment.train.epochs == 40


@pytest.mark.parametrize("name", TRAINABLE)
def test_a_preset_is_as_large_in_keras_and_ends_in_10_logits(name):
    spec = load(name).experiment.model
    model, result = build_model(spec), check(spec)

    assert model.count_params() == result.parameters
    assert model.output_shape == (None, 10)
    assert result.from_logits


def test_two_presets_cannot_be_trained_one_empty_and_one_too_large():
    blank, too_big = (trace(load(name).experiment.model) for name in UNTRAINABLE)

    assert blank.problem and blank.parameters == 0
    assert too_big.problem and too_big.parameters > MAX_PARAMETERS
    assert "cannot be trained" in load("too-big").notes


@pytest.mark.parametrize("name", NAMES)
def test_a_preset_comes_back_from_json(name):
    experiment = load(name).experiment

    assert Experiment.from_dict(experiment.to_dict()) == experiment


def test_small_comes_first_and_the_groups_one_after_the_other():
    groups = [group for group, _ in groupby(PRESETS, key=lambda preset: preset.group)]

    assert NAMES[0] == "small"
    assert " ".join(group.split(" · ")[0] for group in groups) == "Templates R0 R1 R2 R3 R4"


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.name)
def test_a_preset_says_what_it_is_in_a_line_and_what_its_report_left_open(preset):
    assert 10 < len(preset.summary) < 90 and "\n" not in preset.summary
    if preset.group != "Templates":
        assert preset.name.startswith(preset.group[:2].lower() + "-")
        assert preset.notes.startswith("From a ")


def test_names_are_different_and_found_however_they_are_written():
    names = [*NAMES, *(preset.report_name for preset in PRESETS if preset.report_name)]

    assert len({name.lower().replace("_", "-") for name in names}) == len(names)
    assert load("SMALL") is load("small")
    assert load("1_Layer") is load("1-layer") is load("R2_1_LAYER") is load("r2-1-layer")
    assert load("Mastery") is load("r1-mastery")


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("nope", ""),
        ("", ""),
        ("lenets", " Did you mean lenet or r0-lenet?"),
    ],
)
def test_an_unknown_preset_is_answered_with_those_that_are_spelled_alike(name, hint):
    with pytest.raises(FmnistError) as caught:
        load(name)

    assert str(caught.value) == (
        f'There is no preset called "{name}".{hint} "fmnist presets" lists them all.'
    )


def test_the_answer_to_a_hostile_name_is_short():
    with pytest.raises(FmnistError) as caught:
        load("x" * 10_000)

    assert len(str(caught.value)) < 150
