"""Walks through networks, with shapes and costs that can be checked in the head."""

import pytest

from fmnist_core.exceptions import ModelError
from fmnist_core.model import shapes
from fmnist_core.model.catalogue import CATALOGUE, KINDS
from fmnist_core.model.rules import Cost
from fmnist_core.model.shapes import MAX_PARAMETERS, check, trace
from fmnist_core.specs import LayerSpec, ModelSpec


def network(*layers):
    """A network of (type, settings) or (type, inputs), its layers called a, b, c, …"""
    specs = []
    for name, (layer_type, given) in zip("abcdefghij", layers, strict=False):
        field = "inputs" if isinstance(given, (list, tuple)) else "settings"
        specs.append(LayerSpec(type=layer_type, name=name, **{field: given}))
    return ModelSpec(layers=tuple(specs))


def problem(*layers):
    return str(trace(network(*layers)).problem)


LOGITS = ("Dense", {"units": 10, "activation": "linear"})
PROBABILITIES = ("Dense", {"units": 10, "activation": "softmax"})
FLATTEN = ("Flatten", {})


# Sound networks -----------------------------------------------------------------------------------


def test_a_walk_gives_shape_and_cost_of_every_layer():
    result = check(network(("Conv2D", {"filters": 4}), ("MaxPooling2D", {}), FLATTEN, LOGITS))

    # 28 - 3 + 1 = 26; 26 / 2 = 13; 13 × 13 × 4 = 676
    assert [layer.output for layer in result.layers] == [(26, 26, 4), (13, 13, 4), (676,), (10,)]
    assert result.layers[0].cost == Cost(9 * 4 + 4, 0, 26 * 26 * 9 * 4)
    assert result.layers[3].cost == Cost(6760 + 10, 0, 6760)
    assert result.total == Cost(40 + 6770, 0, 24_336 + 6760)
    assert result.parameters == 6810
    assert result.problem is None


def test_batch_normalisation_trains_2_numbers_a_channel_and_keeps_2_more():
    result = trace(network(("Conv2D", {"filters": 4}), ("BatchNormalization", {}), FLATTEN, LOGITS))

    assert result.layers[1].cost == Cost(8, 8, 0)
    assert result.parameters == result.total.trainable + 8


def test_a_skip_adds_what_an_earlier_layer_made():
    block = ("Conv2D", {"filters": 4, "padding": "same"})
    result = trace(network(block, block, ("Add", ["a"]), ("Concatenate", ["a", "input"])))

    assert result.layers[2].output == (28, 28, 4)
    assert result.layers[3].output == (28, 28, 4 + 4 + 1)


def test_the_image_of_one_channel_is_repeated_when_it_is_added_to_more():
    result = trace(network(("Conv2D", {"filters": 4, "padding": "same"}), ("Add", ["input"])))

    assert result.layers[1].output == (28, 28, 4)


def test_30_layers_are_walked_through():
    block = LayerSpec(type="Conv2D", name="x", settings={"filters": 8, "padding": "same"})
    layers = [LayerSpec(**{**vars(block), "name": f"conv2d_{i}"}) for i in range(30)]
    result = trace(ModelSpec(layers=tuple(layers)))

    assert len(result.layers) == 30
    assert result.layers[29].output == (28, 28, 8)


def test_the_largest_network_that_a_file_can_ask_for_ends_in_a_sentence():
    # 100 layers that join 100 others each: about 10^200 channels.
    layers = [LayerSpec(type="Concatenate", name="a0", inputs=("input",) * 100)]
    for i in range(1, 99):
        layers.append(LayerSpec(type="Concatenate", name=f"a{i}", inputs=(f"a{i - 1}",) * 100))
    layers.append(LayerSpec(type="Conv2D", name="end"))

    with pytest.raises(ModelError, match=" parameters, and 50,000,000 is the most "):
        check(ModelSpec(layers=tuple(layers)))


