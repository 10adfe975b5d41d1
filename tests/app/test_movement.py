"""The chart of how the prediction of an image moved over the epochs."""

import json

import numpy as np
import pytest

from tests.app import run_folders
from tests.app.component import data_of
from tests.app.page_text import texts

SHIRT = 6  # also an image: of the thousand validation images, every tenth is a shirt


@pytest.fixture
def run(store):
    """A run whose first shirt is taken for a T-shirt, a coat, a shirt and a T-shirt."""
    found = run_folders.finished_run(store, "first")
    run_folders.add_predictions(found)
    for epoch, taken in enumerate((0, 4, SHIRT, 0), start=1):
        val_proba = np.zeros((1_000, 10), np.uint8)
        val_proba[np.arange(1_000), np.arange(1_000) % 10] = 255
        val_proba[SHIRT] = 0
        val_proba[SHIRT, [taken, 3]] = 204, 51
        path = found.folder / "moments" / f"epoch-{epoch:04d}.npz"
        np.savez(path, epoch=np.int32(epoch), val_proba=val_proba)
    return found


def test_it_follows_the_true_class_and_what_it_was_taken_for(open_page, run):
    page = open_page("errors", run=run.run_id, image=str(SHIRT))

    figure = json.loads(data_of(page, "fmnist_plotly")["figure"])
    assert {line["name"]: line["y"] for line in figure["data"]} == {
        "Shirt (true)": [0, 0, 0.8, 0],
        "T-shirt/top": [0.8, 0, 0, 0.8],
        "Coat": [0, 0.8, 0, 0],
    }
    said = "Taken for Shirt, which it is, after 1 of 4 epochs; the prediction changed last with"
    assert f"{said} epoch 4." in texts(page)


def test_an_image_that_never_moved_says_so(open_page, run):
    page = open_page("errors", run=run.run_id, image="5")

    assert "Sandal, which it is, after 4 of 4 epochs; always for Sandal." in texts(page)


def test_a_test_image_has_no_epochs(open_page, run):
    page = open_page("errors", run=run.run_id, part="test", image="60007")

    assert "Recorded for the validation images; a test image is looked at once" in texts(page)


def test_a_run_of_an_older_version_says_so(open_page, run):
    for file in (run.folder / "moments").iterdir():
        file.unlink()

    page = open_page("errors", run=run.run_id, image=str(SHIRT))
    assert "has recorded no predictions of single epochs" in texts(page)
