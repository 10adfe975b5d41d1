"""What changed, in phrases a person would use."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fmnist_core.model import edit
from fmnist_core.model.catalogue import CATALOGUE
from fmnist_core.model.difference import difference, experiment_difference
from fmnist_core.model.presets import load
from fmnist_core.settings import settings_of
from fmnist_core.specs import DataSpec, Experiment, ModelSpec, TrainSpec
from fmnist_core.specs.model import INPUT
from tests.strategies import data_specs, stacks, train_specs, values_of

SMALL = load("small").experiment.model


def change(name, **chosen):
    return difference(SMALL, edit.change_settings(SMALL, name, **chosen))


def test_added_layers_say_what_sets_them_apart_and_where_they_stand():
    dropout = edit.add_layer(SMALL, "Dropout", 3)
    activation = edit.add_layer(SMALL, "Activation", 0, activation="tanh")

    assert difference(SMALL, dropout) == ("+ Dropout 0.25 after conv2d_2",)
    assert difference(SMALL, activation) == ("+ Activation tanh at the start",)
    assert difference(SMALL, edit.duplicate_layer(SMALL, "dense_1")) == (
        "+ Dense 64 after dense_1",
    )
    assert difference(SMALL, edit.add_layer(SMALL, "Flatten")) == ("+ Flatten after dense_2",)


def test_a_removed_layer():
    shorter = edit.remove_layer(SMALL, "max_pooling2d_1")

    assert difference(SMALL, shorter) == ("− max_pooling2d_1",)


def test_changed_settings_are_one_phrase_a_layer():
    assert change("conv2d_1", filters=64) == ("conv2d_1 filters 16 → 64",)
    assert change("conv2d_1", filters=2048) == ("conv2d_1 filters 16 → 2,048",)
    assert change("conv2d_1", kernel_size=5, padding="same", use_bias=False) == (
        "conv2d_1 kernel size 3 → 5, padding valid → same, bias on → off",
    )
    assert change("conv2d_1", l2=1e-4) == ("conv2d_1 L2 0 → 0.0001",)
    assert change("max_pooling2d_1", strides=1) == ("max_pooling2d_1 strides as the pool size → 1",)


def test_a_moved_layer():
    assert difference(SMALL, edit.move_layer(SMALL, "max_pooling2d_1", 3)) == (
        "max_pooling2d_1 moved after flatten_1",
    )
    assert difference(SMALL, edit.move_to(SMALL, "flatten_1", 0)) == (
        "flatten_1 moved to the start",
    )


def test_a_renamed_layer_is_the_same_one_in_merges_too():
    model = edit.add_layer(SMALL, "Add", 2)
    model = edit.change_inputs(model, "add_1", ["conv2d_1"])

    assert difference(model, edit.rename_layer(model, "conv2d_1", "stem")) == (
        "conv2d_1 renamed stem",
    )


def test_what_a_merge_joins():
    bare = edit.add_layer(SMALL, "Add", 2)
    one = edit.change_inputs(bare, "add_1", ["conv2d_1"])
    two = edit.change_inputs(bare, "add_1", ["input", "conv2d_1"])

    assert difference(bare, one) == ("add_1 joins conv2d_1",)
    assert difference(one, two) == ("add_1 joins input and conv2d_1 instead of conv2d_1",)
    assert difference(two, bare) == ("add_1 joins nothing instead of input and conv2d_1",)
    assert difference(SMALL, one) == ("+ Add of conv2d_1 after max_pooling2d_1",)


def test_several_changes_read_from_the_input_to_the_output():
    model = edit.change_settings(SMALL, "dense_1", units=128)
    model = edit.remove_layer(model, "max_pooling2d_2")
    model = edit.add_layer(model, "BatchNormalization", 1)

    assert difference(SMALL, model) == (
        "− max_pooling2d_2",
        "+ BatchNormalization after conv2d_1",
        "dense_1 units 64 → 128",
    )


def test_two_presets_are_aligned_by_their_names():
    # 32 filters; pool; 0.25 dropout; [64 filters; 0.25 dropout;] flatten; 32 or 64 units; 10
    one, two = (load(f"r2-{n}-layer").experiment.model for n in (1, 2))

    assert difference(one, two) == (
        "+ Conv2D 64 after dropout_1",
        "+ Dropout 0.25 after conv2d_2",
        "dense_1 units 32 → 64",
    )


def test_networks_with_other_names_are_aligned_by_type():
    layers = [replace(layer, name=f"layer_{i}") for i, layer in enumerate(SMALL.layers)]

    phrases = difference(SMALL, ModelSpec(layers=tuple(layers)))
    assert phrases[0] == "conv2d_1 renamed layer_0"
    assert len(phrases) == len(SMALL.layers)


def test_the_name_of_the_network_is_no_difference():
    assert difference(SMALL, replace(SMALL, name="other")) == ()


@given(stacks())
def test_nothing_differs_from_itself(model):
    assert difference(model, model) == ()


@settings(max_examples=3 * settings().max_examples)
@given(stacks(), st.data())
def test_each_single_edit_is_exactly_one_phrase(model, data):
    changed = data.draw(edits(model))

    assert len(difference(model, changed)) == (changed.layers != model.layers)
    assert len(difference(changed, model)) == (changed.layers != model.layers)


@st.composite
def edits(draw, model):
    """Draw what one call of `model.edit` makes of a network."""
    layer = draw(st.sampled_from(model.layers))
    types = st.sampled_from(list(CATALOGUE))
    places = st.integers(0, len(model.layers))
    do = draw(st.sampled_from(["add", "duplicate", "remove", "move", "rename", "set", "join"]))
    if do == "add":
        return edit.add_layer(model, draw(types), draw(places))
    if do == "move":
        return edit.move_to(model, layer.name, draw(places))
    if do == "rename":
        return edit.rename_layer(
            model, layer.name, draw(st.sampled_from(["a", "stem", layer.name]))
        )
    known = CATALOGUE[layer.type]
    if do == "set" and known.settings:
        key = draw(st.sampled_from(list(known.settings)))
        return edit.change_settings(
            model, layer.name, **{key: draw(values_of(known.settings[key]))}
        )
    if do == "join" and known.merges:
        names = [INPUT, *(each.name for each in model.layers)]
        joined = draw(st.lists(st.sampled_from(names), max_size=3))
        return edit.change_inputs(model, layer.name, joined)
    return (edit.remove_layer if do == "remove" else edit.duplicate_layer)(model, layer.name)


# Experiments --------------------------------------------------------------------------------------


def experiment(**specs):
    return Experiment(**{"model": SMALL, **specs})


@pytest.mark.parametrize(
    ("after", "phrase"),
    [
        ({"train": TrainSpec(epochs=20)}, "epochs 10 → 20"),
        ({"train": TrainSpec(optimizer="sgd")}, "optimizer adam → sgd"),
        ({"train": TrainSpec(learning_rate=1e-5)}, "learning rate 0.001 → 1e-05"),
        ({"train": TrainSpec(steps=30_000)}, "steps use epochs → 30,000"),
        ({"train": TrainSpec(nesterov=True)}, "nesterov off → on"),
        ({"train": TrainSpec(seed=8)}, "seed 7 → 8"),
        (
            {"train": TrainSpec(class_weights=(1,) * 9 + (2,))},
            "class weights none → (1, 1, 1, 1, 1, 1, 1, 1, 1, 2)",
        ),
        ({"data": DataSpec(subset=1000)}, "training subset all images → 1,000"),
        ({"data": DataSpec(validation=6000)}, "validation images 0.1 → 6,000"),
        ({"data": DataSpec(seed=8)}, "split seed 7 → 8"),
        ({"model": edit.remove_layer(SMALL, "dense_1")}, "− dense_1"),
    ],
)
def test_one_change_of_an_experiment_is_one_phrase(after, phrase):
    assert experiment_difference(experiment(), experiment(**after)) == (phrase,)


def test_name_parent_and_owner_of_an_experiment_do_not_count():
    other = experiment(name="second", parent="20261121-073649-46b3d2", owner="me")

    assert experiment_difference(experiment(), other) == ()


@given(data_specs, train_specs)
def test_an_experiment_differs_from_itself_in_nothing_and_from_another_in_each_setting(data, train):
    train = replace(train, batch_size=10)
    given_one = experiment(data=data, train=train)
    expected = sum(
        getattr(spec, name) != getattr(plain, name)
        for spec, plain in ((data, DataSpec()), (train, TrainSpec()))
        for name in settings_of(spec)
    )

    assert experiment_difference(given_one, given_one) == ()
    assert len(experiment_difference(experiment(), given_one)) == expected
