"""Exports hold what the run holds, and every fault is one sentence."""

import csv
import shutil
import sys
from dataclasses import replace
from pathlib import Path

import keras
import numpy as np
import pytest

from fmnist_core.cli import main
from fmnist_core.data.files import load
from fmnist_core.data.normalisation import pixel_statistics
from fmnist_core.data.splits import split_indices
from fmnist_core.exceptions import ExportError
from fmnist_core.export import export
from fmnist_core.model.build import build_model
from fmnist_core.runs.files import write_json
from fmnist_core.runs.run import Run
from fmnist_core.specs import LayerSpec, ModelSpec

SHIPPED = sorted((Path(__file__).parents[2] / "saved_runs").glob("2*"))[0]


@pytest.fixture
def run(tmp_path):
    """A copy of a shipped run, in a store of its own."""
    return Run(Path(shutil.copytree(SHIPPED, tmp_path / "store" / SHIPPED.name)))


def test_the_table_has_a_row_for_every_step_and_figures_at_every_epochs_end(run, tmp_path):
    said = export(run, "csv", tmp_path / "metrics.csv")
    rows = list(csv.DictReader((tmp_path / "metrics.csv").open()))
    history = run.history

    assert said == f"{len(rows):,} steps" and len(rows) == len(history.steps) > 100
    assert [float(row["loss"]) for row in rows] == history.losses
    assert [int(row["step"]) for row in rows] == history.steps
    ends = [row for row in rows if row["epoch"]]
    assert [int(row["step"]) for row in ends] == [epoch["step"] for epoch in history.epochs]
    assert [float(row["val_accuracy"]) for row in ends] == [
        epoch["val_accuracy"] for epoch in history.epochs
    ]


def test_the_keras_file_is_the_runs_own(run, tmp_path):
    export(run, "keras", tmp_path / "best.keras")

    assert (tmp_path / "best.keras").read_bytes() == (run.folder / "model.keras").read_bytes()


@pytest.mark.parametrize("kind", ["keras", "csv"])
def test_a_place_that_is_not_there_is_told(kind, run, tmp_path):
    with pytest.raises(ExportError) as caught:
        export(run, kind, tmp_path / "nowhere" / "file")

    assert str(caught.value) == (
        f"{tmp_path}/nowhere/file cannot be written: No such file or directory. Name a file in a "
        "folder that is there and is yours."
    )


@pytest.mark.parametrize("kind", ["keras", "onnx"])
def test_a_run_without_a_model_says_so(kind, run, tmp_path):
    if kind == "onnx":
        pytest.importorskip("tf2onnx")
    (run.folder / "model.keras").unlink()

    with pytest.raises(ExportError) as caught:
        export(run, kind, tmp_path / "file")

    assert str(caught.value) == run.why_no_model
    assert not (tmp_path / "file").exists()


@pytest.mark.parametrize(
    ("kind", "package", "sentence"),
    [
        (
            "tensorboard",
            "tensorboard",
            "TensorBoard's format needs a package that is not installed: pip install tensorboard",
        ),
        (
            "onnx",
            "onnx",
            "ONNX needs a package that is not installed: pip install onnx tf2onnx onnxruntime",
        ),
    ],
)
def test_a_missing_package_is_told_with_the_command_that_installs_it(
    kind, package, sentence, run, tmp_path, monkeypatch
):
    monkeypatch.setitem(sys.modules, package, None)

    with pytest.raises(ExportError) as caught:
        export(run, kind, tmp_path / "out")

    assert str(caught.value) == sentence
    assert not (tmp_path / "out").exists()


