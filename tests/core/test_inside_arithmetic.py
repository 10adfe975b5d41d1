"""Values worked out by hand, in NumPy, are those of Keras's layers."""

import keras
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from fmnist_core.data.files import load
from fmnist_core.data.normalisation import PixelStatistics
from fmnist_core.inside import arithmetic
from fmnist_core.inside.arithmetic import work_out
from fmnist_core.inside.layer_values import PROBABILITIES, steps_of, worked_out
from fmnist_core.inside.layer_values import arithmetic as task
from fmnist_core.inside.network import Network, to_input
from fmnist_core.inside.recompute import value_at
from fmnist_core.model import presets
from fmnist_core.model.build import build_layer, build_model
from fmnist_core.model.catalogue import CATALOGUE
from fmnist_core.model.rules import Misfit
from fmnist_core.runs.store import RunStore
from fmnist_core.specs import LayerSpec
from tests.core.test_inside_maps import network_of
from tests.strategies import layers

SHAPES = ((6, 6, 3), (7, 7, 1), (9, 9, 2), (1, 1, 5), (12,))


def conv_of(x, kernel, bias, **changed):
    spec = LayerSpec(type="Conv2D", name="a", settings={"kernel_size": len(kernel), **changed})
    output = np.zeros((x.shape[0] - len(kernel) + 1,) * 2 + (1,), np.float32)
    return work_out(spec, {"kernel": kernel, "bias": bias}, [x], output, output, 0)


def test_a_convolution_by_hand():
    # 1·1 + 2·0 + 4·0 + 5·2 + 0.5 = 11.5; one place to the right 2·1 + 6·2 + 0.5 = 14.5
    x = np.arange(1, 10, dtype=np.float32).reshape(3, 3, 1)
    kernel = np.array([[1, 0], [0, 2]], np.float32).reshape(2, 2, 1, 1)
    found = conv_of(x, kernel, np.array([0.5], np.float32))

    assert value_at(found, 0, 0) == (11.5, 11.5)
    assert value_at(found, 0, 1) == (14.5, 14.5)
    assert value_at(conv_of(x, -kernel, np.array([0.5], np.float32)), 0, 0) == (-10.5, 0)


def test_a_mean_leaves_out_what_padding_adds():
    spec = LayerSpec(type="AveragePooling2D", name="a", settings={"padding": "same"})
    x = np.array([[1, 2, 3], [3, 4, 5], [6, 8, 9]], np.float32)[..., np.newaxis]
    output = np.zeros((2, 2, 1), np.float32)
    found = work_out(spec, {}, [x], output, output, 0)

    assert [value_at(found, row, 1)[0] for row in (0, 1)] == [4, 9]
    assert value_at(found, 1, 0)[0] == 7


def compare(layer, spec, shape, seed):
    """All values of a channel of a layer with random weights, against Keras's."""
    rng = np.random.default_rng(seed)
    arriving = keras.Input(shape)
    output = layer([arriving, arriving] if CATALOGUE[spec.type].merges else arriving)
    layer.set_weights(
        [
            rng.uniform(0.1, 1, each.shape)
            if "variance" in each.name
            else rng.normal(size=each.shape)
            for each in layer.weights
        ]
    )
    probe = keras.Model(arriving, steps_of(layer))
    x = rng.normal(size=(1, *shape)).astype(np.float32)
    channel = int(rng.integers(output.shape[-1]))
    found = worked_out(layer, spec, probe, x, channel)

    expected = np.asarray(layer([x, x] if CATALOGUE[spec.type].merges else x))[0]
    expected = expected[..., channel].reshape(found.arrays["output"].shape)
    np.testing.assert_allclose(found.arrays["output"], expected, rtol=1e-5, atol=1e-5)
    again = np.array([value_at(found, *place) for place in np.ndindex(expected.shape)])
    before = found.arrays["before"].ravel()
    tolerance = {"rtol": 1e-4, "atol": 1e-5 * (1 + np.abs(before).max())}
    np.testing.assert_allclose(again[:, 0], before, **tolerance)
    np.testing.assert_allclose(again[:, 1], expected.ravel(), **tolerance)
    return found


