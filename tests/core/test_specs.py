"""Specs check themselves, become JSON and come back; hostile JSON ends in a SpecError."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fmnist_core.exceptions import SpecError
from fmnist_core.specs import DataSpec, Experiment, LayerSpec, ModelSpec, TrainSpec
from tests.strategies import data_specs, json_values, stacks, train_specs

SPECS = (LayerSpec, ModelSpec, DataSpec, TrainSpec, Experiment)
DENSE = {"type": "Dense", "name": "dense_1"}


def refusal(make, *args, **fields):
    with pytest.raises(SpecError) as caught:
        make(*args, **fields)
    return str(caught.value)


def nested(depth):
    value = []
    for _ in range(depth):
        value = [value]
    return value


# There and back -----------------------------------------------------------------------------------


@given(stacks(max_layers=6), data_specs, train_specs, st.text("aZ09 ._-", max_size=60))
def test_an_experiment_comes_back_from_json_equal(model, data, train, name):
    try:
        experiment = Experiment(model=model, data=data, train=train, name=name)
    except SpecError as error:
        assert "the training images" in str(error)  # a batch larger than the data
        return

    again = Experiment.from_dict(json.loads(json.dumps(experiment.to_dict(), allow_nan=False)))

    assert again == experiment
    assert again.to_dict() == experiment.to_dict()


def test_defaults_fill_what_is_not_given():
    model = ModelSpec.from_dict({"layers": [DENSE]})

    assert model.layers[0].settings["units"] == 64
    assert Experiment.from_dict({"model": {}}) == Experiment(model=ModelSpec())


def test_whole_numbers_of_json_become_what_the_field_holds():
    spec = TrainSpec.from_dict({"epochs": 3.0, "learning_rate": 1, "class_weights": [1] * 10})

    assert (type(spec.epochs), type(spec.learning_rate)) == (int, float)
    assert spec.class_weights == (1.0,) * 10


# Hostile JSON -------------------------------------------------------------------------------------


@given(st.sampled_from(SPECS), json_values)
def test_arbitrary_json_gives_a_spec_or_a_spec_error(spec, value):
    try:
        spec.from_dict(value)
    except SpecError as error:
        assert str(error).endswith(".")


def places(value, path=()):
    """The paths to everything inside a JSON value, and to itself."""
    yield path
    items = value.items() if isinstance(value, dict) else ()
    items = enumerate(value) if isinstance(value, list) else items
    for key, item in items:
        yield from places(item, (*path, key))


@settings(max_examples=5 * settings().max_examples)
@given(st.data(), json_values)
def test_an_experiment_with_one_spoiled_place_gives_a_spec_or_a_spec_error(data, value):
    layers = [{"type": "Conv2D", "name": "a"}, {"type": "Add", "name": "b", "inputs": ["a"]}]
    model = ModelSpec.from_dict({"layers": layers})
    whole = {"experiment": Experiment(model=model, parent="p").to_dict()}
    place = data.draw(st.sampled_from(list(places(whole))[1:]))
    inside = whole
    for key in place[:-1]:
        inside = inside[key]
    inside[place[-1]] = value
    try:
        Experiment.from_dict(whole["experiment"])
    except SpecError as error:
        assert len(str(error)) < 400


@pytest.mark.parametrize("spec", SPECS)
@pytest.mark.parametrize(
    "value",
    [None, 3, "text", [], nested(100_000), {"unknown": 1}, {"model": nested(100_000)}],
    ids=["null", "3", "text", "list", "deep list", "unknown field", "deep field"],
)
def test_no_spec_comes_from_another_kind_of_json(spec, value):
    refusal(spec.from_dict, value)


@pytest.mark.parametrize(
    "value",
    [10**400, 10**5000, nested(100_000), "x" * 10**6],
    ids=["10**400", "10**5000", "deep list", "long text"],
)
@pytest.mark.parametrize("field", ["type", "name", "settings", "inputs"])
def test_huge_values_in_any_field_of_a_layer_are_refused(field, value):
    assert len(refusal(LayerSpec.from_dict, {**DENSE, field: value})) < 500


def test_10000_layers_are_refused_before_one_is_read():
    assert refusal(ModelSpec.from_dict, {"layers": [nested(100_000)] * 10_000}) == (
        "Number of layers must be at most 100; you gave 10000."
    )


@pytest.mark.parametrize("layers", ["Dense", {"0": DENSE}, 3, None, (DENSE,), [[DENSE]]])
def test_layers_are_a_list_of_objects(layers):
    refusal(ModelSpec.from_dict, {"layers": layers})


def test_messages_for_a_file_name_the_object_and_the_field():
    assert refusal(ModelSpec.from_dict, 3) == (
        "Model must be an object with named fields; you gave 3."
    )
    assert refusal(LayerSpec.from_dict, {"name": "a"}) == (
        "Layer must be given with its field type; you gave ['name']."
    )
    assert refusal(DataSpec.from_dict, {"spilt": "last"}) == (
        "Data field must be one of label_noise, noise_pairs, normalisation, seed, split, subset, "
        "validation; you gave 'spilt'."
    )
    assert refusal(Experiment.from_dict, {}) == (
        "Experiment must be given with its field model; you gave []."
    )


# Layers and networks ------------------------------------------------------------------------------


def test_an_unknown_type_is_refused_with_a_list_of_those_there_are():
    message = refusal(LayerSpec, type="LSTM", name="a")

    assert message.startswith("Layer type must be one of Conv2D, DepthwiseConv2D, ")
    assert message.endswith(", Add, Concatenate; you gave 'LSTM'.")


@pytest.mark.parametrize(
    "name", ["", "input", "Dense", "1_dense", "_a", "a b", "a/b", "a" * 41, "ä", "a\n", None, 3]
)
def test_names_that_keras_or_a_reader_would_stumble_over_are_refused(name):
    sentence = (
        "Layer name must be 1 to 40 small letters, digits or underscores, beginning with a "
        'letter, and not "input"; you gave '
    )

    assert refusal(LayerSpec, type="Dense", name=name).startswith(sentence)


def test_a_setting_out_of_range_names_setting_and_layer():
    assert refusal(LayerSpec, type="Dense", name="dense_1", settings={"units": 0}) == (
        "Units of dense_1 must be a whole number from 1 to 8,192; you gave 0."
    )
    assert refusal(LayerSpec, type="Conv2D", name="conv2d_1", settings={"kernel_size": True}) == (
        "Kernel size of conv2d_1 must be a whole number from 1 to 28; you gave True."
    )


def test_a_setting_that_the_type_does_not_have_is_refused():
    assert refusal(LayerSpec, type="Dropout", name="dropout_1", settings={"units": 3}) == (
        "Setting of dropout_1 must be one of rate; you gave 'units'."
    )
    assert refusal(LayerSpec, type="Flatten", name="flatten_1", settings={"units": 3}) == (
        "Setting of flatten_1 must be left out; you gave 'units'."
    )
    assert refusal(LayerSpec, type="Flatten", name="flatten_1", settings=[]) == (
        "Settings of flatten_1 must be an object; you gave []."
    )


def test_only_a_merge_has_inputs():
    assert refusal(LayerSpec, type="Dense", name="dense_1", inputs=("a",)) == (
        "Inputs of dense_1 must be empty, as Dense takes the output of the layer before it; "
        "you gave ['a']."
    )
    assert LayerSpec(type="Add", name="add_1", inputs=["input", "a"]).inputs == ("input", "a")


@pytest.mark.parametrize("inputs", ["a", {"a": 1}, 3, None, ["a"] * 101])
def test_inputs_are_a_list_of_at_most_100_names(inputs):
    assert refusal(LayerSpec, type="Add", name="add_1", inputs=inputs).startswith(
        "Inputs of add_1 must be a list of at most 100 layer names; you gave "
    )


@pytest.mark.parametrize("name", ["Input", "", 3, None, ["a"], "a" * 41])
def test_inputs_are_names_of_layers(name):
    assert refusal(LayerSpec, type="Add", name="add_1", inputs=[name]).startswith(
        "Inputs of add_1 must be names of earlier layers; you gave "
    )


def test_two_layers_of_one_name_are_refused():
    assert refusal(ModelSpec.from_dict, {"layers": [DENSE, DENSE]}) == (
        "Layer name must be different from all others; you gave 'dense_1'."
    )


def test_100_layers_are_a_network_and_101_are_not():
    layers = [LayerSpec(type="Flatten", name=f"flatten_{i}") for i in range(101)]

    assert len(ModelSpec(layers=layers[:100]).layers) == 100
    assert refusal(ModelSpec, layers=layers) == (
        "Number of layers must be at most 100; you gave 101."
    )


# Data ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "sizes"),
    [
        ({}, (54_000, 6_000, 10_000)),
        ({"split": "last", "validation": 10_000}, (50_000, 10_000, 10_000)),
        ({"validation": 0.25, "subset": 1_000}, (1_000, 15_000, 10_000)),
        # The pooled 70,000 shared 80:20, and the test part is the validation part.
        ({"split": "resplit", "validation": 0.2}, (56_000, 14_000, 14_000)),
        ({"validation": 59_990}, (10, 59_990, 10_000)),
        ({"validation": 10}, (59_990, 10, 10_000)),
    ],
)
def test_sizes_of_the_three_parts(fields, sizes):
    assert DataSpec(**fields).sizes == sizes


@pytest.mark.parametrize("validation", [9, 59_991, 0.0001, 0.99999])
def test_validation_leaves_10_images_on_both_sides(validation):
    assert refusal(DataSpec, validation=validation).startswith(
        "Validation must be 10 to 59,990 of the 60,000 images; you gave "
    )


def test_a_validation_count_is_whole():
    assert refusal(DataSpec, validation=10.5) == (
        "Validation must be a fraction below 1 or a whole number; you gave 10.5."
    )


def test_a_subset_fits_into_what_validation_leaves():
    assert DataSpec(subset=54_000).sizes.train == 54_000
    assert refusal(DataSpec, subset=54_001) == (
        "Subset must be at most 54,000, the images that are left for training; you gave 54001."
    )


# Training -----------------------------------------------------------------------------------------


def test_a_batch_is_not_larger_than_the_training_data():
    data, model = DataSpec(subset=100), ModelSpec()

    Experiment(model=model, data=data, train=TrainSpec(batch_size=100))
    assert refusal(Experiment, model=model, data=data, train=TrainSpec(batch_size=101)) == (
        "Batch size must be at most 100, the training images; you gave 101."
    )


def test_length_in_epochs_and_in_steps():
    # 1,000 images in batches of 300 are 4 batches, the last with 100.
    epochs, steps = TrainSpec(batch_size=300, epochs=3), TrainSpec(batch_size=300, steps=9)

    assert epochs.steps_per_epoch(1000) == 4
    assert (epochs.total_steps(1000), epochs.total_epochs(1000)) == (12, 3)
    assert (steps.total_steps(1000), steps.total_epochs(1000)) == (9, 3)


def test_a_run_is_called_by_its_name_else_by_its_network():
    network = ModelSpec(name="small")

    assert Experiment(model=network, name="mine").title == "mine"
    assert Experiment(model=network).title == "small"
    assert Experiment(model=ModelSpec()).title == "unnamed"
