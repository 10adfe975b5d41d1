"""What every layer makes of one image, before and after its activation."""

import keras
import numpy as np
import pytest

from fmnist_core.data.files import load
from fmnist_core.inside.maps import BEFORE, kernel, maps
from fmnist_core.inside.network import Network, to_input
from fmnist_core.model import presets
from fmnist_core.model.build import build_model
from fmnist_core.runs.store import RunStore
from fmnist_core.specs import Experiment, LayerSpec, ModelSpec


def network_of(folder, *layers):
    """A freshly drawn network of (type, settings)."""
    specs = tuple(
        LayerSpec(type=layer_type, name=f"layer_{number}", settings=settings)
        for number, (layer_type, settings) in enumerate(layers)
    )
    experiment = Experiment(model=ModelSpec(layers=specs))
    keras.utils.set_random_seed(7)
    run = RunStore(folder).create(experiment)
    return Network(run=run, model=build_model(experiment.model), data=load())


@pytest.fixture
def image():
    return {"images": load().images[:1]}


def test_a_relu_layer_is_shown_before_and_after_it(tmp_path, image):
    network = network_of(
        tmp_path,
        ("Conv2D", {"filters": 3}),
        ("Flatten", {}),
        ("Dense", {"units": 10, "activation": "linear"}),
    )
    found = maps(network, image).arrays

    assert list(found) == ["layer_0", "layer_0" + BEFORE, "layer_1", "layer_2"]
    before = found["layer_0" + BEFORE]
    assert before.shape == (26, 26, 3) and before.dtype == np.float32 and before.min() < 0
    np.testing.assert_array_equal(found["layer_0"], np.maximum(before, 0))
    np.testing.assert_array_equal(found["layer_1"], found["layer_0"].ravel())


def test_the_first_value_is_patch_times_kernel_plus_bias(tmp_path, image):
    network = network_of(
        tmp_path,
        ("Conv2D", {"filters": 3}),
        ("Flatten", {}),
        ("Dense", {"units": 10, "activation": "linear"}),
    )
    layer = network.model.get_layer("layer_0")
    layer.bias.assign([0.5, 0.0, -0.5])
    weights = kernel(network, {}, layer="layer_0").arrays["kernel"]
    patch = image["images"][0, 10:13, 12:15] / 255

    found = maps(network, image).arrays["layer_0" + BEFORE]
    expected = np.tensordot(patch, weights[:, :, 0, :], 2) + np.array([0.5, 0, -0.5])
    np.testing.assert_allclose(found[10, 12], expected, rtol=1e-5)


@pytest.mark.parametrize("name", ("small", "residual", "depthwise"))
def test_the_last_layers_are_those_of_the_network(name, tmp_path, image):
    experiment = presets.load(name).experiment
    model = build_model(experiment.model)
    network = Network(run=RunStore(tmp_path).create(experiment), model=model, data=load())
    found = maps(network, image).arrays
    names = [layer.name for layer in experiment.model.layers]

    assert [each for each in found if not each.endswith(BEFORE)] == names
    expected = np.asarray(model(to_input(image["images"]), training=False))[0]
    np.testing.assert_allclose(found[names[-1]], expected, rtol=1e-5, atol=1e-6)
    for layer in experiment.model.layers:
        bent = layer.settings.get("activation", "linear") != "linear"
        assert (layer.name + BEFORE in found) == (bent and layer.type != "Activation")


def test_kernels_by_type(tmp_path, image):
    network = network_of(
        tmp_path,
        ("SeparableConv2D", {"filters": 4, "depth_multiplier": 2}),
        ("DepthwiseConv2D", {}),
        ("MaxPooling2D", {}),
        ("Flatten", {}),
        ("Dense", {"units": 10, "activation": "softmax"}),
    )
    shapes = [
        {name: each.shape for name, each in kernel(network, {}, layer=layer).arrays.items()}
        for layer in ("layer_0", "layer_1", "layer_2", "layer_4")
    ]
    assert shapes == [
        {"kernel": (3, 3, 1, 2), "pointwise": (1, 1, 2, 4)},
        {"kernel": (3, 3, 4, 1)},
        {},
        {"kernel": (576, 10)},
    ]
    assert maps(network, image).arrays["layer_4"].sum() == pytest.approx(1)