def test_every_type_of_layer_is_worked_out_as_keras_does():
    seen = set()

    @settings(max_examples=2 * settings().max_examples, deadline=None)
    @given(st.data(), st.sampled_from(SHAPES), st.integers(0, 2**32 - 1))
    def check(data, shape, seed):
        spec = data.draw(layers("layer", {"input": shape}))
        try:
            CATALOGUE[spec.type].output_shape((shape,) * 2, spec.settings)
        except Misfit:
            assume(False)
        compare(build_layer(spec), spec, shape, seed)
        seen.add(spec.type)

    check()
    assert len(seen) >= 10


@pytest.mark.parametrize(
    ("layer_type", "chosen"),
    [
        ("Conv2D", {"kernel_size": 3, "strides": 2, "padding": "same"}),
        ("Conv2D", {"kernel_size": 3, "dilation_rate": 2, "padding": "same"}),
        ("Conv2D", {"kernel_size": 9, "padding": "same"}),
        ("Conv2D", {"kernel_size": 2, "strides": 3}),
        ("SeparableConv2D", {"depth_multiplier": 2, "strides": 2, "padding": "same"}),
        ("Dense", {"units": 3}),
    ],
)
def test_channels_that_are_not_sent_are_in_the_rest(layer_type, chosen, monkeypatch):
    monkeypatch.setattr(arithmetic, "MAX_CHANNELS", 2)
    spec = LayerSpec(type=layer_type, name="layer", settings=chosen)
    found = compare(build_layer(spec), spec, (6, 6, 5), seed=7)

    assert found.arrays["input"].shape[2] == len(found.arrays["channels"]) == 2
    assert np.abs(found.arrays["rest"]).max() > 0


@pytest.mark.parametrize("name", CATALOGUE["Conv2D"].settings["activation"].choices)
def test_every_activation_is_that_of_keras(name):
    spec = LayerSpec(type="Conv2D", name="layer", settings={"activation": name})
    compare(build_layer(spec), spec, (6, 6, 3), seed=7)


def test_what_is_sent_of_a_wide_layer_is_below_a_megabyte(tmp_path):
    network = network_of(
        tmp_path,
        ("Conv2D", {"filters": 512, "padding": "same"}),
        ("Conv2D", {"filters": 8, "kernel_size": 5, "padding": "same"}),
        ("GlobalAveragePooling2D", {}),
        ("Dense", {"units": 10, "activation": "linear"}),
    )
    image = {"images": network.data.images[:1]}
    found = task(network, image, layer="layer_1", channel=3)

    assert sum(array.nbytes for array in found.arrays.values()) < 750_000  # 4/3 of it in base64
    before, after = value_at(found, 14, 9)
    assert before == pytest.approx(found.arrays["before"][14, 9], rel=1e-4, abs=1e-5)
    assert after == pytest.approx(found.arrays["output"][14, 9], rel=1e-4, abs=1e-5)


def test_logits_become_probabilities(tmp_path):
    network = network_of(
        tmp_path, ("Flatten", {}), ("Dense", {"units": 10, "activation": "linear"})
    )
    image = {"images": network.data.images[:1]}
    shares = [
        value_at(task(network, image, layer=PROBABILITIES, channel=channel), 0, 0)[1]
        for channel in range(10)
    ]
    logits = np.asarray(network.model(to_input(image["images"])))[0]
    np.testing.assert_allclose(shares, np.exp(logits) / np.exp(logits).sum(), rtol=1e-5)


def test_the_first_layer_works_on_what_normalisation_gives(tmp_path):
    experiment = presets.load("small").experiment
    statistics = PixelStatistics(mean=np.array(0.3), std=np.array(0.5))
    model = build_model(experiment.model, statistics)
    network = Network(run=RunStore(tmp_path).create(experiment), model=model, data=load())
    image = network.data.images[:1]
    found = task(network, {"images": image}, layer="conv2d_1", channel=4)

    np.testing.assert_allclose(
        found.arrays["input"][..., 0], (image[0] / 255 - 0.3) / 0.5, rtol=1e-4, atol=1e-6
    )
    assert value_at(found, 9, 9)[1] == pytest.approx(found.arrays["output"][9, 9], abs=1e-5)
