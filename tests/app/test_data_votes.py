"""The Data page's human votes: asked for, taken, shown by disagreement."""

from __future__ import annotations

import numpy as np

from fmnist_core.analysis.human_votes import HumanVotes, keep_votes
from tests.app.component import data_of, is_drawn, send_to
from tests.app.page_text import texts
from ui import cache

GALLERY, CARD = "fmnist_gallery", "fmnist_image_card"


def counts() -> np.ndarray:
    """All for the label, but for two images."""
    labels = cache.data_set().y_test
    found = np.zeros((10_000, 10), np.int32)
    found[np.arange(10_000), labels] = 10
    found[7] = 1  # divided
    found[8] = 0
    found[8, (labels[8] + 1) % 10] = 10  # of one mind, against the label
    return found


def images(page) -> list[int]:
    return [tile["image"] for tile in data_of(page, GALLERY)["tiles"]]


def test_a_file_is_asked_for_and_another_one_refused(open_page):
    page = open_page("data", data="votes")
    assert "bring the file `fmh_counts.csv`" in texts(page) and not is_drawn(page, GALLERY)
    page.get("file_uploader")[0].upload("x.csv", b"1,2\n3,4", "text/csv").run()
    assert "This table has the shape" in texts(page)
    text = "\n".join(",".join(map(str, row)) for row in counts().tolist())
    page.get("file_uploader")[0].upload("fmh_counts.csv", text.encode(), "text/csv").run()
    assert is_drawn(page, GALLERY)


def test_the_most_divided_come_first_or_those_against_the_label(open_page, store):
    keep_votes(store.root, HumanVotes(counts=counts()))
    page = open_page("data", data="votes")
    assert page.metric[0].delta.startswith("9,998 of 10,000 test images")
    for order, first in (("against", 60_008), ("split", 60_007), ("against", 60_008)):
        control = next(each for each in page.segmented_control if each.key == "data-votes-order")
        control.set_value(order).run()
        assert images(page)[0] == first
    assert data_of(page, CARD)["verdict"][0]["text"].startswith("0 % of 10 votes are for the label")
    page = send_to(page, GALLERY, {"opened": {"image": 60_007}})
    assert data_of(page, CARD)["image"] == 60_007


def test_the_gallery_follows_the_card_to_the_next_page(open_page, store):
    keep_votes(store.root, HumanVotes(counts=counts()))
    page = open_page("data", data="votes")
    first = images(page)
    page = send_to(page, GALLERY, {"opened": {"image": first[-1]}})
    assert images(page) == first
    following = data_of(page, CARD)["next"]
    page = send_to(page, CARD, {"opened": {"image": following}})
    assert images(page)[0] == following == data_of(page, CARD)["image"]
    page = send_to(page, CARD, {"opened": {"image": first[-1]}})
    assert images(page) == first
