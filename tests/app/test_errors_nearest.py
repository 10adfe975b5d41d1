"""Nearest training images on the Errors page: offered, computed, shown, failed."""

from __future__ import annotations

import os
import re
import shutil
import time
from pathlib import Path

import numpy as np
import psutil
import pytest

from fmnist_core.analysis.features import VECTORS_NAME, write_description
from fmnist_core.derived.kinds import FEATURES
from fmnist_core.derived.place import record_path, result_path, stamp
from fmnist_core.derived.record import DerivedRecord
from fmnist_core.exceptions import StoreError
from fmnist_core.labels import CLASS_NAMES
from fmnist_core.runs.run import Run
from tests.app.component import data_of, send_to
from tests.app.page_text import texts
from ui import cache

SHIPPED = sorted((Path(__file__).parents[2] / "saved_runs").glob("2*"))[0]
CARD = "fmnist_image_card"


@pytest.fixture
def run(store) -> Run:
    """A copy of a shipped run."""
    store.root.mkdir()
    return Run(Path(shutil.copytree(SHIPPED, store.root / SHIPPED.name)))


def keep_features(run: Run, store, vectors: np.ndarray, **about) -> Path:
    folder = result_path(store.root, run, FEATURES)
    folder.mkdir(parents=True)
    np.save(folder / VECTORS_NAME, vectors)
    write_description(
        folder, **{"layer": "dense_2", "size": vectors.shape[1], "projected": False, **about}
    )
    return folder


def keep_record(run: Run, store, **content) -> None:
    path = record_path(store.root, run.run_id, FEATURES)
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = f"{os.getpid()}:{psutil.Process().create_time():.2f}"
    known = {"stamp": stamp(run, FEATURES), "handle": handle, "asked": time.time()}
    DerivedRecord(**{**known, **content}).write(path)


def alike(run: Run) -> tuple[np.ndarray, int]:
    """Vectors in which 8 images of the training file point as the first mistake does; its index."""
    found = run.predictions
    wrong = found["validation_proba"].argmax(axis=1) != found["validation_label"]
    image = int(found["validation_index"][wrong][0])
    vectors = np.zeros((70_000, 2), np.float16)
    vectors[:, 0] = 1
    vectors[[image, *(k for k in range(9) if k != image)][:9]] = [0, 1]
    return vectors, image


def labels(page) -> list[str]:
    return [button.label for button in page.button if "derived" in (button.key or "")]


def nearest(page):
    return data_of(page, CARD)["nearest"]


def test_a_button_says_what_it_does_and_how_long_and_asks_once(open_page, run, monkeypatch):
    asked = []
    monkeypatch.setattr("ui.derived.request", lambda *what: asked.append(what[:2]))
    page = open_page("errors", run=run.run_id)

    assert nearest(page) is None
    assert labels(page) == ["Find the nearest training images"]
    assert "once a run. That takes about 10 s on this machine, in the background." in texts(page)
    next(each for each in page.button if each.key == "derived-features").click().run()
    assert asked == [(run, FEATURES)]


def test_while_it_runs_it_says_how_far_it_is_and_can_be_called_off(open_page, run, store):
    keep_record(run, store, began=time.time() - 4, told=time.time(), done=20_000, total=70_000)
    page = open_page("errors", run=run.run_id)

    assert labels(page) == ["Cancel"]
    (progress,) = page.get("progress")
    wanted = r"20,000 of 70,000 images; \d+ s so far, about \d+ s left\."
    assert re.fullmatch(wanted, progress.proto.text)
    keep_record(run, store, handle="999999999:1.00")  # cancelling must not end this very process
    next(each for each in page.button if each.key == "derived-features-cancel").click().run()
    assert labels(page) == ["Find the nearest training images"]


def test_a_failure_is_said_with_a_way_to_try_again(open_page, run, store, monkeypatch):
    keep_record(run, store, failure="The disk is full.")

    def refuse(*what):
        raise StoreError("Nothing can be computed.")

    monkeypatch.setattr("ui.derived.request", refuse)
    page = open_page("errors", run=run.run_id)
    assert [error.value for error in page.error] == ["The disk is full."]
    assert labels(page) == ["Try again"]

    next(each for each in page.button if each.key == "derived-features").click().run()
    assert [error.value for error in page.error] == [
        "Nothing can be computed.",
        "The disk is full.",
    ]


def test_eight_are_shown_with_what_they_are_and_whether_that_is_right(open_page, run, store):
    vectors, image = alike(run)
    keep_features(run, store, vectors)
    page = open_page("errors", run=run.run_id, image=str(image))

    found = nearest(page)
    assert labels(page) == []
    assert len(found["tiles"]) == 8
    assert {tile["text"] for tile in found["tiles"]} == {"1.000"}
    # The first eight of the training file: 9 0 0 3 0 2 7 2.
    names = sorted(tile["name"] for tile in found["tiles"])
    expected = ["Ankle boot", "Dress", "Pullover", "Pullover", "Sneaker"]
    assert names == sorted([*expected, *["T-shirt/top"] * 3])
    own = CLASS_NAMES[cache.data_set().labels[image]]
    assert own in names  # else nothing of what follows would be right
    assert all((tile["kind"] == "right") == (tile["name"] == own) for tile in found["tiles"])
    assert " of 8 " in found["notes"][0] and "its own" in found["notes"][0]
    assert found["notes"][1] == (
        "Similarity is the cosine between what layer dense_2 reads, 2 numbers an image."
    )
    send_to(page, CARD, {"opened": {"image": int(run.predictions["validation_index"][0])}})
    assert nearest(page)["tiles"]


def test_an_image_of_which_the_network_says_nothing_is_told(open_page, run, store):
    keep_features(run, store, np.zeros((70_000, 1_024), np.float16), size=5_408, projected=True)
    found = nearest(open_page("errors", run=run.run_id))

    assert found["tiles"] == []
    assert found["notes"][0].startswith("The network says nothing of this image")


def test_damaged_features_are_one_sentence_and_the_rest_works(open_page, run, store):
    folder = keep_features(run, store, np.zeros((5, 2), np.float16))
    page = open_page("errors", run=run.run_id)

    (error,) = page.error
    assert "are damaged" in error.value and folder.name in error.value.replace("\\", "")
    assert data_of(page, CARD)["bars"]


def test_a_run_without_a_model_is_told_and_nothing_is_offered(open_page, run):
    (run.folder / "model.keras").unlink()
    page = open_page("errors", run=run.run_id)

    assert "has no model: it came without" in texts(page)
    assert not page.error and labels(page) == []
