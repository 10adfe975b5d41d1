import pytest
from hypothesis import given
from hypothesis import strategies as st

from fmnist_core.exceptions import SpecError
from fmnist_core.model import edit
from fmnist_core.model.catalogue import CATALOGUE
from fmnist_core.model.presets import load
from fmnist_core.model.shapes import trace
from fmnist_core.specs.model import MAX_LAYERS, ModelSpec, is_layer_name

SMALL = load("small").experiment.model


def names(model: ModelSpec) -> list[str]:
    return [layer.name for layer in model.layers]


@pytest.mark.parametrize(
    ("layer_type", "name"),
    [
        ("Conv2D", "conv2d_1"),
        ("MaxPooling2D", "max_pooling2d_1"),
        ("SeparableConv2D", "separable_conv2d_1"),
        ("GlobalAveragePooling2D", "global_average_pooling2d_1"),
        ("BatchNormalization", "batch_normalization_1"),
        ("SpatialDropout2D", "spatial_dropout2d_1"),
        ("LeakyReLU", "leaky_re_lu_1"),
        ("ZeroPadding2D", "zero_padding2d_1"),
    ],
)
def test_layers_are_named_as_keras_names_them(layer_type, name):
    assert edit.fresh_name(layer_type, ()) == name


@pytest.mark.parametrize("layer_type", CATALOGUE)
def test_every_type_gets_a_name_that_a_layer_may_have(layer_type):
    assert is_layer_name(edit.fresh_name(layer_type, ()))


def test_the_first_free_number_is_taken():
    assert edit.fresh_name("Dense", {"dense_1", "dense_3"}) == "dense_2"


def test_a_layer_is_added_at_its_place_or_at_the_end():
    assert names(edit.add_layer(SMALL, "Dropout", 2))[1:4] == [
        "max_pooling2d_1",
        "dropout_1",
        "conv2d_2",
    ]
    assert names(edit.add_layer(SMALL, "Dense"))[-1] == "dense_3"


def test_a_copy_follows_its_layer_with_the_same_settings():
    model = edit.duplicate_layer(SMALL, "conv2d_1")

    assert names(model)[:3] == ["conv2d_1", "conv2d_3", "max_pooling2d_1"]
    assert model.layers[1].settings == model.layers[0].settings


def test_a_layer_moves_and_stays_inside():
    assert names(edit.move_layer(SMALL, "conv2d_2", -1))[:3] == [
        "conv2d_1",
        "conv2d_2",
        "max_pooling2d_1",
    ]
    assert names(edit.move_layer(SMALL, "conv2d_2", -9))[0] == "conv2d_2"
    assert names(edit.move_layer(SMALL, "conv2d_2", 9))[-1] == "conv2d_2"
    assert edit.move_layer(SMALL, "conv2d_1", -1) == SMALL


def test_a_layer_is_dragged_to_a_place():
    assert names(edit.move_to(SMALL, "conv2d_1", 2))[:3] == [
        "max_pooling2d_1",
        "conv2d_2",
        "conv2d_1",
    ]
    assert names(edit.move_to(SMALL, "dense_2", 0))[:2] == ["dense_2", "conv2d_1"]
    assert names(edit.move_to(SMALL, "conv2d_1", 99))[-1] == "conv2d_1"
    assert names(edit.move_to(SMALL, "dense_2", -5))[0] == "dense_2"
    assert edit.move_to(SMALL, "conv2d_2", 2) == SMALL


def with_skip() -> ModelSpec:
    """The small network whose first pooling is followed by a sum with the pooling itself."""
    model = edit.add_layer(SMALL, "Dropout", 2)
    model = edit.add_layer(model, "Add", 3)
    return edit.change_inputs(model, "add_1", ["max_pooling2d_1", "max_pooling2d_1"])


def test_a_renamed_layer_keeps_its_merges():
    model = edit.rename_layer(with_skip(), "max_pooling2d_1", "half")

    assert names(model)[:4] == ["conv2d_1", "half", "dropout_1", "add_1"]
    assert model.layers[3].inputs == ("half", "half")
    assert trace(model).problem is None
    assert edit.rename_layer(model, "half", "half") == model