def test_every_type_has_a_known_kind_and_a_line_of_help():
    for layer_type in CATALOGUE.values():
        assert layer_type.kind in KINDS
        assert layer_type.summary.endswith(".")
        for setting in layer_type.settings.values():
            assert setting.help.endswith(".") and setting.label
            assert setting.check("default", setting.default) == setting.default
    assert len(CATALOGUE) == 19


# Layers that do not fit ---------------------------------------------------------------------------


def test_a_window_larger_than_its_map():
    assert problem(("MaxPooling2D", {"pool_size": 14}), ("Conv2D", {})) == (
        'b: a 3×3 window does not fit a 2×2 map. You could set padding to "same", or make the '
        "window 2×2 or smaller, or remove a pooling layer or a stride before it."
    )


def test_a_dilated_window_counts_with_its_gaps():
    # 3 weights with gaps of 13 reach 14 × 2 + 1 = 29 pixels.
    assert problem(("Conv2D", {"dilation_rate": 14})).startswith(
        "a: a 29×29 window does not fit a 28×28 map."
    )


def test_strides_and_dilation_together():
    assert problem(("Conv2D", {"dilation_rate": 2, "strides": 2})) == (
        "a: strides and dilation rate cannot both be above 1. You could set strides to 1, or set "
        "dilation rate to 1."
    )


def test_a_layer_for_maps_after_a_vector():
    assert problem(FLATTEN, ("Conv2D", {})) == (
        "b: it needs a map (height × width × channels), but a vector of 784 arrives. You could "
        "move it before the layer that makes the vector (Flatten or a global pooling), or remove "
        "it."
    )


def test_a_map_and_a_vector_are_not_joined():
    assert problem(FLATTEN, ("Add", ["input"])) == (
        "b: a map and a vector cannot be joined (784 and 28×28×1). You could choose an earlier "
        "layer of the same kind, or flatten the map first."
    )


def test_maps_of_two_sizes_are_not_added():
    assert problem(("Conv2D", {"filters": 4}), ("Conv2D", {"filters": 4}), ("Add", ["a"])) == (
        "c: only equal shapes can be added, and these are 24×24×4 and 26×26×4. You could choose "
        'another earlier layer, or set padding to "same" and strides to 1 in between, or give '
        "both the same number of channels."
    )


def test_maps_of_two_sizes_are_not_concatenated():
    assert problem(("Conv2D", {"filters": 4}), ("Concatenate", ["input"])) == (
        "b: maps are joined along their channels, so heights and widths must agree: 26×26×4 and "
        '28×28×1. You could choose another earlier layer, or set padding to "same" and strides '
        "to 1 in between."
    )


def test_a_merge_of_nothing():
    assert problem(("Add", [])) == (
        "a: it joins nothing yet. You could choose an earlier layer to join, or remove it."
    )


@pytest.mark.parametrize("name", ["a", "b", "elsewhere"])
def test_a_merge_of_itself_of_a_later_or_of_an_unknown_layer(name):
    assert problem(("Add", [name]), FLATTEN) == (
        f'a: there is no earlier layer called "{name}". You could choose an earlier layer.'
    )


def test_a_walk_keeps_the_layers_before_the_problem():
    result = trace(network(("Conv2D", {}), FLATTEN, ("Conv2D", {}), LOGITS))

    assert [layer.name for layer in result.layers] == ["a", "b"]
    assert result.problem.layer == "c"


# The end of a network -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("layers", "from_logits"),
    [
        ([FLATTEN, LOGITS], True),
        ([FLATTEN, PROBABILITIES], False),
        ([FLATTEN, LOGITS, ("Activation", {"activation": "softmax"})], False),
        # 28 - 28 + 1 = 1 pixel of 10 channels, laid out as 10 numbers
        ([("Conv2D", {"filters": 10, "kernel_size": 28, "activation": "softmax"}), FLATTEN], False),
        ([("Conv2D", {"filters": 10, "activation": "linear"}), ("GlobalAveragePooling2D", {})], 1),
        # The mean of probabilities is a probability, their maximum is not.
        ([("Dense", {"units": 10, "activation": "softmax"}), ("GlobalAveragePooling2D", {})], 0),
        ([("Dense", {"units": 10, "activation": "softmax"}), ("GlobalMaxPooling2D", {})], 1),
        ([FLATTEN, PROBABILITIES, ("BatchNormalization", {})], True),
        ([FLATTEN, PROBABILITIES, ("Add", ["b"])], True),
    ],
)
def test_a_network_ends_in_logits_or_in_probabilities(layers, from_logits):
    assert check(network(*layers)).from_logits == bool(from_logits)


