"""How the prediction of an image moved over the epochs."""

import numpy as np
import pytest

from fmnist_core.analysis.trajectories import load_trajectories
from fmnist_core.cli import main
from fmnist_core.exceptions import StoreError
from fmnist_core.model import presets
from fmnist_core.runs.store import RunStore

INDEX = np.array([5, 70, 900], np.int32)


@pytest.fixture
def run(tmp_path):
    """A run with three validation images; the second is a shirt (6) taken for 0, 0, 6 and 0."""
    run = RunStore(tmp_path).create(presets.load("small").experiment)
    proba = np.eye(10, dtype=np.float32)[[1, 0, 2]]
    labels = np.array([1, 6, 2], np.uint8)
    parts = {
        f"{part}_{name}": array
        for part in ("validation", "test")
        for name, array in (("index", INDEX), ("label", labels), ("proba", proba))
    }
    np.savez(run.folder / "predictions.npz", **parts)
    (run.folder / "moments").mkdir()
    for epoch, taken in enumerate((0, 0, 6, 0), start=1):
        val_proba = np.zeros((3, 10), np.uint8)
        val_proba[[0, 2], [1, 2]] = 255
        val_proba[1, [taken, 3]] = 204, 51
        write_moment(run.folder, epoch, val_proba=val_proba)
    return run


def write_moment(folder, epoch, **arrays):
    np.savez(folder / "moments" / f"epoch-{epoch:04d}.npz", epoch=np.int32(epoch), **arrays)


def test_an_image_is_followed_through_the_epochs(run):
    shirt = load_trajectories(run).of(70)

    assert shirt.epochs.tolist() == [1, 2, 3, 4]
    assert shirt.y_pred.tolist() == [0, 0, 6, 0]
    assert shirt.y_proba[2, [6, 3]].tolist() == pytest.approx([0.8, 0.2])
    assert (shirt.label, shirt.right, shirt.last_change) == (6, 1, 4)
    assert shirt.classes == [6, 0]


def test_an_image_that_was_always_right_never_changed(run):
    trouser = load_trajectories(run).of(5)

    assert (trouser.right, trouser.last_change, trouser.classes) == (4, None, [1])


@pytest.mark.parametrize("image", [0, 71, 69_999])
def test_an_image_that_does_not_validate_has_none(run, image):
    assert load_trajectories(run).of(image) is None


def test_epochs_whose_file_is_damaged_or_older_are_left_out(run):
    (run.folder / "moments/epoch-0001.npz").write_bytes(b"torn")
    write_moment(run.folder, 2)
    write_moment(run.folder, 3, val_proba=np.zeros((2, 10), np.uint8))

    assert load_trajectories(run).epochs.tolist() == [4]


def test_a_run_that_recorded_none_says_so(run):
    for epoch in range(1, 5):
        write_moment(run.folder, epoch)

    with pytest.raises(StoreError) as raised:
        load_trajectories(run)
    assert str(raised.value) == (
        f"Run {run.run_id} has recorded no predictions of single epochs: it was trained by an "
        "older version. Runs that are trained now record them."
    )


def test_the_command_tells_it_epoch_by_epoch(run, monkeypatch, capsys):
    monkeypatch.setenv("FMNIST_RUNS_DIR", str(run.folder.parent))

    assert main(["trajectory", run.run_id, "70"]) == 0
    assert capsys.readouterr().out.splitlines()[1:] == [
        "taken for it after 1 of 4 epochs",
        "     1  T-shirt/top   80 %, Shirt 0 %",
        "     2  T-shirt/top   80 %, Shirt 0 %",
        "     3  Shirt         80 %",
        "     4  T-shirt/top   80 %, Shirt 0 %",
    ]
    assert main(["trajectory", run.run_id, "71"]) == 1
    assert "Image 71 is no validation image of run" in capsys.readouterr().err
