"""Exported code: runnable, formatted, and the same network, split and order as the app's own."""

import dataclasses
import json
import subprocess
import sys

import keras
import nbformat
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from fmnist_core.data.files import load
from fmnist_core.data.normalisation import PixelStatistics
from fmnist_core.data.splits import split_indices
from fmnist_core.exceptions import FmnistError, ModelError
from fmnist_core.model import presets
from fmnist_core.model.build import NORMALISATION, build_model
from fmnist_core.model.check import check
from fmnist_core.model.code import notebook, script
from fmnist_core.model.edit import add_layer, change_inputs, change_settings
from fmnist_core.model.shapes import trace
from fmnist_core.settings import settings_of
from fmnist_core.specs import AugmentSpec, DataSpec, Experiment, LayerSpec, ModelSpec, TrainSpec
from fmnist_core.specs.train import OPTIMIZERS
from fmnist_core.training.optimizers import build_optimizer
from tests.strategies import augment_specs, data_specs, stacks, train_specs

TRAINABLE = [each for each in presets.PRESETS if not trace(each.experiment.model).problem]
SMALL = presets.load("small").experiment
pytestmark = pytest.mark.filterwarnings("ignore:You are using a softmax over axis")
RUFF = [sys.executable, "-m", "ruff"]


def exported(experiment: Experiment) -> dict:
    """What the script defines; it does nothing on import."""
    names = {"__name__": "exported"}
    exec(compile(script(experiment), "exported.py", "exec"), names)
    return names


def built(experiment: Experiment) -> keras.Model:
    """The script's network; where it standardises pixels, by some mean and deviation."""
    statistics = () if experiment.data.normalisation == "0-1" else (0.25, 0.5)
    return exported(experiment)["build_model"](*statistics)


def trained(**settings) -> Experiment:
    return dataclasses.replace(SMALL, train=TrainSpec(**settings))


@st.composite
def networks(draw) -> ModelSpec:
    """A network of any layers that can be trained."""
    drawn = draw(stacks(max_layers=8))
    fitting = drawn.layers[: len(trace(drawn).layers)]
    network = add_layer(dataclasses.replace(drawn, layers=fitting), "Flatten")
    network = add_layer(network, "Dense")
    last = network.layers[-1].name
    end = draw(st.sampled_from(("linear", "softmax")))
    network = change_settings(network, last, units=10, activation=end)
    assume(not trace(network).problem and trace(network).total.mult_adds < 50_000_000)
    return network


@st.composite
def experiments(draw) -> Experiment:
    data, train, augment = draw(data_specs), draw(train_specs), draw(augment_specs)
    train = dataclasses.replace(train, batch_size=min(train.batch_size, data.sizes.train))
    names = st.text("aZ09 ._-", max_size=60)
    model = dataclasses.replace(draw(networks()), name=draw(names))
    return Experiment(model=model, data=data, train=train, augment=augment, name=draw(names))


