"""What a run's network knew after each epoch."""

import numpy as np
import pytest

from fmnist_core.analysis.time_machine import load_time_machine
from fmnist_core.exceptions import StoreError
from fmnist_core.model import presets
from fmnist_core.runs.store import RunStore

FILTERS = np.arange(18, dtype=np.float32).reshape(3, 3, 1, 2)


@pytest.fixture
def run(tmp_path):
    """A run that has recorded two epochs: of 100 shirts 10, then 40 are taken for T-shirts."""
    run = RunStore(tmp_path).create(presets.load("small").experiment)
    (run.folder / "moments").mkdir()
    for epoch, wrong in ((1, 10), (2, 40)):
        confusion = np.diag([100] * 10).astype(np.int32)
        confusion[6, [0, 6]] = wrong, 100 - wrong
        write(run, epoch, confusion=confusion, first_filters=FILTERS * epoch)
    return run


def write(run, epoch, **arrays):
    path = run.folder / "moments" / f"epoch-{epoch:04d}.npz"
    np.savez(path, epoch=np.int32(epoch), **arrays)


def test_epochs_are_read_in_order_with_their_accuracy(run):
    found = load_time_machine(run)

    assert found.epochs.tolist() == [1, 2]
    assert found.accuracy.tolist() == [0.99, 0.96]
    assert found.confusion[:, 6, 0].tolist() == [10, 40]
    assert found.first_filters.shape == (2, 3, 3, 1, 2)
    assert found.first_filters[1].tolist() == (2 * FILTERS).tolist()


@pytest.mark.parametrize(
    "confusion",
    [
        np.zeros((10, 10), np.int32),
        np.ones((9, 10), np.int32),
        np.ones((10, 10), np.float32),
        np.eye(10, dtype=np.int32) - 1,
    ],
    ids=["no-image", "shape", "kind", "negative"],
)
def test_an_epoch_that_makes_no_sense_is_left_out(run, confusion):
    write(run, 3, confusion=confusion, first_filters=FILTERS)

    assert load_time_machine(run).epochs.tolist() == [1, 2]


def test_a_torn_file_is_left_out(run):
    path = run.folder / "moments" / "epoch-0001.npz"
    path.write_bytes(path.read_bytes()[:100])

    found = load_time_machine(run)

    assert found.epochs.tolist() == [2]
    assert len(found.first_filters) == 1


@pytest.mark.parametrize(
    "filters",
    [FILTERS[:2], FILTERS.astype(int), np.full_like(FILTERS, np.nan), FILTERS[..., 0]],
    ids=["shape", "kind", "not-finite", "dimensions"],
)
def test_filters_that_do_not_fit_are_not_shown(run, filters):
    write(run, 3, confusion=np.eye(10, dtype=np.int32), first_filters=filters)

    found = load_time_machine(run)

    assert found.epochs.tolist() == [1, 2, 3]
    assert found.first_filters is None


def test_a_network_without_a_convolution_has_no_filters(tmp_path):
    run = RunStore(tmp_path).create(presets.load("small").experiment)
    (run.folder / "moments").mkdir()
    write(run, 1, confusion=np.eye(10, dtype=np.int32))

    assert load_time_machine(run).first_filters is None


def test_a_run_without_epochs_says_why(tmp_path):
    run = RunStore(tmp_path).create(presets.load("small").experiment)

    with pytest.raises(StoreError, match=r"has recorded no epochs: .*older version"):
        load_time_machine(run)
