"""Saliency maps, against closed forms and finite differences."""

from dataclasses import replace

import keras
import numpy as np
import pytest

from fmnist_core.analysis.saliency import BASELINES, layers_with_maps
from fmnist_core.data.files import load
from fmnist_core.exceptions import InferenceError
from fmnist_core.inside.network import Network, to_input
from fmnist_core.inside.saliency import CAMS, METHODS, resize, saliency
from fmnist_core.model import presets
from fmnist_core.model.build import build_model
from fmnist_core.runs.store import RunStore
from fmnist_core.specs.model import LayerSpec, ModelSpec

IMAGE = 60_004


def network_of(tmp_path, model):
    experiment = replace(presets.load("small").experiment, model=model)
    keras.utils.set_random_seed(3)
    return Network(run=RunStore(tmp_path).create(experiment), model=build_model(model), data=load())


@pytest.fixture
def small(tmp_path):
    """The small network with random weights."""
    return network_of(tmp_path, presets.load("small").experiment.model)


@pytest.fixture
def linear(tmp_path):
    """One dense layer: logits are w·x, so that every map is known."""
    layers = (
        LayerSpec(type="Flatten", name="flat"),
        LayerSpec(type="Dense", name="out", settings={"units": 10, "activation": "linear"}),
    )
    return network_of(tmp_path, ModelSpec(name="linear", layers=layers))


def explain(network, method, target=3, against=None, **options):
    image = network.data.images[IMAGE]
    return saliency(
        network, {"image": image}, method=method, target=target, against=against, **options
    )


def kernel(network, target, against=None):
    weights = np.asarray(network.model.get_layer("out").kernel)
    found = weights[:, target] - (0 if against is None else weights[:, against])
    return found.reshape(28, 28)


def pixels(network):
    return network.data.images[IMAGE] / np.float32(255)


@pytest.mark.parametrize("method", ("gradient", "smoothgrad"))
@pytest.mark.parametrize("against", (None, 5))
def test_the_gradient_of_a_linear_network_is_its_kernel(linear, method, against):
    found = explain(linear, method, against=against).arrays["map"]
    assert found == pytest.approx(kernel(linear, 3, against), abs=1e-6)


@pytest.mark.parametrize("baseline", BASELINES)
def test_integrated_gradients_share_out_the_difference_of_the_scores(linear, small, baseline):
    found = explain(linear, "integrated", baseline=baseline)
    assert found.values["gap"] == pytest.approx(0, abs=1e-4)
    if baseline == "black":
        expected = kernel(linear, 3) * pixels(linear)
        assert found.arrays["map"] == pytest.approx(expected, abs=1e-6)

    bent = explain(small, "integrated", baseline=baseline)
    total = bent.values["score"] - bent.values["baseline_score"]
    assert bent.arrays["map"].sum() + bent.values["gap"] == pytest.approx(total, abs=1e-4)
    assert abs(bent.values["gap"]) < 0.02 * max(1, abs(total))


def test_occlusion_of_a_linear_network_is_the_mean_fall_over_the_squares(linear):
    given = kernel(linear, 3) * pixels(linear)
    expected = np.zeros((28, 28))
    for row in range(28):
        for column in range(28):
            falls = [
                given[top : top + 5, left : left + 5].sum()
                for top in range(max(0, row - 4), min(row, 23) + 1)
                for left in range(max(0, column - 4), min(column, 23) + 1)
            ]
            expected[row, column] = np.mean(falls)

    assert explain(linear, "occlusion").arrays["map"] == pytest.approx(expected, abs=1e-5)


def test_the_gradient_is_the_slope_between_two_images(small):
    # Of noise: where pixels are 0, all ReLUs of a network without biases stand at their bend.
    rng = np.random.default_rng(1)
    image = rng.integers(1, 255, (28, 28)).astype(np.uint8)
    found = saliency(small, {"image": image}, method="gradient", target=3, against=5).arrays["map"]
    direction = rng.normal(0, 1, (28, 28)).astype(np.float32)
    x, step = image / np.float32(255), 2e-4

    def score(image):
        logits = np.asarray(small.model(image[np.newaxis, ..., np.newaxis], training=False))[0]
        return float(logits[3]) - float(logits[5])

    slope = (score(x + step * direction) - score(x - step * direction)) / (2 * step)
    assert (found * direction).sum() == pytest.approx(slope, rel=0.05, abs=0.01)


