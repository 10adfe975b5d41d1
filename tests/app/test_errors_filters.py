"""The filters of the Errors page's gallery: in its address, and back from a link."""

from __future__ import annotations

import pytest

from fmnist_core.runs.image_tags import change_tags
from fmnist_core.runs.run import Run
from tests.app import run_folders
from tests.app.component import data_of, every_data_of
from tests.app.page_text import texts

FIRST = {"sort": "", "confidence": "", "tagged": "", "also": "", "right": ""}


@pytest.fixture
def run(store) -> Run:
    """20 shirts, image 6 first, are taken for T-shirts; 6 and 1, a trouser, are tagged."""
    found = run_folders.finished_run(store, "first")
    run_folders.add_predictions(found)
    change_tags(store.root, lambda tags: tags.with_tag([1, 6], "cropped"))
    return found


@pytest.fixture
def other(store, run) -> Run:
    """Has only 4 of these wrong."""
    found = run_folders.finished_run(store, "other", correct=5_520)
    run_folders.add_predictions(found, tops=4)
    return found


def address(page) -> dict[str, str]:
    """What the filters write into the page's address."""
    bars = every_data_of(page, "fmnist_address_bar")
    params = next(bar["params"] for bar in bars if bar["page"] == "errors-selection")
    return {name: params[name] for name in FIRST}


def shown(page) -> list[int]:
    return [tile["image"] for tile in data_of(page, "fmnist_gallery")["tiles"]]


def test_a_slice_stands_in_the_address_and_a_link_shows_it(open_page, run):
    page = open_page("errors", run=run.run_id)
    assert address(page) == FIRST
    for tagged, images in ((["cropped"], [6]), ([], None), (["cropped"], [6])):
        page.multiselect(key="errors-tagged").set_value(tagged).run()
        assert address(page)["tagged"] == ",".join(tagged)
        assert images is None or shown(page) == images
    page.toggle(key="errors-right").set_value(True).run()
    params = {"tagged": "cropped", "right": "1"}
    assert address(page) == FIRST | params

    page = open_page("errors", run=run.run_id, **params)
    assert sorted(shown(page)) == [1, 6]
    assert not page.warning
    page.toggle(key="errors-right").set_value(False).run()
    assert shown(page) == [6]


def test_every_filter_comes_back_from_a_link(open_page, run, other):
    params = {
        "sort": "index",
        "confidence": "85-90",
        "also": other.run_id,
        "tagged": "",
        "right": "",
    }
    page = open_page("errors", run=run.run_id, **{name: v for name, v in params.items() if v})

    # Pullovers from 2 and shirts from 6 on, the first with 0.905, each next one with 0.01 less.
    assert address(page) == FIRST | params
    assert shown(page) == [12, 16, 22, 26, 32, 36, 42, 46, 56]
    assert not page.warning and not page.exception


@pytest.mark.parametrize("confidence", ("90-80", "-5-20", "0-101", "a", "٣-٤"))
def test_what_a_link_asks_for_in_vain_is_a_sentence_until_a_filter_is_changed(
    open_page, run, confidence
):
    link = {"tagged": "cropped,nonsense", "sort": "beauty", "also": "../etc"}
    page = open_page("errors", run=run.run_id, confidence=confidence, **link)

    assert f'asks for sort "beauty" and confidence "{confidence}"' in texts(page)
    assert 'and tagged "nonsense" and also "../etc", which does not exist here' in texts(page)
    assert address(page) == FIRST | {"tagged": "cropped"}
    page.toggle(key="errors-right").set_value(True).run()
    assert "The link asks for" not in texts(page)


def test_another_view_leaves_the_filters_of_a_link_to_the_gallery(open_page, run):
    page = open_page("errors", run=run.run_id, view="classes", tagged="cropped")
    page.segmented_control(key="errors-view").set_value("mistakes").run()

    assert shown(page) == [6]