@pytest.mark.parametrize("name", ["conv2d_2", "input", "Half", "", "a" * 41, None])
def test_a_name_that_is_taken_or_that_no_layer_may_have_is_refused(name):
    with pytest.raises(SpecError, match=r"^Layer name must be "):
        edit.rename_layer(SMALL, "conv2d_1", name)


def test_merges_of_a_bypassed_layer_join_the_one_before_it():
    model = edit.bypass_layer(with_skip(), "max_pooling2d_1")

    assert model.layers[2].inputs == ("conv2d_1", "conv2d_1")
    assert trace(model).problem is None
    first = edit.bypass_layer(model, "conv2d_1")
    assert first.layers[1].inputs == ("input", "input")


def test_a_replaced_layer_gives_its_place_and_its_merges_to_the_new_one():
    model = edit.replace_layer(with_skip(), "max_pooling2d_1", "AveragePooling2D", pool_size=3)

    assert names(model)[:2] == ["conv2d_1", "average_pooling2d_1"]
    assert model.layers[1].settings["pool_size"] == 3
    assert model.layers[3].inputs == ("average_pooling2d_1", "average_pooling2d_1")
    assert len(model.layers) == len(with_skip().layers)


def test_a_layer_is_added_with_settings():
    model = edit.add_layer(SMALL, "Dense", units=10, activation="linear")

    assert model.layers[-1].settings["units"] == 10
    with pytest.raises(SpecError, match=r"^Units of dense_3 must be a whole number from 1 to"):
        edit.add_layer(SMALL, "Dense", units=0)


def test_a_removed_layer_leaves_its_name_in_the_merge_that_joined_it():
    model = edit.add_layer(SMALL, "Add", 1)
    model = edit.change_inputs(model, "add_1", ["conv2d_1"])
    assert trace(model).problem is None
    model = edit.remove_layer(model, "conv2d_1")

    assert model.layers[0].inputs == ("conv2d_1",)
    assert 'there is no earlier layer called "conv2d_1"' in str(trace(model).problem)


def test_settings_are_changed_and_checked():
    model = edit.change_settings(SMALL, "conv2d_1", filters=5, padding="same")

    assert model.layers[0].settings["filters"] == 5
    assert model.layers[0].settings["kernel_size"] == 3
    with pytest.raises(SpecError, match="Filters of conv2d_1 must be a whole number from 1 to"):
        edit.change_settings(SMALL, "conv2d_1", filters=0)
    with pytest.raises(SpecError, match="Inputs of conv2d_1 must be empty"):
        edit.change_inputs(SMALL, "conv2d_1", ["input"])


def test_a_layer_that_is_not_there_is_named():
    with pytest.raises(SpecError, match=r"Layer must be one of conv2d_1, .*; you gave 'dense_9'"):
        edit.remove_layer(SMALL, "dense_9")


def test_a_full_network_takes_no_more():
    model = SMALL
    while len(model.layers) < MAX_LAYERS:
        model = edit.add_layer(model, "Dropout")
    with pytest.raises(SpecError, match="Number of layers must be at most 100; you gave 101"):
        edit.add_layer(model, "Dropout")


@given(st.data())
def test_any_walk_of_edits_keeps_names_different(data):
    model = SMALL
    for _ in range(12):
        place = data.draw(st.integers(0, len(model.layers)))
        some = data.draw(st.sampled_from(names(model))) if model.layers else ""
        step = data.draw(st.sampled_from(["add", "move", "copy", "remove"])) if some else "add"
        if step == "add":
            model = edit.add_layer(model, data.draw(st.sampled_from(list(CATALOGUE))), place)
        elif step == "move":
            model = edit.move_layer(model, some, data.draw(st.integers(-20, 20)))
        else:
            change = edit.duplicate_layer if step == "copy" else edit.remove_layer
            model = change(model, some)
    assert len(set(names(model))) == len(model.layers)
