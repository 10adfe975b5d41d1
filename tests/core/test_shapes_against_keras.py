"""Shapes and costs that were worked out without Keras equal those of Keras and TensorFlow.

Both tests draw the same examples every time; HYPOTHESIS_PROFILE=explore draws others, and more.
"""

from __future__ import annotations

from collections import Counter
from math import prod

import keras
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st

from fmnist_core.model.build import build_layer
from fmnist_core.model.catalogue import CATALOGUE
from fmnist_core.model.rules import Misfit
from fmnist_core.model.shapes import trace
from fmnist_core.specs import LayerSpec
from fmnist_core.specs.model import INPUT
from tests.strategies import stacks, values_of

pytestmark = pytest.mark.filterwarnings("ignore:You are using a softmax over axis")
STRICTER = "a map and a vector cannot be joined"  # Keras adds (28, 28, 8) and (8,)
REASONS = (
    "it needs a map",
    "window does not fit",
    "strides and dilation rate cannot both be above 1",
    "only equal shapes can be added",
    "maps are joined along their channels",
    STRICTER,
)


def test_random_stacks_have_keras_shapes_and_parameters_and_fail_where_keras_fails():
    seen: Counter[str] = Counter()

    @settings(max_examples=4 * settings().max_examples)
    @given(stacks())
    def compare(network):
        result = trace(network)
        tensor = keras.Input((28, 28, 1))
        tensors = {INPUT: tensor}
        for layer, ours in zip(network.layers, result.layers, strict=False):
            built = build_layer(layer)
            tensor = tensors[layer.name] = built(_arriving(layer, tensor, tensors))
            assert tensor.shape[1:] == ours.output
            assert _parameters(built.trainable_weights) == ours.cost.trainable
            assert _parameters(built.non_trainable_weights) == ours.cost.non_trainable
            seen[layer.type] += 1
        if len(result.layers) == len(network.layers):
            seen["valid"] += 1
            return
        misfit = network.layers[len(result.layers)]
        assert result.problem is not None and result.problem.layer == misfit.name
        (reason,) = [reason for reason in REASONS if reason in result.problem.reason]
        seen[reason] += 1
        if reason != STRICTER:
            with pytest.raises(ValueError):
                build_layer(misfit)(_arriving(misfit, tensor, tensors))

    compare()
    assert seen["valid"] >= 100
    assert sum(seen[reason] for reason in REASONS if reason != STRICTER) >= 100
    assert min(seen[name] for name in (*CATALOGUE, *REASONS)) >= 3, seen


def _arriving(layer, tensor, tensors):
    """What Keras is given: one tensor, or a list for a merge."""
    if not CATALOGUE[layer.type].merges:
        return tensor
    return [tensor, *(tensors[name] for name in layer.inputs)]


def _parameters(weights):
    return sum(prod(weight.shape) for weight in weights)


# Multiply-adds: TensorFlow counts two operations for each -----------------------------------------

KERNEL_OPERATIONS = {"Conv2D", "DepthwiseConv2dNative", "MatMul"}


def kernel_flops(layer, shape):
    """Floating-point operations for one image, as TensorFlow's profiler counts them."""
    tensor = keras.Input(shape)
    model = keras.Model(tensor, build_layer(layer)(tensor))
    graph = tf.function(model).get_concrete_function(tf.TensorSpec((1, *shape))).graph
    builder = tf.compat.v1.profiler.ProfileOptionBuilder
    options = builder(builder.float_operation()).with_empty_output().build()
    kinds = tf.compat.v1.profiler.profile(graph, cmd="op", options=options)
    flops = {}
    while kinds.children:  # a chain: each kind of operation holds the next
        (kinds,) = kinds.children
        flops[kinds.name] = kinds.float_ops
    return sum(count for name, count in flops.items() if name in KERNEL_OPERATIONS)


def our_cost(layer, shape):
    layer_type = CATALOGUE[layer.type]
    output = layer_type.output_shape((shape,), layer.settings)
    return layer_type.cost(shape, output, layer.settings).cost


@pytest.mark.parametrize(
    ("layer_type", "values", "shape", "mult_adds"),
    [
        # 26 × 26 places × 3 × 3 × 1 weights × 32 filters
        ("Conv2D", {"filters": 32}, (28, 28, 1), 26 * 26 * 9 * 32),
        # the same window at every other place
        ("Conv2D", {"filters": 4, "strides": 2, "padding": "same"}, (7, 7, 3), 4 * 4 * 27 * 4),
        # a dilated window of 3 reaches 5 pixels and leaves 8 - 5 + 1 = 4 places
        ("Conv2D", {"filters": 2, "dilation_rate": 2}, (8, 8, 3), 4 * 4 * 27 * 2),
        ("DepthwiseConv2D", {"depth_multiplier": 2}, (5, 5, 3), 3 * 3 * 9 * 6),
        # 9 weights for each of 3 channels, then a 1×1 mix of 3 channels to 8
        ("SeparableConv2D", {"filters": 8}, (5, 5, 3), 3 * 3 * (9 * 3 + 3 * 8)),
        ("Dense", {"units": 10}, (64,), 640),
        # at each of 4 × 4 pixels
        ("Dense", {"units": 10, "use_bias": False}, (4, 4, 6), 16 * 60),
    ],
)
def test_mult_adds_of_one_layer_are_half_the_flops_of_tensorflow(
    layer_type, values, shape, mult_adds
):
    layer = LayerSpec(type=layer_type, name="layer", settings=values)

    assert our_cost(layer, shape).mult_adds == mult_adds
    assert kernel_flops(layer, shape) == 2 * mult_adds


@st.composite
def costly_layers(draw):
    name = draw(st.sampled_from(("Conv2D", "DepthwiseConv2D", "SeparableConv2D", "Dense")))
    values = {key: draw(values_of(s, key)) for key, s in CATALOGUE[name].settings.items()}
    # TensorFlow pads a dilated convolution on CPUs and counts the padding's work too.
    values = {key: 1 if key == "dilation_rate" else value for key, value in values.items()}
    shape = (draw(st.integers(1, 12)), draw(st.integers(1, 12)), draw(st.integers(1, 8)))
    return LayerSpec(type=name, name="layer", settings=values), shape


def test_mult_adds_of_20_random_layers_are_half_the_flops_of_tensorflow():
    compared = 0

    @settings(max_examples=settings().max_examples)
    @given(costly_layers())
    def compare(drawn):
        nonlocal compared
        layer, shape = drawn
        try:
            cost = our_cost(layer, shape)
        except Misfit:
            return
        compared += 1
        assert kernel_flops(layer, shape) == 2 * cost.mult_adds

    compare()
    assert compared >= 20


@pytest.mark.parametrize(
    "name", sorted(set(CATALOGUE) - {"Conv2D", "DepthwiseConv2D", "SeparableConv2D", "Dense"})
)
def test_layers_without_a_kernel_count_0_mult_adds(name):
    values = {key: setting.default for key, setting in CATALOGUE[name].settings.items()}

    assert CATALOGUE[name].cost((8, 8, 3), (8, 8, 3), values).cost.mult_adds == 0
