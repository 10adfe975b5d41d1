"""The maps of the Inside page: offered, computed, drawn, and what is chosen on them."""

from __future__ import annotations

import base64
import os
import re
import time

import numpy as np
import psutil
import pytest

from fmnist_core.analysis.embedding import Embedding, Map, Source, write_embedding
from fmnist_core.derived.kinds import EMBEDDING, UMAP
from fmnist_core.derived.place import record_path, result_path, stamp
from fmnist_core.derived.record import DerivedRecord
from tests.app import run_folders
from tests.app.component import data_of, is_drawn, send_to
from tests.app.inside_fakes import trained_run
from tests.app.page_text import texts
from ui import cache
from ui.inside.embedding_data import SIDE, scaled

MAP, GALLERY = "fmnist_point_map", "fmnist_gallery"
IMAGES = 500  # as `add_predictions` has test images
pytestmark = pytest.mark.usefixtures("network")


@pytest.fixture
def run(store):
    """A run that has ended, without maps; of its test images only 60,007 is taken wrongly."""
    found = trained_run(store)
    run_folders.add_predictions(found)
    return found


def keep_maps(run, kind=EMBEDDING, methods=("pca", "tsne"), **about):
    """Lay the test images out on a line, of each method to the other side."""
    folder = result_path(run.folder.parent, run, kind)
    folder.mkdir(parents=True)
    points = np.stack([np.arange(IMAGES), np.zeros(IMAGES)], axis=1).astype(np.float32)
    known = {"layer": "dense_2", "size": 64, "projected": False, "silent": 0, "explained": 0.58}
    maps = {
        method: Map(points=points * (-1) ** number, kept=np.full(IMAGES, 3 + number, np.uint8))
        for number, method in enumerate(methods)
    }
    write_embedding(
        folder,
        Embedding(
            index=np.arange(60_000, 60_000 + IMAGES, dtype=np.int32),
            same=np.repeat(np.array([2, 8, 12, 15, 15], np.uint8), IMAGES // 5),
            maps=maps,
            source=Source(**{**known, **about}),
        ),
    )
    return folder


def opened(open_page, run, image=60_003):
    return open_page("inside", look="embedding", run=run.run_id, image=str(image))


def array(text, dtype):
    return np.frombuffer(base64.b64decode(text), dtype)


def control(page, label):
    return next(each for each in page.segmented_control if each.label == label)


def choose(page, label, value):
    control(page, label).set_value(value).run()
    assert not page.exception
    return data_of(page, MAP)


def names(data):
    return [group["name"] for group in data["groups"]]


def test_a_button_says_what_it_does_and_asks_once(open_page, run, monkeypatch):
    asked = []
    monkeypatch.setattr("ui.derived.request", lambda *what: asked.append(what[:2]))
    page = opened(open_page, run)

    assert not is_drawn(page, MAP)
    assert "Lays out the test images by PCA and t-SNE, by what the last layer reads" in texts(page)
    button = next(each for each in page.button if each.key == "derived-embedding")
    assert button.label == "Draw the maps"
    button.click().run()
    assert asked == [(run, EMBEDDING)]


@pytest.mark.parametrize(
    ("queued", "done", "text"),
    [
        (True, 0, r"Waiting for other results, one at a time; \d+ s so far\."),
        (False, 0, r"Starting: collecting the features, and the nearest .*; \d+ s so far\."),
        (False, 250, r"250 of 1,000 steps of t-SNE; \d+ s so far, about \d+ s left\."),
    ],
)
def test_how_far_it_is(open_page, run, store, queued, done, text):
    path = record_path(store.root, run.run_id, EMBEDDING)
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = f"{os.getpid()}:{psutil.Process().create_time():.2f}"
    now = time.time()
    DerivedRecord(
        stamp=stamp(run, EMBEDDING),
        handle=handle,
        asked=now - 6,
        queued=queued,
        began=now - 5,
        told=now,
        done=done,
        total=1_000,
    ).write(path)

    progress = [each.proto.text for each in opened(open_page, run).get("progress")]
    assert any(re.fullmatch(text, each) for each in progress)


def test_the_map_is_drawn_with_its_colours_and_what_it_is_worth(open_page, run):
    keep_maps(run)
    page = opened(open_page, run)
    data = data_of(page, MAP)

    assert array(data["index"], "<i4").tolist() == list(range(60_000, 60_000 + IMAGES))
    labels = cache.data_set().labels[60_000 : 60_000 + IMAGES]
    assert (array(data["group"], np.uint8) == labels).all()
    assert (array(data["truth"], np.uint8) == labels).all()
    assert data["groups"][1]["name"] == "Trouser"
    assert data["groups"][1]["colors"] == ["#d9722e", "#f0a06b"]
    assert [group["square"] for group in data["groups"]] == [False] * 5 + [True] * 5
    assert data["groups"][0]["count"] == str((labels == 0).sum())
    assert (data["picked"], data["current"]) == ([], 60_003)
    said = texts(page)
    # t-SNE keeps 4 of 15; by chance 15 · 15 / 499. The mean of 2, 8, 12, 15 and 15 is 10.4.
    assert "**4.0** are also among its 15 nearest on this map (mean of 500; by chance 0.45)" in said
    assert "**10.4** of the 15 are of the image's own class" in said
    assert "layer dense_2 reads, 64 numbers an image" in said
    assert "choose networks and settings on validation images" in said


def test_methods_and_colours_change_twice(open_page, run):
    keep_maps(run)
    page = opened(open_page, run)
    tsne = data_of(page, MAP)

    pca = choose(page, "Map by", "pca")
    assert array(pca["points"], "<u2")[:2].tolist() == [0, 0]
    assert array(tsne["points"], "<u2")[:2].tolist() == [SIDE, 0]
    assert choose(page, "Map by", "tsne")["points"] == tsne["points"]

    wrong = choose(page, "Colours", "Right or wrong")
    assert names(wrong) == ["right", "wrong"]
    assert np.flatnonzero(array(wrong["group"], np.uint8)).tolist() == [7]
    alone = choose(page, "Colours", "Neighbours")
    assert names(alone) == [f"{each} of 15" for each in ("all 15", "11 to 14", "6 to 10", "0 to 5")]
    assert [group["count"] for group in alone["groups"]] == ["200", "100", "100", "100"]
    assert (tsne["ranked"], wrong["ranked"], alone["ranked"]) == (False, True, True)
    assert names(choose(page, "Colours", "Class"))[0] == "T-shirt/top"


def test_what_is_chosen_is_shown_with_its_figures_and_opens(open_page, run):
    keep_maps(run)
    page = opened(open_page, run)
    assert not is_drawn(page, GALLERY)
    send_to(page, MAP, {"picked": {"images": [60_007, 60_001, 60_002, 60_012]}})

    assert data_of(page, MAP)["picked"] == [60_001, 60_002, 60_007, 60_012]
    assert [each.value for each in page.subheader] == ["4 images chosen"]
    said = texts(page)
    assert "**75.0 %** right, 3 of 4 (95 % interval 30.1–95.4 %)" in said
    # The labels of these predictions are made up: image 60,007 is called a sneaker.
    assert "Most often Pullover 2, Trouser 1, Sneaker 1." in said
    assert "Sneaker taken for Ankle boot, 1 of 1." in said
    shown = data_of(page, GALLERY)
    assert [tile["image"] for tile in shown["tiles"]] == [60_007, 60_001, 60_002, 60_012]

    send_to(page, GALLERY, {"opened": {"image": 60_012}})
    assert data_of(page, MAP)["current"] == 60_012
    assert data_of(page, GALLERY)["chosen"] == 60_012
    send_to(page, GALLERY, {"opened": {"image": 60_001}})
    assert data_of(page, MAP)["current"] == 60_001


def test_other_images_take_the_place_of_the_chosen_ones_and_none_leaves_nothing(open_page, run):
    keep_maps(run)
    page = opened(open_page, run)
    send_to(page, MAP, {"picked": {"images": [60_001]}})
    send_to(page, MAP, {"picked": {"images": list(range(60_100, 60_160))}})

    assert [each.value for each in page.subheader] == ["60 images chosen"]
    assert len(data_of(page, GALLERY)["tiles"]) == 24
    # The same images are chosen on the other map.
    assert choose(page, "Map by", "pca")["picked"] == list(range(60_100, 60_160))
    send_to(page, MAP, {"picked": {"images": []}})
    assert not is_drawn(page, GALLERY)


@pytest.mark.parametrize(
    "message",
    [
        *({}, {"images": 5}, {"images": [-1, 70_000, 1e9, True, None, "60001", [1]]}),
        *([1], "x", {"images": {"60001": 1}}),
    ],
)
def test_what_no_map_sends_is_left_out(open_page, run, message):
    keep_maps(run)
    page = opened(open_page, run)
    send_to(page, MAP, {"picked": message})

    assert data_of(page, MAP)["picked"] == []
    assert not is_drawn(page, GALLERY)


def test_a_run_that_has_not_ended_is_coloured_by_class_and_asked(open_page, run, network):
    keep_maps(run)
    (run.folder / "predictions.npz").unlink()
    page = opened(open_page, run)

    assert data_of(page, MAP)["taken"] == ""
    assert control(page, "Colours").options == ["Class", "Neighbours"]
    assert "What is right and wrong is known when the run has ended." in texts(page)
    send_to(page, MAP, {"picked": {"images": [60_001, 60_002]}})
    # Images 60,001 and 60,002 are a pullover and a trouser.
    assert "Most often Trouser 1, Pullover 1." in texts(page)
    assert [tile["truth"] for tile in data_of(page, GALLERY)["tiles"]] == ["Pullover", "Trouser"]


def test_predictions_of_other_images_colour_nothing(open_page, run):
    keep_maps(run)
    with np.load(run.folder / "predictions.npz") as known:
        arrays = dict(known) | {"test_index": np.arange(60_001, 60_501, dtype=np.int32)}
    np.savez(run.folder / "predictions.npz", **arrays)

    assert data_of(opened(open_page, run), MAP)["taken"] == ""


def test_umap_is_offered_where_it_is_installed_and_else_said_how(open_page, run, monkeypatch):
    keep_maps(run)
    monkeypatch.setattr("ui.inside.embedding.umap_is_installed", lambda: False)
    page = opened(open_page, run)
    control(page, "Map by").set_value("umap").run()
    assert "“pip install umap-learn” in the app's environment brings it" in texts(page)
    assert not is_drawn(page, MAP)

    monkeypatch.setattr("ui.inside.embedding.umap_is_installed", lambda: True)
    page.run()
    assert [each.label for each in page.button if each.key == "derived-umap"] == ["Draw the map"]
    keep_maps(run, UMAP, ("umap",), explained=None)
    page.run()
    assert is_drawn(page, MAP)
    assert "PCA's two directions" not in texts(page)


def test_what_is_left_out_or_approximate_is_said(open_page, run):
    keep_maps(run, silent=9_500, projected=True, size=5_408)
    said = texts(opened(open_page, run))

    assert "5,408 numbers an image" in said and "so distances are approximate" in said
    assert "9,500 test images left out: all that it reads of them is 0." in said


def test_damaged_maps_are_one_sentence(open_page, run):
    (keep_maps(run) / "maps.npz").write_bytes(b"torn")
    (error,) = opened(open_page, run).error

    assert "are damaged" in error.value


def test_a_map_fills_its_sheet_on_one_scale():
    points = np.array([[-1, 5], [3, 5], [1, 6]], np.float32)

    assert scaled(points).tolist() == [[0, 0], [SIDE, 0], [32_768, 16_384]]
    assert scaled(np.zeros((2, 2), np.float32)).tolist() == [[0, 0], [0, 0]]
