"""Walks through networks, with shapes and costs that can be checked in the head."""

from collections import Counter

import pytest
from hypothesis import given

from fmnist_core.exceptions import ModelError
from fmnist_core.model import shapes
from fmnist_core.model.catalogue import CATALOGUE, KINDS
from fmnist_core.model.check import check
from fmnist_core.model.costs import Cost
from fmnist_core.model.shapes import MAX_MULT_ADDS, MAX_PARAMETERS, MAX_VALUES, trace
from fmnist_core.specs import LayerSpec, ModelSpec
from tests.strategies import stacks


def network(*layers):
    """A network of (type, settings) or (type, inputs), its layers called a, b, c, …"""
    specs = []
    for name, (layer_type, chosen) in zip("abcdefghij", layers, strict=False):
        field = "inputs" if isinstance(chosen, (list, tuple)) else "settings"
        specs.append(LayerSpec(type=layer_type, name=name, **{field: chosen}))
    return ModelSpec(layers=tuple(specs))


def problem(*layers):
    return str(trace(network(*layers)).problem)


LOGITS = ("Dense", {"units": 10, "activation": "linear"})
PROBABILITIES = ("Dense", {"units": 10, "activation": "softmax"})
FLATTEN = ("Flatten", {})
COSTLY = (
    *("Conv2D", "DepthwiseConv2D", "SeparableConv2D", "Dense"),
    *("BatchNormalization", "LayerNormalization"),
)


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
    # 99 layers that join 100 others each: 101^99 channels, if the walk did not end long before.
    layers = [LayerSpec(type="Concatenate", name="a0", inputs=("input",) * 100)]
    for i in range(1, 99):
        layers.append(LayerSpec(type="Concatenate", name=f"a{i}", inputs=(f"a{i - 1}",) * 100))
    layers.append(LayerSpec(type="Conv2D", name="end"))

    # 784 × 101 = 79,184 values, then 7,997,584, then 807,755,984
    with pytest.raises(
        ModelError, match=r"^a2: .* would keep 815,832,752 values for one image, and "
    ):
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
        "b: a 3×3 window does not fit a 2×2 map."
    )


def test_a_dilated_window_counts_with_its_gaps():
    # 3 weights with gaps of 13 reach 14 × 2 + 1 = 29 pixels.
    assert problem(("Conv2D", {"dilation_rate": 14})) == (
        "a: a 29×29 window does not fit a 28×28 map."
    )


def test_strides_and_dilation_together():
    assert problem(("Conv2D", {"dilation_rate": 2, "strides": 2})) == (
        "a: strides and dilation rate cannot both be above 1."
    )


def test_a_layer_for_maps_after_a_vector():
    assert problem(FLATTEN, ("Conv2D", {})) == (
        "b: it needs a map (height × width × channels), but a vector of 784 arrives."
    )


def test_a_map_and_a_vector_are_not_joined():
    assert problem(FLATTEN, ("Add", ["input"])) == (
        "b: a map and a vector cannot be joined (784 and 28×28×1)."
    )


def test_maps_of_two_sizes_are_not_added():
    assert problem(("Conv2D", {"filters": 4}), ("Conv2D", {"filters": 4}), ("Add", ["a"])) == (
        "c: only equal shapes can be added, and these are 24×24×4 and 26×26×4."
    )


def test_maps_of_two_sizes_are_not_concatenated():
    assert problem(("Conv2D", {"filters": 4}), ("Concatenate", ["input"])) == (
        "b: maps are joined along their channels, so heights and widths must agree: 26×26×4 and "
        "28×28×1."
    )


def test_a_merge_of_nothing():
    assert problem(("Add", [])) == "a: it joins nothing yet."


@pytest.mark.parametrize("name", ["a", "b", "elsewhere"])
def test_a_merge_of_itself_of_a_later_or_of_an_unknown_layer(name):
    assert problem(("Add", [name]), FLATTEN) == f'a: there is no earlier layer called "{name}".'


def test_more_values_than_fit_are_named_at_the_layer_that_makes_them():
    # Each border of 14 adds 28: 56² + 84² + 112² + 140² + 168² = 70,560; 168² × 2048 = 57,802,752
    layers = [("ZeroPadding2D", {"padding": 14})] * 5

    assert problem(*layers, ("Conv2D", {"filters": 2048, "padding": "same"}), FLATTEN) == (
        "f: with its output of 168×168×2048 the network would keep 57,873,312 values for one "
        "image, and 50,000,000 is the most that can be trained here."
    )


def test_50_million_values_are_allowed_and_one_more_is_not(monkeypatch):
    small = network(("Conv2D", {"filters": 4}), FLATTEN, LOGITS)  # 2 × 26² × 4 + 10

    assert MAX_VALUES == 50_000_000
    monkeypatch.setattr(shapes, "MAX_VALUES", 5418)
    assert trace(small).problem is None
    monkeypatch.setattr(shapes, "MAX_VALUES", 5417)
    assert trace(small).problem.layer == "c"


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
        "b: it ends the network with relu, which cannot be read as class scores."
    )


def test_relu_before_a_flatten_at_the_end_is_found_where_it_is():
    result = trace(network(("Conv2D", {"filters": 10, "kernel_size": 28}), FLATTEN))

    assert result.problem.layer == "a"
    assert "it ends the network with relu" in result.problem.reason


