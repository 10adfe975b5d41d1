"""The time machine of the Inside page: what the slider is given."""

import base64
import shutil

import numpy as np
import pytest

from fmnist_core.runs.status import RUNNING, Status
from tests.app import run_folders
from tests.app.component import data_of, is_drawn
from tests.app.inside_fakes import trained_run
from tests.app.page_text import texts

NAME = "fmnist_time_machine"
FILTERS = np.linspace(-0.5, 1, 3 * 3 * 2, dtype=np.float32).reshape(3, 3, 1, 2)
pytestmark = pytest.mark.usefixtures("network")


@pytest.fixture
def run(store):
    """A run that has recorded five epochs and the way of 1,000 validation images."""
    found = trained_run(store)
    run_folders.add_predictions(found)
    number = len(found.predictions["validation_index"])
    for epoch in range(1, 6):
        write(found, epoch, number, FILTERS * epoch)
    return found


def write(run, epoch, number, filters):
    """An epoch that takes all images for trousers (1) with a probability of epoch / 5."""
    folder = run.folder / "moments"
    folder.mkdir(exist_ok=True)
    confusion = np.zeros((10, 10), np.int32)
    confusion[:, 1] = number // 10
    proba = np.zeros((number, 10), np.uint8)
    proba[:, 1] = min(255, 51 * epoch)
    arrays = {} if filters is None else {"first_filters": filters}
    path = folder / f"epoch-{epoch:04d}.npz"
    np.savez(path, epoch=np.int32(epoch), confusion=confusion, val_proba=proba, **arrays)


def opened(open_page, run, image):
    return open_page("inside", look="time", run=run.run_id, image=str(image))


def test_all_epochs_are_given_at_once(open_page, run):
    index = int(run.predictions["validation_index"][7])

    data = data_of(opened(open_page, run, index), NAME)

    assert len(data["stops"]) == 5
    assert data["stops"][0]["text"].startswith("Epoch 1 of 5 · validation accuracy 10.00 %")
    kept = [stop["epoch"] for stop in data["stops"] if "kept" in stop["text"]]
    assert kept == [run.result.best_epoch]
    assert [proba[1] for proba in data["proba"]] == [0.2, 0.4, 0.6, 0.8, 1.0]
    assert data["confusion"][4][1] == sum(data["confusion"][4]) / 10
    filters = data["filters"]
    found = np.frombuffer(base64.b64decode(filters["codes"]), np.uint8).reshape(5, 2, 3, 3)
    assert filters["high"] == "5.00"
    assert found[4, 1, 2, 2] == 254  # 1 × 5, the largest value of all epochs
    assert found[0, 1, 2, 2] == round(127 + 127 / 5)
    assert found[4, 0, 0, 0] == round(127 - 127 / 2)


def test_an_image_that_does_not_validate_has_no_way(open_page, run):
    page = opened(open_page, run, 69_999)

    assert data_of(page, NAME)["proba"] is None
    assert "Image 69,999: Sandal is not a validation image of this run" in texts(page)


def test_a_run_without_epochs_says_so(open_page, store):
    run = trained_run(store)
    shutil.rmtree(run.folder / "moments")
    page = opened(open_page, run, 3)

    assert not is_drawn(page, NAME)
    assert "has recorded no epochs" in texts(page)


def test_a_run_that_trains_shows_its_past(open_page, run):
    (run.folder / "predictions.npz").unlink()
    (run.folder / "result.json").unlink()
    Status(state=RUNNING, attempt=1, epoch=5).write(run.folder)
    page = opened(open_page, run, 3)

    data = data_of(page, NAME)
    assert len(data["stops"]) == 5 and data["proba"] is None
    assert not [stop for stop in data["stops"] if "kept" in stop["text"]]


def test_many_filters_are_cut_and_many_channels_averaged(open_page, run):
    filters = np.ones((3, 3, 2, 70), np.float32)
    filters[:, :, 1] = 3
    for epoch in range(1, 6):
        write(run, epoch, 1_000, filters)

    found = data_of(opened(open_page, run, 3), NAME)["filters"]

    assert found["number"] == 64 and found["high"] == "2.00"
    assert found["note"].startswith("the first 64 of 70 filters; means over 2 input channels")


def test_a_long_training_is_shown_in_200_stops(open_page, run):
    for epoch in range(6, 301):
        write(run, epoch, 1_000, None)

    stops = data_of(opened(open_page, run, 3), NAME)["stops"]

    assert len(stops) == 200
    assert (stops[0]["epoch"], stops[-1]["epoch"]) == (1, 300)
