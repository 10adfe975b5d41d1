"""Weights, outputs and gradients of layers, as the health view shows them."""

import numpy as np
import pytest
import tensorflow as tf

from fmnist_core.data.files import load
from fmnist_core.inside.health import health
from fmnist_core.inside.network import Network, to_input
from fmnist_core.model import presets
from fmnist_core.model.build import build_model
from fmnist_core.runs.store import RunStore


@pytest.fixture
def network(tmp_path):
    """The small network, freshly drawn; two of its first 16 filters can never fire."""
    experiment = presets.load("small").experiment
    model = build_model(experiment.model)
    bias = np.zeros(16, np.float32)
    bias[[3, 7]] = -1e3
    model.get_layer("conv2d_1").bias.assign(bias)
    return Network(run=RunStore(tmp_path).create(experiment), model=model, data=load())


def test_each_layer_is_measured_on_the_validation_images(network):
    found = health(network, {}, images=100)
    layers = {each["name"]: each for each in found.values["layers"]}

    assert list(layers) == [layer.name for layer in network.run.experiment.model.layers]
    assert found.values["images"] == 100
    first = layers["conv2d_1"]
    assert (first["units"], first["silent"]) == (16, [3, 7])
    assert first["zeros"] > 2 / 16
    kernel = np.asarray(network.model.get_layer("conv2d_1").kernel)
    assert first["weight_std"] == pytest.approx(np.sqrt(np.mean(kernel**2)))
    assert layers["flatten_1"]["weight_std"] is layers["flatten_1"]["gradient"] is None
    assert found.arrays["conv2d_1/weights"].sum() == kernel.size


def test_outputs_do_not_depend_on_the_size_of_batches(network):
    found = health(network, {}, images=130)  # two whole batches and a rest
    index = network.run.experiment.data
    from fmnist_core.data.splits import split_indices

    chosen = split_indices(network.data.labels, index).validation[:130]
    logits = np.asarray(network.model(to_input(network.data.images[chosen]), training=False))
    last = found.values["layers"][-1]
    assert last["mean"] == pytest.approx(logits.mean(), abs=1e-5)
    assert last["std"] == pytest.approx(logits.std(), abs=1e-5)


def test_the_gradient_is_the_slope_of_the_loss(network):
    from fmnist_core.data.splits import split_indices

    index = split_indices(network.data.labels, network.run.experiment.data).train[:128]
    kernel = network.model.get_layer("dense_2").kernel
    before = np.asarray(kernel)

    def loss():
        logits = network.logits(to_input(network.data.images[index]))
        y_true = tf.constant(network.data.labels[index], tf.int32)
        return float(tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(y_true, logits)))

    found = health(network, {}, images=1).values["layers"][-1]["gradient"]
    # Along a random direction of length 1 in each number, slopes are of the gradient's size.
    rng, slopes = np.random.default_rng(7), []
    for _ in range(30):
        direction = rng.choice([-1.0, 1.0], before.shape).astype(np.float32)
        kernel.assign(before + 1e-3 * direction)
        high = loss()
        kernel.assign(before - 1e-3 * direction)
        slopes.append((high - loss()) / 2e-3)
    expected = np.sqrt(np.mean(np.square(slopes)) / before.size)
    assert found == pytest.approx(expected, rel=0.4)