@pytest.mark.parametrize("last", ["Dropout", "GaussianNoise", "LeakyReLU"])
def test_noise_or_leaky_relu_at_the_end(last):
    assert problem(FLATTEN, LOGITS, (last, {})) == (
        "c: at the end of the network it would disturb the class scores."
    )


def test_dropout_of_a_map_before_a_flatten_at_the_end_is_found_where_it_is():
    pixel = ("Conv2D", {"filters": 10, "kernel_size": 28, "activation": "linear"})
    result = trace(network(pixel, ("SpatialDropout2D", {}), FLATTEN))

    assert result.problem.layer == "b"


def test_64_numbers_at_the_end_of_a_dense_layer():
    assert problem(FLATTEN, ("Dense", {})) == (
        "b: the network ends in 64 numbers, but it has to give 10, one a class."
    )


def test_a_map_at_the_end():
    assert problem(("Conv2D", {})) == (
        "a: the network ends in a 26×26×32 map, but it has to give 10 numbers, one a class."
    )


def test_one_pixel_of_10_channels_is_still_a_map():
    assert problem(("Conv2D", {"filters": 10, "kernel_size": 28})).startswith(
        "a: the network ends in a 1×1×10 map, but it has to give 10 numbers"
    )


def test_10_numbers_that_nothing_can_change():
    joined = ("Concatenate", ["input"] * 9)

    assert problem(joined, ("GlobalAveragePooling2D", {})) == (
        "b: nothing in the network can learn."
    )


def test_more_parameters_than_can_be_trained():
    # 784 × 8192 + 8192 = 6,430,720; 8192 × 8192 + 8192 = 67,117,056; 81,930
    layers = [FLATTEN, ("Dense", {"units": 8192}), ("Dense", {"units": 8192}), LOGITS]

    assert problem(*layers) == (
        "c: the network has 73,629,706 parameters, and 50,000,000 is the most that can be trained "
        "here; this layer has the largest share."
    )


def test_50_million_parameters_are_allowed_and_one_more_is_not(monkeypatch):
    small = network(FLATTEN, LOGITS)  # 784 × 10 + 10

    assert MAX_PARAMETERS == 50_000_000
    monkeypatch.setattr(shapes, "MAX_PARAMETERS", 7850)
    assert trace(small).problem is None
    monkeypatch.setattr(shapes, "MAX_PARAMETERS", 7849)
    assert "has 7,850 parameters" in trace(small).problem.reason


def test_more_work_than_can_be_done():
    # 112² places × 3 × 3 × 2048 × 512 weights = 118,380,036,096
    layers = [("ZeroPadding2D", {"padding": 14})] * 3
    wide = {"filters": 2048, "kernel_size": 1}, {"filters": 512, "padding": "same"}
    convolutions = [("Conv2D", settings) for settings in wide]

    assert problem(*layers, *convolutions, ("GlobalAveragePooling2D", {}), LOGITS).startswith(
        "e: the network has 118,"
    )
    assert MAX_MULT_ADDS == 100_000_000_000


# How a cost is written ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("layers", "parameters", "mult_adds"),
    [
        ([("Conv2D", {})], "3·3·1·32 + 32 = 320", "26·26·3·3·1·32 = 194,688"),
        ([("Conv2D", {"use_bias": False})], "3·3·1·32 = 288", "26·26·3·3·1·32 = 194,688"),
        ([("DepthwiseConv2D", {})], "3·3·1·1 + 1·1 = 10", "26·26·3·3·1·1 = 6,084"),
        (
            [("SeparableConv2D", {"filters": 8, "depth_multiplier": 2})],
            "3·3·1·2 + 1·2·8 + 8 = 42",
            "26·26·3·3·1·2 + 26·26·1·2·8 = 22,984",
        ),
        ([FLATTEN, LOGITS], "784·10 + 10 = 7,850", "784·10 = 7,840"),
        ([("Dense", {"units": 4})], "1·4 + 4 = 8", "28·28·1·4 = 3,136"),
        ([("Conv2D", {}), ("BatchNormalization", {})], "2·32 + 2·32 = 128", ""),
        ([("BatchNormalization", {"scale": False, "center": False})], "2·1 = 2", ""),
        ([("LayerNormalization", {"scale": False})], "1·1 = 1", ""),
        ([("MaxPooling2D", {})], "", ""),
    ],
)
def test_a_formula_shows_where_the_number_comes_from(layers, parameters, mult_adds):
    last = trace(network(*layers)).layers[-1]

    assert (last.formula, last.mult_adds_formula) == (parameters, mult_adds)


def test_every_formula_works_out_to_the_number_that_is_counted():
    written: Counter[str] = Counter()

    @given(stacks())
    def compare(model):
        for layer, shape in zip(model.layers, trace(model).layers, strict=False):
            cost = shape.cost
            assert worked_out(shape.formula) == cost.trainable + cost.non_trainable
            assert worked_out(shape.mult_adds_formula) == cost.mult_adds
            written[layer.type] += bool(shape.formula)

    compare()
    assert all(written[name] >= 3 for name in COSTLY), written
    assert set(written) == set(CATALOGUE)


def worked_out(formula):
    """Compute the left side of a formula, and see that the right side says the same."""
    if not formula:
        return 0
    left, right = formula.split(" = ")
    number = eval(left.replace("·", "*"))  # digits, · and + only
    assert right == f"{number:,}"
    return number