def test_event_files_hold_every_figure_at_its_step(run, tmp_path):
    accumulator = pytest.importorskip("tensorboard.backend.event_processing.event_accumulator")
    export(run, "tensorboard", tmp_path / "events")
    history = run.history

    def scalars(part, tag):
        found = accumulator.EventAccumulator(
            str(tmp_path / "events" / run.run_id / part), size_guidance={"scalars": 0}
        )
        return found.Reload().Scalars(tag)

    losses = scalars("train", "loss")
    assert [each.step for each in losses] == history.steps
    assert [each.value for each in losses] == pytest.approx(history.losses, rel=1e-6)
    times = [each.wall_time for each in losses]
    assert times == sorted(times) and times[0] >= history.events[0]["time"]
    accuracies = scalars("validation", "accuracy")
    assert [each.step for each in accuracies] == [row["step"] for row in history.epochs]
    assert [each.value for each in accuracies] == pytest.approx(
        [row["val_accuracy"] for row in history.epochs], rel=1e-6
    )
    with pytest.raises(ExportError, match="is there already"):
        export(run, "tensorboard", tmp_path / "events")


def test_onnx_answers_as_keras_does_from_raw_pixels(run, tmp_path):
    pytest.importorskip("tf2onnx")
    runtime = pytest.importorskip("onnxruntime")
    said = export(run, "onnx", tmp_path / "model.onnx")
    session = runtime.InferenceSession(tmp_path / "model.onnx")
    x = load().images[60_000:60_100, ..., np.newaxis] / np.float32(255)

    found = session.run(None, {session.get_inputs()[0].name: x})[0]

    model = keras.saving.load_model(run.folder / "model.keras")
    assert found == pytest.approx(np.asarray(model(x)), abs=1e-3)
    assert said.startswith("the best weights; outputs differ from Keras by at most ")


def test_a_network_of_bfloat16_and_normalisation_is_written_in_float32(run, tmp_path):
    pytest.importorskip("tf2onnx")
    network = ModelSpec(
        layers=(
            LayerSpec(type="Conv2D", name="conv", settings={"filters": 4}),
            LayerSpec(type="BatchNormalization", name="norm"),
            LayerSpec(type="Flatten", name="flatten"),
            LayerSpec(type="Dense", name="scores", settings={"units": 10, "activation": "linear"}),
        )
    )
    normalised = replace(run.experiment.data, normalisation="per-pixel")
    asked = replace(run.experiment, model=network, data=normalised)
    write_json(run.folder / "experiment.json", {"format": 1, "experiment": asked.to_dict()})
    data = load()
    statistics = pixel_statistics(
        data.images, split_indices(data.labels, normalised).train, normalised
    )
    model = build_model(network, statistics, "mixed_bfloat16")
    model.save(run.folder / "model.keras")

    export(Run(run.folder), "onnx", tmp_path / "model.onnx")

    import onnx

    kinds = {tensor.data_type for tensor in onnx.load(tmp_path / "model.onnx").graph.initializer}
    assert onnx.TensorProto.BFLOAT16 not in kinds and onnx.TensorProto.FLOAT in kinds


def test_an_onnx_network_that_answers_otherwise_is_not_written(run, tmp_path, monkeypatch):
    pytest.importorskip("tf2onnx")
    monkeypatch.setattr(
        "fmnist_core.export.onnx.outputs", lambda path, x: np.zeros((len(x), 10), np.float32)
    )

    with pytest.raises(ExportError, match=r"answers otherwise than Keras, by up to \d"):
        export(run, "onnx", tmp_path / "model.onnx")

    assert not (tmp_path / "model.onnx").exists()


def test_the_command_writes_all_that_is_asked_for(run, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("FMNIST_RUNS_DIR", str(run.folder.parent))
    files = ["--csv", str(tmp_path / "m.csv"), "--keras", str(tmp_path / "b.keras")]

    assert main(["export", run.run_id, *files]) == 0

    assert (tmp_path / "m.csv").exists() and (tmp_path / "b.keras").exists()
    assert f"{tmp_path}/b.keras: the best weights" in capsys.readouterr().out


def test_the_command_asks_what_to_write(run, monkeypatch, capsys):
    monkeypatch.setenv("FMNIST_RUNS_DIR", str(run.folder.parent))

    assert main(["export", run.run_id]) == 1

    assert capsys.readouterr().err == (
        "fmnist: Say what to write: --csv FILE, --tensorboard FOLDER, --onnx FILE, --keras FILE.\n"
    )
