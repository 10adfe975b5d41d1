"""What a layer's values see of the image, by hand arithmetic and by following windows back."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fmnist_core.model.catalogue import CATALOGUE
from fmnist_core.model.shapes import trace
from fmnist_core.specs import LayerSpec, ModelSpec
from tests.strategies import layers


def fields(*given_layers):
    """Receptive fields after each layer of (type, settings), the layers called a, b, c, …"""
    specs = [
        LayerSpec(type=layer_type, name=name, **chosen)
        for name, (layer_type, chosen) in zip("abcdefghij", given_layers, strict=False)
    ]
    found = trace(ModelSpec(layers=tuple(specs)))
    assert len(found.layers) == len(specs)
    return [layer.receptive_field for layer in found.layers]


def conv(size=3, **settings):
    return "Conv2D", {"settings": {"kernel_size": size, "filters": 2, **settings}}


def plain(layer_type, **settings):
    return layer_type, {"settings": settings}


POOL = plain("MaxPooling2D")
FLATTEN = plain("Flatten")


def test_two_3x3_convolutions_see_5_pixels_and_a_pooling_one_more():
    # 1 + 2 = 3, + 2 = 5, + 1 = 6; a step is now 2 pixels: + 2 × 2 = 10, + 2 × 2 = 14, + 2 = 16
    assert fields(conv(), conv(), POOL, conv(), conv(), POOL) == [3, 5, 6, 10, 14, 16]


def test_lenet():
    # 5; + 1 = 6; a step is 2: + 4 × 2 = 14; + 2 = 16; a step is 4
    assert fields(conv(5), POOL, conv(5), POOL) == [5, 6, 14, 16]


def test_strides_multiply_the_steps_of_later_layers():
    # 3; a step is 2: 3 + 2 × 2 = 7; a step is 6: 7 + 2 × 6 = 19
    assert fields(conv(strides=2), conv(strides=3), conv(padding="same")) == [3, 7, 19]


def test_a_dilated_window_sees_across_its_gaps():
    # 3 weights 4 apart reach 9 pixels
    assert fields(conv(dilation_rate=4), conv()) == [9, 11]


def test_padding_makes_a_field_larger_than_the_image():
    assert fields(*[conv(padding="same")] * 9, conv(13, padding="same"))[-2:] == [19, 31]


@pytest.mark.parametrize(
    "layer_type",
    [
        *("BatchNormalization", "LayerNormalization", "Dropout", "SpatialDropout2D"),
        *("GaussianNoise", "Activation", "LeakyReLU", "Dense", "Flatten"),
    ],
)
def test_a_layer_that_looks_at_one_place_keeps_the_field(layer_type):
    assert fields(conv(), plain(layer_type)) == [3, 3]


@pytest.mark.parametrize(
    "layer_type", ["Dense", "LayerNormalization", "GlobalMaxPooling2D", "GlobalAveragePooling2D"]
)
def test_what_mixes_a_vector_or_pools_a_map_sees_the_whole_image(layer_type):
    before = [] if layer_type.startswith("Global") else [FLATTEN]

    assert fields(conv(), *before, plain(layer_type))[-1] == 28


def test_softmax_of_a_vector_mixes_it_and_relu_does_not():
    assert fields(conv(), FLATTEN, plain("Activation", activation="softmax"))[-1] == 28
    assert fields(conv(), FLATTEN, plain("Activation", activation="relu"))[-1] == 3


def test_rows_that_a_pooling_leaves_out_are_not_seen():
    # 28 - 3 + 1 = 26; 13; 11; 5, of which the last of 11 rows is not part: pixels 27 and 28
    assert fields(conv(), POOL, conv(), POOL, FLATTEN, plain("Dense"))[-2:] == [10, 26]


def test_a_merge_sees_what_the_widest_of_its_inputs_sees():
    wide, narrow = conv(7, padding="same"), conv(padding="same")

    assert fields(wide, narrow, ("Add", {"inputs": ["input", "a"]})) == [7, 9, 9]
    assert fields(narrow, ("Concatenate", {"inputs": ["input"]}), narrow) == [3, 3, 5]


def test_a_merge_sees_the_rows_that_one_of_its_inputs_left_out():
    # one window of 27 rows fits at steps of 2; the image has 28
    some = conv(27, strides=2)

    assert fields(some, plain("GlobalMaxPooling2D"))[-1] == 27
    assert fields(some, ("Add", {"inputs": ["input"]}), plain("GlobalMaxPooling2D"))[-1] == 28


def test_a_map_of_one_place_that_is_repeated_does_not_stretch_later_steps():
    pixel = conv(28, strides=28)  # one place; another would lie 28 pixels further

    assert fields(pixel, ("Add", {"inputs": ["input"]}), conv()) == [28, 28, 30]


# The same by following windows back one by one ----------------------------------------------------


@st.composite
def chains(draw):
    """Draw a network without merges whose layers fit, all or all but the last."""
    network, shape = ModelSpec(), (28, 28, 1)
    for number in range(draw(st.integers(1, 8))):
        layer = draw(
            layers(f"layer_{number}", {"input": shape}).filter(
                lambda drawn: not CATALOGUE[drawn.type].merges
            )
        )
        network = ModelSpec(layers=(*network.layers, layer))
        found = trace(network).layers
        if len(found) <= number:
            break
        shape = found[-1].output
    return network


def seen(chain, shapes, depth, place):
    """First and last pixel, of one row, that one place after `depth` layers depends on."""
    if depth == 0:
        return place, place
    layer = chain[depth - 1]
    window = CATALOGUE[layer.type].window(layer.settings)
    first = place * window.stride
    if layer.settings.get("padding") == "same":
        size, out = shapes[depth - 1][0], shapes[depth][0]
        first -= max((out - 1) * window.stride + window.reach - size, 0) // 2
    if layer.type == "ZeroPadding2D":
        first -= layer.settings["padding"]
    before = seen(chain, shapes, depth - 1, first)
    last = seen(chain, shapes, depth - 1, first + window.reach - 1)
    return before[0], last[1]


def looks_around(layer):
    return CATALOGUE[layer.type].window(layer.settings) != (1, 1)


def test_the_arithmetic_agrees_with_following_every_window_back():
    compared = []

    @settings(max_examples=3 * settings().max_examples)
    @given(chains())
    def compare(network):
        found = trace(network).layers
        shapes = [(28, 28, 1), *(layer.output for layer in found)]
        for depth, layer in enumerate(found, start=1):
            if len(layer.output) == 1:
                break
            first, last = seen(network.layers, shapes, depth, 0)
            assert layer.receptive_field == last - first + 1
            assert layer.sight.start == first
            if looks_around(network.layers[depth - 1]):
                last = seen(network.layers, shapes, depth, layer.output[0] - 1)[1]
                assert layer.sight.all == last - first + 1
            compared.append(layer.receptive_field)

    compare()
    assert len(set(compared)) >= 15