def ruff(code: str, *command: str) -> str:
    """What ruff has to say about the code; nothing where it is as it should be."""
    done = subprocess.run(
        [*RUFF, *command, "--isolated", "--no-cache", "--line-length", "100", "-"],
        input=code,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout + done.stderr if done.returncode else ""


@pytest.mark.parametrize("preset", TRAINABLE, ids=lambda preset: preset.name)
def test_the_script_of_a_preset_builds_its_network(preset):
    model = built(preset.experiment)

    assert model.count_params() == check(preset.experiment.model).parameters
    names = [layer.name for layer in model.layers if not isinstance(layer, keras.layers.InputLayer)]
    if preset.experiment.data.normalisation != "0-1":
        assert names.pop(0) == NORMALISATION
    assert names == [layer.name for layer in preset.experiment.model.layers]


@settings(max_examples=25)
@given(networks())
def test_a_network_of_any_layers_computes_what_the_app_computes(network):
    x = np.random.default_rng(0).random((2, 28, 28, 1), np.float32)
    found = []
    build = exported(Experiment(model=network))["build_model"]
    for make in (build, lambda: build_model(network)):
        keras.utils.set_random_seed(3)
        model = make()
        outputs = np.asarray(model(x, training=True))  # with its dropout and noise
        found.append((outputs, float(sum(model.losses)), model.get_weights()))

    (ours, our_loss, our_weights), (theirs, their_loss, their_weights) = found
    assert np.array_equal(ours, theirs, equal_nan=True)
    assert our_loss == pytest.approx(their_loss, rel=1e-5, nan_ok=True)
    for one, two in zip(our_weights, their_weights, strict=True):
        assert np.array_equal(one, two, equal_nan=True)


@pytest.mark.parametrize(
    ("changed", "line"),
    [
        ({}, 'Conv2D(16, 3, activation="relu", name="conv2d_1"),  # 26×26×16 · 160 parameters'),
        (
            {"activation": "linear", "l2": 0.01},
            "16, 3, kernel_regularizer=keras.regularizers.L2(0.01), name=",
        ),
        (
            {"activation": "linear", "l1": 0.1},
            "16, 3, kernel_regularizer=keras.regularizers.L1(0.1), name=",
        ),
        (
            {"activation": "linear", "l1": 0.1, "l2": 1},
            "16, 3, kernel_regularizer=keras.regularizers.L1L2(0.1, 1.0), name=",
        ),
        (
            {"activation": "tanh", "strides": 2, "use_bias": False},
            '16, 3, strides=2, activation="tanh", use_bias=False, name=',
        ),
    ],
)
def test_a_layer_is_written_with_what_differs_from_keras(changed, line):
    model = change_settings(SMALL.model, "conv2d_1", **changed)

    assert line in script(Experiment(model=model))


@pytest.mark.parametrize("preset", TRAINABLE, ids=lambda preset: preset.name)
def test_the_script_of_a_preset_is_formatted_and_clean(preset):
    code = script(preset.experiment)

    assert ruff(code, "format", "--diff") == ""
    assert ruff(code, "check", "--select", "E,W,F,I,UP,B,C4,SIM") == ""


@settings(max_examples=50)
@given(experiments())
def test_any_script_is_formatted_and_clean(experiment):
    code = script(experiment)

    assert ruff(code, "format", "--diff") == ""
    assert ruff(code, "check", "--select", "E,W,F,I,UP,B,C4,SIM", "--ignore", "E501") == ""


@pytest.mark.parametrize(
    "data",
    [
        DataSpec(split="last", validation=5_000),
        DataSpec(split="stratified", validation=0.2, seed=3),
        DataSpec(split="resplit", validation=0.2),
        DataSpec(split="last", subset=1_000, seed=2),
        DataSpec(split="stratified", subset=777, validation=100),
        DataSpec(split="resplit", subset=1_000, validation=300, seed=2**31 - 1),
    ],
    ids=str,
)
def test_the_script_shares_out_the_images_as_the_app_does(data, monkeypatch):
    mnist = load()
    files = (mnist.x_train, mnist.y_train), (mnist.x_test, mnist.y_test)
    monkeypatch.setattr(keras.datasets.fashion_mnist, "load_data", lambda: files)
    split = split_indices(mnist.labels, data)

    parts = exported(dataclasses.replace(SMALL, data=data))["load_data"]()

    for (x, y), index in zip(parts, (split.train, split.validation, split.test), strict=True):
        assert x.dtype == np.float32 and x.shape == (len(index), 28, 28, 1)
        assert np.array_equal(y, mnist.labels[index])
        assert np.array_equal(x[::50, ..., 0] * 255, mnist.images[index[::50]])


def test_batches_come_in_the_order_of_the_training_loop_with_the_weights_of_their_classes():
    weights = tuple(float(number) for number in range(10))
    names = exported(trained(batch_size=4, seed=11, class_weights=weights))
    x, y = np.arange(10), np.arange(10)[::-1]

    batches = names["shuffled_batches"](x, y)

    for epoch in range(2):
        order = np.random.default_rng([11, epoch]).permutation(np.arange(10))
        for index in (order[:4], order[4:8], order[8:]):
            batch_x, batch_y, batch_weights = next(batches)
            assert batch_x.tolist() == index.tolist()
            assert batch_y.tolist() == batch_weights.tolist() == y[index].tolist()


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("changed", [{}, {"momentum": 0.9, "nesterov": True, "weight_decay": 0.1}])
def test_the_script_makes_the_optimizer_that_the_app_makes(optimizer, changed, monkeypatch):
    class Seen(Exception):
        pass

    def see(self, optimizer, loss, metrics):
        raise Seen(optimizer)

    experiment = trained(optimizer=optimizer, learning_rate=0.03, **changed)
    names = exported(experiment)
    monkeypatch.setattr(keras.Model, "compile", see)
    names["load_data"] = lambda: (None, None, None)
    with pytest.raises(Seen) as caught:
        names["main"]()

    optimizer, expected = caught.value.args[0], build_optimizer(experiment.train)
    assert type(optimizer) is type(expected)
    assert {**optimizer.get_config(), "name": ""} == {**expected.get_config(), "name": ""}


@pytest.mark.parametrize("skips", [False, True])
def test_a_network_that_computes_in_bfloat16_has_float32_at_its_ends(skips):
    model = SMALL.model
    if skips:
        model = add_layer(change_settings(model, "conv2d_1", padding="same"), "Concatenate", 1)
        model = change_inputs(model, "concatenate_1", ["input"])
    experiment = dataclasses.replace(
        trained(precision="mixed_bfloat16"),
        model=model,
        data=DataSpec(normalisation="standardised"),
    )
    x = np.random.default_rng(0).random((2, 28, 28, 1), np.float32)
    keras.utils.set_random_seed(3)
    expected = build_model(model, PixelStatistics(np.array(0.25), np.array(0.5)), "mixed_bfloat16")(
        x
    )

    keras.config.set_dtype_policy("mixed_bfloat16")
    try:
        keras.utils.set_random_seed(3)
        network = built(experiment)
    finally:
        keras.config.set_dtype_policy("float32")

    dtypes = [layer.compute_dtype for layer in network.layers[-len(model.layers) - 1 :]]
    assert dtypes[0] == dtypes[-1] == "float32" and set(dtypes[1:-1]) == {"bfloat16"}
    assert np.array_equal(network(x), expected)


def test_what_tensorflow_reads_at_its_import_is_set_before():
    code = script(trained(threads=3, onednn=False))

    before, _, after = code.partition("import keras\n")
    for name in ("OMP", "TF_NUM_INTRAOP", "TF_NUM_INTEROP"):
        assert f'os.environ["{name}_NUM_THREADS"] = "3"'.replace("OP_NUM_", "OP_") in before
    assert 'os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"' in before
    assert "environ" not in after and "environ" not in script(SMALL)


def test_only_what_the_experiment_uses_stands_in_the_script():
    code = script(dataclasses.replace(SMALL, data=DataSpec(split="last")))

    for word in ("sklearn", "equal_shares", "STEPS =", "DROP", "WEIGHTS", "smoothing", "momentum"):
        assert word not in code
    for word in ("environ", "rng =", "augment", "policy", "ema", "Rescaling", "statistics", "flip"):
        assert word not in code.lower()
    for word in ("learning_rate(", "Stopping", "Plateau", "Dropout", "categorical(", "regularizer"):
        assert word not in code
    assert len(code.splitlines()) < 110


def test_the_exporter_knows_every_setting_of_data_and_training():
    # A setting added to a spec has to be written by model/code too, then added here.
    assert set(settings_of(DataSpec)) == {
        *("split", "validation", "subset", "seed", "normalisation"),
        *("label_noise", "noise_pairs"),
    }
    assert set(settings_of(TrainSpec)) == {
        *("epochs", "steps", "batch_size", "optimizer", "learning_rate", "schedule"),
        *("drop_factor", "drop_every", "early_stopping", "reduce_lr", "momentum", "nesterov"),
        *("weight_decay", "label_smoothing", "class_weights", "seed"),
        *("precision", "threads", "onednn", "ema_momentum", "flip_evaluation"),
    }
    assert set(settings_of(AugmentSpec)) == {
        *("augmentation", "keep_originals", "shift", "rotation", "zoom", "horizontal_flip"),
        *("brightness", "contrast", "noise", "cutout", "random_erasing", "mixup", "cutmix"),
    }


@pytest.mark.parametrize("name", ["blank", "too-big"])
@pytest.mark.parametrize("export", [script, notebook])
def test_a_network_that_cannot_be_trained_is_no_code(name, export):
    with pytest.raises(ModelError):
        export(presets.load(name).experiment)


@pytest.mark.parametrize("hostile", ['a"""\nimport os', "a\\", "{x}", "<lines>", "é", "a\nb"])
def test_a_name_that_could_be_code_never_gets_into_a_spec(hostile):
    with pytest.raises(FmnistError):
        ModelSpec(name=hostile)
    with pytest.raises(FmnistError):
        LayerSpec(type="Flatten", name=hostile)


def test_layers_may_have_the_names_of_what_the_script_uses():
    def layer(kind, name, inputs=(), **settings):
        return LayerSpec(type=kind, name=name, inputs=inputs, settings=settings)

    words = ["keras", "x", "inputs", "from_x", "lambda", "print"]
    convolutions = [layer("Conv2D", word, filters=1, padding="same") for word in words]
    model = ModelSpec(
        layers=(
            *convolutions,
            layer("Concatenate", "joined", (*words, "input", "input")),
            layer("Flatten", "np"),
            layer("Dense", "layer", units=10, activation="linear"),
        )
    )

    built = exported(Experiment(model=model))["build_model"]()

    assert built.get_layer("joined").output.shape == (None, 28, 28, 9)
    assert built.count_params() == check(model).parameters


@pytest.mark.parametrize("preset", TRAINABLE, ids=lambda preset: preset.name)
def test_the_notebook_is_valid_and_holds_the_code_of_the_script(preset):
    book = nbformat.reads(notebook(preset.experiment), as_version=4)
    nbformat.validate(book)

    cells = [cell.source for cell in book.cells if cell.cell_type == "code"]
    code = script(preset.experiment).split('"""\n', 1)[1]
    only_there = ("def main():", '"""Train the network, test', "if __name__ ==", "main()")
    assert sorted(line.strip() for cell in cells for line in cell.splitlines() if line) == sorted(
        line.strip()
        for line in code.splitlines()
        if line and not line.strip().startswith(only_there)
    )


def test_each_part_of_the_notebook_is_explained_above_its_code():
    cells = json.loads(notebook(SMALL))["cells"]

    kinds = [cell["cell_type"] for cell in cells]
    assert kinds[:2] == ["markdown", "code"] and kinds.count("markdown") == 5
    assert "".join(cells[0]["source"]).startswith("# small on Fashion-MNIST\n\n")
    assert len({cell["id"] for cell in cells}) == len(cells)