def test_a_network_without_layers():
    with pytest.raises(ModelError) as caught:
        check(ModelSpec())

    assert str(caught.value) == (
        "A network needs at least one layer. You could add Flatten and Dense with 10 units."
    )


def test_relu_at_the_end():
    assert problem(FLATTEN, ("Dense", {"units": 10})) == (
        "b: it ends the network with relu, which cannot be read as class scores. You could set "
        'its activation to "linear" (logits), or set its activation to "softmax" (probabilities).'
    )


def test_relu_before_a_flatten_at_the_end_is_found_where_it_is():
    result = trace(network(("Conv2D", {"filters": 10, "kernel_size": 28}), FLATTEN))

    assert result.problem.layer == "a"
    assert "it ends the network with relu" in result.problem.reason


@pytest.mark.parametrize("last", ["Dropout", "GaussianNoise", "LeakyReLU"])
def test_noise_or_leaky_relu_at_the_end(last):
    assert problem(FLATTEN, LOGITS, (last, {})) == (
        "c: at the end of the network it would disturb the class scores. You could remove it."
    )


def test_dropout_of_a_map_before_a_flatten_at_the_end_is_found_where_it_is():
    pixel = ("Conv2D", {"filters": 10, "kernel_size": 28, "activation": "linear"})
    result = trace(network(pixel, ("SpatialDropout2D", {}), FLATTEN))

    assert result.problem.layer == "b"


def test_64_numbers_at_the_end_of_a_dense_layer():
    assert problem(FLATTEN, ("Dense", {})) == (
        "b: the network ends in 64 numbers, but it has to give 10, one a class. You could set its "
        "units to 10, or add Dense with 10 units."
    )


def test_784_numbers_at_the_end_of_another_layer():
    assert problem(FLATTEN) == (
        "a: the network ends in 784 numbers, but it has to give 10, one a class. You could add "
        "Dense with 10 units."
    )


def test_a_map_at_the_end():
    assert problem(("Conv2D", {})) == (
        "a: the network ends in a 26×26×32 map, but it has to give 10 numbers, one a class. You "
        "could add Flatten and Dense with 10 units, or add GlobalAveragePooling2D and Dense with "
        "10 units."
    )


def test_one_pixel_of_10_channels_is_still_a_map():
    assert problem(("Conv2D", {"filters": 10, "kernel_size": 28})).startswith(
        "a: the network ends in a 1×1×10 map, but it has to give 10 numbers"
    )


def test_10_numbers_that_nothing_can_change():
    joined = ("Concatenate", ["input"] * 9)

    assert problem(joined, ("GlobalAveragePooling2D", {})) == (
        "b: nothing in the network can learn. You could add Dense with 10 units."
    )


def test_more_parameters_than_can_be_trained():
    # 784 × 8192 + 8192 = 6,430,720; 8192 × 8192 + 8192 = 67,117,056; 81,930
    layers = [FLATTEN, ("Dense", {"units": 8192}), ("Dense", {"units": 8192}), LOGITS]

    assert problem(*layers) == (
        "d: the network has 73,629,706 parameters, and 50,000,000 is the most that can be trained "
        "here. You could add pooling before the first Dense layer, or use fewer filters or units."
    )


def test_50_million_parameters_are_allowed_and_one_more_is_not(monkeypatch):
    small = network(FLATTEN, LOGITS)  # 784 × 10 + 10

    assert MAX_PARAMETERS == 50_000_000
    monkeypatch.setattr(shapes, "MAX_PARAMETERS", 7850)
    assert trace(small).problem is None
    monkeypatch.setattr(shapes, "MAX_PARAMETERS", 7849)
    assert "has 7,850 parameters" in trace(small).problem.reason
