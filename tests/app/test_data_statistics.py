"""The Data page's statistics: each figure, what it says, and what can be chosen."""

from __future__ import annotations

import json
import os
import time

import numpy as np
import psutil
import pytest

from fmnist_core.derived.kinds import TWINS
from fmnist_core.derived.place import record_path, result_path, stamp
from fmnist_core.derived.record import DerivedRecord
from fmnist_core.derived.subject import DATA_SET
from tests.app.component import data_of, every_data_of, is_drawn, send_to
from tests.app.page_text import texts

CHART, PICTURE, GALLERY = "fmnist_plotly", "fmnist_picture", "fmnist_gallery"


@pytest.fixture
def figure(open_page):
    return lambda name, **more: open_page("data", **{"data": "statistics", "figure": name, **more})


def bars(page):
    return json.loads(data_of(page, CHART)["figure"])["data"]


def box(page, key):
    return next(each for each in page.selectbox if each.key == key)


def test_counts_follow_the_split_of_the_plan(figure):
    page = figure("counts")
    found = {bar["name"]: bar["y"] for bar in bars(page)}
    assert found["Training"] == [5_400] * 10
    assert found["Test file"] == [1_000] * 10
    assert "validation 6,000" in texts(page)
    assert data_of(page, CHART)["save_as"] == "class-counts"


def test_the_figure_is_chosen_above(figure):
    page = figure("counts")
    control = next(each for each in page.segmented_control if each.key == "data-figure")
    control.set_value("means").run()
    assert not is_drawn(page, CHART) and len(every_data_of(page, PICTURE)) == 2
    control = next(each for each in page.segmented_control if each.key == "data-figure")
    control.set_value("pixels").run()
    assert is_drawn(page, CHART) and not is_drawn(page, PICTURE)


def test_pixels_are_of_all_classes_or_one(figure):
    page = figure("pixels")
    assert [each.value for each in page.metric][1:3] == ["0.2860", "0.3530"]
    box(page, "data-pixels-class").set_value(7).run()
    assert next(each.value for each in page.metric) == "6,000"
    box(page, "data-pixels-class").set_value(-1).run()
    assert next(each.value for each in page.metric) == "60,000"


def test_two_classes_are_subtracted_and_never_the_same_one(figure):
    page = figure("difference", classes="7-9")
    assert data_of(page, PICTURE)["alt"] == "Sneaker minus Ankle boot"
    box(page, "data-second").set_value(5).run()
    assert data_of(page, PICTURE)["alt"] == "Sneaker minus Sandal"
    box(page, "data-second").set_value(7).run()
    assert data_of(page, PICTURE)["alt"] == "Sandal minus Sneaker"


def test_a_class_is_ordered_from_unusual_to_typical(figure):
    page = figure("typical", **{"class": "6"})
    tiles = data_of(page, GALLERY)["tiles"]
    assert tiles[0]["image"] == 55_023
    order = next(each for each in page.segmented_control if each.key == "data-typical-order")
    order.set_value("typical").run()
    first = data_of(page, GALLERY)["tiles"][0]
    assert float(first["taken"]) < float(tiles[-1]["taken"])
    order = next(each for each in page.segmented_control if each.key == "data-typical-order")
    order.set_value("unusual").run()
    assert data_of(page, GALLERY)["tiles"] == tiles
    box(page, "data-typical-class").set_value(0).run()
    assert {tile["truth"] for tile in data_of(page, GALLERY)["tiles"]} == {"T-shirt/top"}


def test_an_image_of_a_figure_opens_in_the_view_of_images(figure):
    page = figure("typical", **{"class": "6"})
    assert data_of(page, GALLERY)["leads_away"]  # so that a key that tags does not open
    page = send_to(page, GALLERY, {"opened": {"image": 55_023}})
    assert data_of(page, "fmnist_image_card")["image"] == 55_023


def test_it_says_where_shoes_point(figure):
    page = figure("facing")
    assert "Sneaker 5,982 of 6,000 (99.5–99.8 %)" in texts(page)
    assert len(data_of(page, GALLERY)["tiles"]) == 18


def test_twins_are_offered_searched_and_shown(figure, store, monkeypatch):
    asked = []
    monkeypatch.setattr("ui.derived.request", lambda *what: asked.append(what[:2]))
    page = figure("twins")
    next(each for each in page.button if each.key == "derived-twins").click().run()
    assert asked == [(DATA_SET, TWINS)]

    path = record_path(store.root, DATA_SET.run_id, TWINS)
    path.parent.mkdir(parents=True)
    handle = f"{os.getpid()}:{psutil.Process().create_time():.2f}"
    now = time.time()
    DerivedRecord(
        stamp=stamp(DATA_SET, TWINS),
        handle=handle,
        asked=now,
        began=now,
        done=2_500,
        total=10_000,
        told=now,
    ).write(path)
    page.run()
    assert "2,500 of 10,000 test images" in page.get("progress")[0].proto.text
    path.unlink()

    folder = result_path(store.root, DATA_SET, TWINS)
    folder.mkdir(parents=True)
    squared = np.full(10_000, 10**7, np.int64)
    squared[[9, 4_998]] = 200_000, 400
    np.savez(folder / "twins.npz", index=np.full(10_000, 13_360, np.int32), squared=squared)
    page.run()
    tiles = data_of(page, GALLERY)["tiles"]
    assert [tile["image"] for tile in tiles] == [64_998, 13_360, 60_009, 13_360]
    assert tiles[0]["taken"] == "test · 0.08"
    assert data_of(page, GALLERY)["pairs"]  # so that no row ends between two that belong together
    page.toggle[0].set_value(True).run()
    assert [tile["image"] for tile in data_of(page, GALLERY)["tiles"]] == [60_009, 13_360]
    page.toggle[0].set_value(False).run()
    assert len(data_of(page, GALLERY)["tiles"]) == 4
