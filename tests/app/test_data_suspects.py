"""The Data page's label suspects: offered, shown as candidates, filtered, tagged."""

from __future__ import annotations

import numpy as np
import pytest

from fmnist_core.analysis.suspects import Suspects, write_suspects
from fmnist_core.derived.kinds import SUSPECTS
from fmnist_core.derived.place import result_path
from fmnist_core.derived.subject import DATA_SET
from fmnist_core.labels import CLASS_NAMES
from fmnist_core.runs.image_tags import read_tags
from tests.app.component import data_of, is_drawn, send_to
from tests.app.page_text import texts
from ui import cache

GALLERY, CARD = "fmnist_gallery", "fmnist_image_card"
DOUBTED = (60_007, 7, 8)  # the most doubtful first


@pytest.fixture
def kept(store):
    labels = cache.data_set().labels
    proba = np.full((70_000, 10), 0.01, np.float32)
    proba[np.arange(70_000), labels] = 0.91
    quality, doubtful = np.ones(70_000), np.zeros(70_000, bool)
    for place, image in enumerate(DOUBTED):
        proba[image] = 0
        proba[image, (labels[image] + 1) % 10] = 1
        quality[image], doubtful[image] = place / 10, True
    folder = result_path(store.root, DATA_SET, SUSPECTS)
    folder.mkdir(parents=True)
    write_suspects(folder, Suspects(proba=proba, quality=quality, doubtful=doubtful))


def images(page) -> list[int]:
    return [tile["image"] for tile in data_of(page, GALLERY)["tiles"]]


def test_they_are_looked_for_once_it_is_asked(open_page, monkeypatch):
    asked = []
    monkeypatch.setattr("ui.derived.request", lambda *what: asked.append(what[:2]))
    page = open_page("data", data="suspects")
    assert not is_drawn(page, GALLERY)
    assert "That takes about 3 min" in texts(page) and "a minute or so" not in texts(page)
    next(each for each in page.button if each.key == "derived-suspects").click().run()
    assert asked == [(DATA_SET, SUSPECTS)]


def test_candidates_come_most_doubtful_first_with_what_the_networks_say(open_page, kept):
    page = open_page("data", data="suspects")
    assert images(page) == list(DOUBTED)
    assert "candidates, not mistakes" in texts(page)
    labels = cache.data_set().labels
    card = data_of(page, CARD)
    assert card["image"] == 60_007 and card["next"] == 7
    said = CLASS_NAMES[(labels[60_007] + 1) % 10]
    assert data_of(page, GALLERY)["tiles"][0]["taken"] == f"→ {said}"
    assert card["verdict"][0]["text"].endswith(f"the networks say {said}.")
    assert next(bar["kind"] for bar in card["bars"]) == "wrong"


def test_they_are_chosen_by_file_and_class(open_page, kept):
    page = open_page("data", data="suspects")
    for file, wanted in (("test", [60_007]), ("training", [7, 8]), ("both", list(DOUBTED))):
        control = next(each for each in page.segmented_control if each.key == "data-suspects-file")
        control.set_value(file).run()
        assert images(page) == wanted
    label = int(cache.data_set().labels[7])
    box = next(each for each in page.selectbox if each.key == "data-suspects-class")
    box.set_value(label).run()
    assert 7 in images(page) and len(images(page)) < 3
    unused = next(each for each in range(10) if each not in cache.data_set().labels[list(DOUBTED)])
    box = next(each for each in page.selectbox if each.key == "data-suspects-class")
    box.set_value(unused).run()
    assert any("No label" in each.value for each in page.success)


def test_they_bear_the_same_tags_and_those_that_do_can_be_left_out(open_page, kept, store):
    page = open_page("data", data="suspects")
    change = {"image": 7, "word": "label wrong", "on": True, "at": 5}
    page = send_to(page, GALLERY, {"opened": None, "tagged": {"changes": [change]}})
    assert read_tags(store.root).words_of(7) == ("label wrong",)
    page.toggle[0].set_value(True).run()
    assert images(page) == [60_007, 8]
    page.toggle[0].set_value(False).run()
    assert images(page) == list(DOUBTED)


def test_a_click_shows_it_beside_the_others_and_a_button_leads_to_its_numbers(open_page, kept):
    page = open_page("data", data="suspects")
    for image in (8, 7):
        page = send_to(page, GALLERY, {"opened": {"image": image}})
        assert data_of(page, CARD)["image"] == image
    next(each for each in page.button if each.key == "data-suspects-card-open").click().run()
    assert data_of(page, "fmnist_pixel_matrix")["label"].startswith("Image 7,")
