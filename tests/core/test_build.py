"""Keras gets from the catalogue what was asked for."""

import keras
import numpy as np
import pytest

from fmnist_core.exceptions import ModelError
from fmnist_core.model.build import build_layer, build_model
from fmnist_core.specs import LayerSpec, ModelSpec

LOGITS = LayerSpec(type="Dense", name="scores", settings={"units": 10, "activation": "linear"})
FLATTEN = LayerSpec(type="Flatten", name="flatten")


def penalties(layer):
    """The regularizers of a layer by argument name, as (l1, l2)."""
    config = layer.get_config()
    found = {key: value for key, value in config.items() if key.endswith("_regularizer")}
    return {
        key: (round(value["config"]["l1"], 6), round(value["config"]["l2"], 6))
        for key, value in found.items()
        if value
    }


@pytest.mark.parametrize(
    ("layer_type", "kernels"),
    [
        ("Conv2D", ["kernel"]),
        ("Dense", ["kernel"]),
        ("DepthwiseConv2D", ["depthwise"]),
        ("SeparableConv2D", ["depthwise", "pointwise"]),
    ],
)
def test_l1_l2_and_initializer_reach_every_kernel(layer_type, kernels):
    values = {"l1": 0.5, "l2": 0.25, "kernel_initializer": "he_normal"}
    layer = build_layer(LayerSpec(type=layer_type, name="a", settings=values))

    assert penalties(layer) == {f"{kernel}_regularizer": (0.5, 0.25) for kernel in kernels}
    for kernel in kernels:
        initializer = layer.get_config()[f"{kernel}_initializer"]
        assert initializer["class_name"] == "HeNormal"


def test_no_penalty_without_l1_and_l2():
    assert penalties(build_layer(LayerSpec(type="Conv2D", name="a"))) == {}
    assert penalties(build_layer(LayerSpec(type="Conv2D", name="a", settings={"l2": 1}))) == {
        "kernel_regularizer": (0.0, 1.0)
    }


@pytest.mark.parametrize(
    ("layer_type", "values", "expected"),
    [
        ("Conv2D", {"padding": "same", "dilation_rate": 2}, {"dilation_rate": (2, 2)}),
        ("Conv2D", {"activation": "gelu", "use_bias": False}, {"activation": "gelu"}),
        ("DepthwiseConv2D", {"depth_multiplier": 3}, {"depth_multiplier": 3}),
        ("MaxPooling2D", {"pool_size": 3}, {"pool_size": (3, 3), "strides": (3, 3)}),
        ("AveragePooling2D", {"strides": 1}, {"pool_size": (2, 2), "strides": (1, 1)}),
        ("BatchNormalization", {"momentum": 0.5, "scale": False}, {"momentum": 0.5}),
        ("LayerNormalization", {"epsilon": 0.01}, {"epsilon": 0.01, "axis": -1}),
        ("Dropout", {"rate": 0.4}, {"rate": 0.4}),
        ("GaussianNoise", {"stddev": 0.2}, {"stddev": 0.2}),
        ("LeakyReLU", {"negative_slope": 0.1}, {"negative_slope": 0.1}),
        ("ZeroPadding2D", {"padding": 2}, {"padding": ((2, 2), (2, 2))}),
    ],
)
def test_settings_arrive_in_keras(layer_type, values, expected):
    config = build_layer(LayerSpec(type=layer_type, name="a", settings=values)).get_config()

    assert {key: config[key] for key in expected} == expected


def test_a_merge_joins_the_layer_before_it_and_those_it_names():
    conv = LayerSpec(type="Conv2D", name="conv", settings={"filters": 2, "padding": "same"})
    merge = LayerSpec(type="Concatenate", name="join", inputs=("input", "conv"))
    model = build_model(ModelSpec(layers=(conv, merge, FLATTEN, LOGITS)))
    image = np.random.default_rng(0).random((1, 28, 28, 1), dtype="float32")
    parts = keras.Model(model.input, [model.get_layer(n).output for n in ("conv", "join")])

    maps, joined = (np.asarray(part) for part in parts(image))

    np.testing.assert_array_equal(joined, np.concatenate([maps, image, maps], axis=-1))


def test_layers_carry_the_names_of_the_description():
    model = build_model(ModelSpec(layers=(FLATTEN, LOGITS)))

    assert [layer.name for layer in model.layers] == ["input", "flatten", "scores"]
    assert model.input_shape == (None, 28, 28, 1)


@pytest.mark.parametrize("name", ["", "My net 1.0", "-", "_a"])
def test_any_name_of_a_network_can_be_compiled(name):
    # TensorFlow refuses most of these as the scope of a graph.
    model = build_model(ModelSpec(name=name, layers=(FLATTEN, LOGITS)))

    assert model.predict_on_batch(np.zeros((2, 28, 28, 1), "float32")).shape == (2, 10)


def test_a_network_that_cannot_be_trained_is_refused_before_keras_is_asked():
    with pytest.raises(ModelError, match=r"^flatten: the network ends in 784 numbers"):
        build_model(ModelSpec(layers=(FLATTEN,)))


def test_the_same_seed_gives_the_same_first_weights():
    spec = ModelSpec(layers=(FLATTEN, LOGITS))
    weights = []
    for seed in (1, 1, 2):
        keras.utils.set_random_seed(seed)
        weights.append(build_model(spec).get_weights()[0])

    np.testing.assert_array_equal(weights[0], weights[1])
    assert (weights[1] != weights[2]).any()