def test_cams_weigh_maps_by_slopes_that_are_measured_anew(tmp_path):
    # A network without bends, so that slopes by finite differences are exact enough.
    layers = (
        LayerSpec(type="Conv2D", name="conv", settings={"filters": 4, "activation": "tanh"}),
        LayerSpec(type="AveragePooling2D", name="pool", settings={"pool_size": 3}),
        LayerSpec(type="Conv2D", name="deep", settings={"filters": 5, "activation": "tanh"}),
        LayerSpec(type="Flatten", name="flat"),
        LayerSpec(type="Dense", name="out", settings={"units": 10, "activation": "linear"}),
    )
    network = network_of(tmp_path, ModelSpec(name="smooth", layers=layers))
    output = network.model.get_layer("pool").output
    before = keras.Model(network.model.inputs, output)
    after = keras.Model(output, network.model.output)
    maps = np.asarray(before(to_input(network.data.images[[IMAGE]])))[0]  # 8×8×4
    step = 1e-2 * np.eye(maps.size, dtype=np.float32).reshape(-1, *maps.shape)
    high, low = (np.asarray(after(maps + sign * step)) for sign in (1, -1))
    measured = (high[:, 3] - low[:, 3]) / 2e-2 - (high[:, 5] - low[:, 5]) / 2e-2
    slopes = measured.reshape(maps.shape)

    expected = {
        "grad-cam": (maps * slopes.mean(axis=(0, 1))).sum(-1),
        "hirescam": (maps * slopes).sum(-1),
        "layercam": (maps * slopes.clip(min=0)).sum(-1),
    }
    assert set(expected) == set(CAMS)
    for method, raw in expected.items():
        found = explain(network, method, against=5, layer="pool").arrays
        assert found["raw"] == pytest.approx(raw, abs=2e-3)
        assert found["map"] == pytest.approx(resize(found["raw"]))


def test_hirescam_is_gradcam_where_slopes_are_the_same_all_over_a_map(tmp_path):
    layers = (
        LayerSpec(type="Conv2D", name="conv", settings={"filters": 4}),
        LayerSpec(type="GlobalAveragePooling2D", name="mean"),
        LayerSpec(type="Dense", name="out", settings={"units": 10, "activation": "linear"}),
    )
    network = network_of(tmp_path, ModelSpec(name="pooled", layers=layers))
    one, other = (
        explain(network, each, layer="conv").arrays["raw"] for each in ("grad-cam", "hirescam")
    )

    assert one == pytest.approx(other, abs=1e-6)
    # and both add up to the score, but for the bias: the mean of the maps is what is weighed
    weights = np.asarray(network.model.get_layer("out").kernel)[:, 3]
    maps = np.asarray(
        keras.Model(network.model.inputs, network.model.get_layer("conv").output)(
            to_input(network.data.images[[IMAGE]])
        )
    )[0]
    assert one == pytest.approx(maps @ weights / (26 * 26), abs=1e-6)


@pytest.mark.parametrize("method", (*METHODS, *CAMS))
def test_two_classes_swapped_turn_the_sign(small, method):
    there = explain(small, method, target=3, against=5, layer="conv2d_2").arrays["raw"]
    back = explain(small, method, target=5, against=3, layer="conv2d_2").arrays["raw"]
    if method == "layercam":  # takes only slopes that speak for it
        assert not np.allclose(there, -back)
    else:
        assert there == pytest.approx(-back, abs=1e-5)


def test_random_weights_are_other_ones_and_always_the_same(small):
    trained, one, again = (
        explain(small, "gradient", random=random).arrays["map"] for random in (False, True, True)
    )
    assert np.array_equal(one, again)
    assert not np.allclose(trained, one, atol=1e-3)


@pytest.mark.parametrize(
    "layer,sentence",
    (
        ("nothing", "This network has no layer 'nothing'."),
        ("flatten_1", "flatten_1 has no maps, so its 800 numbers lie nowhere."),
    ),
)
def test_a_layer_without_maps_is_refused(small, layer, sentence):
    with pytest.raises(InferenceError) as raised:
        explain(small, "grad-cam", layer=layer)
    assert str(raised.value) == sentence


def test_maps_that_are_too_small_are_refused(tmp_path):
    layers = (
        LayerSpec(type="Conv2D", name="conv", settings={"filters": 4}),
        LayerSpec(type="MaxPooling2D", name="pool", settings={"pool_size": 8}),
        LayerSpec(type="Flatten", name="flat"),
        LayerSpec(type="Dense", name="out", settings={"units": 10, "activation": "linear"}),
    )
    network = network_of(tmp_path, ModelSpec(name="coarse", layers=layers))
    with pytest.raises(InferenceError) as raised:
        explain(network, "grad-cam", layer="pool")
    assert str(raised.value) == (
        "The maps of pool are 3×3: too small to say where in the image. Choose a layer with maps "
        "of at least 4×4."
    )
    assert explain(network, "grad-cam", layer="conv").arrays["raw"].shape == (26, 26)


def test_layers_that_only_act_in_training_are_not_offered():
    known = layers_with_maps(presets.load("r2-2-layer").experiment.model)

    assert list(known) == ["conv2d_1", "max_pooling2d_1", "conv2d_2"]
    assert known["conv2d_2"] == (11, 11, 64)
