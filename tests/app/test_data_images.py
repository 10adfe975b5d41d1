"""The Data page's images: class cards, parts, pages, one image in detail, its tags."""

from __future__ import annotations

import base64

import numpy as np
import pytest

from fmnist_core.runs.image_tags import change_tags, read_tags
from tests.app.component import data_of, every_data_of, send_to
from tests.app.page_text import texts
from ui import cache

CARD, GALLERY, MATRIX = "fmnist_image_card", "fmnist_gallery", "fmnist_pixel_matrix"
SNEAKER, BAG = 7, 8


def galleries(page):
    """The class cards, the page of images and the twins, in the order on the page."""
    found = {each["name"].split(",")[0]: each for each in every_data_of(page, GALLERY)}
    return found


def shown(page) -> list[int]:
    return [tile["image"] for tile in galleries(page)["Images of the data set"]["tiles"]]


def part(page):
    return next(each for each in page.segmented_control if each.key == "data-part")


@pytest.fixture(scope="module")
def labels():
    return cache.data_set().labels


def test_the_first_hundred_images_are_shown_and_the_first_in_detail(open_page):
    page = open_page("data")
    assert shown(page) == list(range(100))
    card = data_of(page, CARD)
    assert (card["title"], card["place"]) == ("Image 0: Ankle boot", "1 of 70,000")
    assert "100 of 70,000 images" in texts(page)


def test_class_cards_show_the_counts_of_both_files_then_of_the_split(open_page):
    page = open_page("data")
    cards = galleries(page)["Classes"]["tiles"]
    assert len(cards) == 10 and {card["taken"] for card in cards} == {"6,000 + 1,000"}
    part(page).set_value("validation").run()
    assert {card["taken"] for card in galleries(page)["Classes"]["tiles"]} == {"5,400 + 600"}
    part(page).set_value("test-file").run()
    assert shown(page)[0] == 60_000
    assert galleries(page)["Classes"]["tiles"][0]["taken"] == "6,000 + 1,000"


def test_a_class_card_chooses_its_class_and_clears_it(open_page, labels):
    page = open_page("data")
    best = galleries(page)["Classes"]["tiles"][SNEAKER]["image"]
    page = send_to(page, GALLERY, {"opened": {"image": best, "at": 1}, "tagged": None})
    assert set(labels[shown(page)]) == {SNEAKER}
    assert "100 of 7,000 images of class Sneaker" in texts(page)
    next(each for each in page.button if each.key == "data-all-classes").click().run()
    assert shown(page) == list(range(100))


def test_the_address_leads_to_class_part_page_and_image(open_page, labels):
    page = open_page("data", **{"class": "8", "of": "test-file", "page": "3", "shown": "60123"})
    bags = 60_000 + np.flatnonzero(labels[60_000:] == BAG)
    assert shown(page) == bags[200:300].tolist()
    assert data_of(page, CARD)["image"] == 60_123


def test_a_wrong_address_is_the_first_page(open_page):
    wrong = {"class": "10", "of": "../etc", "page": "0", "shown": "70000", "data": "x"}
    page = open_page("data", **wrong)
    assert shown(page) == list(range(100))


def test_a_page_beyond_the_last_is_the_last(open_page):
    page = open_page("data", page="70000")
    assert shown(page) == list(range(69_900, 70_000))


def test_the_detail_holds_the_pixels_and_the_twins_of_the_other_file(open_page):
    page = open_page("data", shown="60009")
    pixels = np.frombuffer(base64.b64decode(data_of(page, MATRIX)["pixels"]), np.uint8)
    assert pixels.tolist() == cache.data_set().images[60_009].ravel().tolist()
    assert "28 rows" not in data_of(page, MATRIX)["label"]
    twins = galleries(page)["The nearest images of the training file"]["tiles"]
    assert len(twins) == 5 and all(tile["image"] < 60_000 for tile in twins)
    assert "apart" in twins[0]["taken"]
    verdict = data_of(page, CARD)["verdict"][0]["text"]
    assert "of those in the test file" in verdict


def test_next_goes_on_within_the_class_and_turns_the_page(open_page, labels):
    page = open_page("data", **{"class": "7", "shown": "6"})
    following = data_of(page, CARD)["next"]
    assert following == int(np.flatnonzero(labels == SNEAKER)[1])
    far = int(np.flatnonzero(labels == SNEAKER)[150])
    page = send_to(page, CARD, {"opened": {"image": far, "at": 1}, "tagged": None})
    assert data_of(page, CARD)["image"] == far
    assert far in shown(page)


def test_an_image_can_be_tagged_and_found_by_its_tag(open_page, store):
    page = open_page("data")
    change = {"image": 0, "word": "cropped", "on": True, "at": 5}
    page = send_to(page, CARD, {"opened": None, "tagged": {"changes": [change]}})
    assert read_tags(store.root).words_of(0) == ("cropped",)
    change_tags(store.root, lambda tags: tags.with_tag([69_000], "cropped"))
    tagged = next(each for each in page.multiselect if each.key == "data-tagged")
    tagged.set_value(["cropped"]).run()
    assert shown(page) == [0, 69_000]
    tagged = next(each for each in page.multiselect if each.key == "data-tagged")
    tagged.set_value(["unusual"]).run()
    assert "No image is like that" in texts(page)


@pytest.mark.parametrize("sent", ({"image": -1}, {"image": "0"}, {"image": 70_000}, [], None))
def test_what_no_browser_of_ours_sends_changes_nothing(open_page, sent):
    page = send_to(open_page("data"), CARD, {"opened": sent, "tagged": None})
    assert data_of(page, CARD)["image"] == 0


def test_a_plan_at_odds_with_itself_hides_no_file(open_page):
    page = open_page("data", data="setup")
    field = next(each for each in page.number_input if each.key.endswith(".data.subset"))
    field.set_value(70_000).run()
    assert len(page.error) == 1
    view = next(each for each in page.segmented_control if each.key == "data-view")
    view.set_value("images").run()
    assert not page.error and shown(page) == list(range(100))
    part(page).set_value("training").run()
    assert len(page.error) == 1
    part(page).set_value("all").run()
    assert shown(page) == list(range(100))
