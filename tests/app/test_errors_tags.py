"""Tags of images on the Errors page: given by key, filtered by, counted, taken away and back."""

from __future__ import annotations

import json
from typing import Any

import pytest
from streamlit.proto.WidgetStates_pb2 import WidgetState

from fmnist_core.runs.image_tags import FILE_NAME, KNOWN, change_tags, read_tags
from fmnist_core.runs.run import Run
from tests.app import run_folders
from tests.app.component import data_of, is_drawn, send_to
from tests.app.page_text import texts

GALLERY, CARD = "fmnist_gallery", "fmnist_image_card"
SHIRTS = [6, 16, 26]  # taken for T-shirts


@pytest.fixture
def run(store) -> Run:
    """A run with 20 shirts taken for T-shirts, 10 for coats, and 5 pullovers for shirts."""
    found = run_folders.finished_run(store, "first")
    run_folders.add_predictions(found)
    return found


def change(image: Any, word: Any, on: Any = True, at: Any = 1) -> dict[str, Any]:
    return {"image": image, "word": word, "on": on, "at": at}


def send(page, component: str, *changes: Any):
    return send_to(page, component, {"tagged": {"changes": list(changes)}})


def shown(page) -> list[int]:
    return [tile["image"] for tile in data_of(page, GALLERY)["tiles"]]


def open_menu(page):
    page.session_state["tags-menu"] = True
    return page.run()


def test_an_image_is_tagged_and_untagged_from_card_and_gallery(open_page, store, run):
    page = open_page("errors", run=run.run_id, image="16")
    assert data_of(page, CARD)["tags"] == {"words": list(KNOWN), "tagged": {}, "heard": 0}

    send(page, CARD, change(16, "cropped", at=5), change(16, "unusual", at=7))
    assert data_of(page, CARD)["tags"]["tagged"] == {"16": ["cropped", "unusual"]}
    assert data_of(page, CARD)["tags"]["heard"] == 7
    assert data_of(page, GALLERY)["tags"]["tagged"] == {"16": ["cropped", "unusual"]}
    assert data_of(page, GALLERY)["tags"]["heard"] == 0  # each counts its own changes

    send(page, GALLERY, change(16, "cropped", on=False), change(6, "ambiguous", at=2))
    tagged = read_tags(store.root)
    assert tagged.words_of(16) == ("unusual",)
    assert tagged.words_of(6) == ("ambiguous",)
    assert data_of(page, CARD)["title"] == "Image 16"  # tagging opens nothing by itself


def test_tags_are_good_for_other_runs_and_sessions(open_page, store, run):
    other = run_folders.finished_run(store, "other")
    run_folders.add_predictions(other)
    send(open_page("errors", run=run.run_id), CARD, change(6, "cropped"))

    page = open_page("errors", run=other.run_id)
    assert data_of(page, GALLERY)["tags"]["tagged"] == {"6": ["cropped"]}


@pytest.mark.parametrize(
    "sent",
    [
        change(70_000, "cropped"),
        change("6", "cropped"),
        change(6, ["cropped"]),
        change(6, "cropped", on=1),
        change(6, "cropped", at="now"),
        change(6, "cropped", at=2**60),
        "cropped",
    ],
)
def test_what_is_no_change_is_left_out_and_the_rest_is_taken(open_page, store, run, sent):
    page = send(open_page("errors", run=run.run_id), CARD, sent, change(16, "unusual"))

    assert read_tags(store.root).tagged == [16]
    assert data_of(page, CARD)["tags"]["heard"] == 1


def test_a_word_that_is_gone_is_a_sentence_and_nothing_is_tagged(open_page, store, run):
    page = send(open_page("errors", run=run.run_id), CARD, change(6, "worn"), change(6, "cropped"))

    assert 'No tag is called "worn"; there are ambiguous, label wrong' in texts(page)
    assert read_tags(store.root).tagged == []
    assert 'No tag is called "worn"' not in texts(send(page, CARD, change(6, "cropped", at=3)))


def test_the_gallery_shows_what_bears_one_of_the_words(open_page, store, run):
    change_tags(store.root, lambda tags: tags.with_tag(SHIRTS[:2], "cropped"))
    change_tags(store.root, lambda tags: tags.with_tag([SHIRTS[2], 0], "worn out"))
    page = open_page("errors", run=run.run_id)
    for words, images in (
        (["cropped"], SHIRTS[:2]),
        (["worn out"], SHIRTS[2:]),
        (["cropped", "worn out"], SHIRTS),
    ):
        page.multiselect(key="errors-tagged").set_value(words).run()
        assert sorted(shown(page)) == images
    page.toggle(key="errors-right").set_value(True).run()
    assert sorted(shown(page)) == [0, *SHIRTS]
    page.multiselect(key="errors-tagged").set_value(["unusual"]).run()
    assert "No image is like that. Widen the filters" in texts(page)


def test_own_words_come_and_go_and_the_filter_stays(open_page, store, run):
    change_tags(store.root, lambda tags: tags.with_tag(SHIRTS, "cropped"))
    page = open_menu(open_page("errors", run=run.run_id))
    page.multiselect(key="errors-tagged").set_value(["cropped"]).run()
    for word in ("worn out", "two parts"):
        page.text_input(key="tags-own-word").set_value(f" {word} ").run()
        assert page.text_input(key="tags-own-word").value == ""
        assert sorted(shown(page)) == SHIRTS
    assert data_of(page, CARD)["tags"]["words"] == [*KNOWN, "worn out", "two parts"]

    page.text_input(key="tags-own-word").set_value("<b>").run()
    assert "A tag must be a letter or digit, then" in texts(page)
    page.text_input(key="tags-own-word").set_value("").run()
    page.multiselect(key="errors-tagged").set_value(["worn out", "cropped"]).run()
    page.button(key="tags-forget-5").click().run()
    assert read_tags(store.root).own == ("two parts",)
    assert sorted(shown(page)) == SHIRTS  # what is left of the filter
    page.button(key="tags-forget-5").click().run()
    assert read_tags(store.root).own == ()
    assert not page.exception


def test_a_borne_word_cannot_be_forgotten_and_the_sixth_is_not_asked_for(open_page, store, run):
    change_tags(store.root, lambda tags: tags.with_tag([1], "a"))
    for word in "bcde":
        change_tags(store.root, lambda tags, word=word: tags.with_word(word))
    page = open_menu(open_page("errors", run=run.run_id))

    forget = [page.button(key=f"tags-forget-{key}").disabled for key in range(5, 10)]
    assert forget == [True, False, False, False, False]
    assert page.text_input(key="tags-own-word").disabled


def test_tables_are_taken_in_twice(open_page, store, run):
    page = open_menu(open_page("errors", run=run.run_id))
    for table, tagged in (
        (b"index,tags\n6,cropped\n", [6]),
        (b"index,tags\n16,worn\n70000,worn\n", [6]),
        (b"index,tags\n16,worn\n", [6, 16]),
    ):
        page.get("file_uploader")[0].set_value(("tags.csv", table, "text/csv")).run()
        assert read_tags(store.root).tagged == tagged
        assert not page.get("file_uploader")[0].value  # ready for the next one
        assert ("Line 3: Images have numbers" in texts(page)) == (b"70000" in table)
    downloads = [each.proto.label for each in page.get("download_button")]
    assert "Download 2 tagged images as CSV" in downloads


def test_tags_are_slices_with_their_own_figures(open_page, store, run):
    # Of 1,000 images 35 are wrong. Two wrong shirts and two right T-shirts bear a tag; the image
    # of the test file was not predicted here.
    change_tags(store.root, lambda tags: tags.with_tag([6, 16, 0, 10, 60_003], "cropped"))
    change_tags(store.root, lambda tags: tags.with_tag([60_003], "unusual"))
    table = open_page("errors", run=run.run_id, view="classes").dataframe[1].value

    cropped, unusual = table.to_dict("records")
    assert (cropped["tag"], cropped["tagged"], cropped["images"]) == ("cropped", 5, 4)
    assert (cropped["wrong"], cropped["accuracy"]) == (2, 50.0)
    assert cropped["interval"] == "15.0–85.0"  # Wilson, 2 of 4
    assert cropped["difference"] == "−46.7"  # 50 % − 963 of 996
    assert (unusual["tagged"], unusual["images"]) == (1, 0)
    page = open_page("errors", run=run.run_id, view="classes", part="test")
    assert page.dataframe[1].value["images"].tolist() == [1, 1]


def tick(page, rows: Any):
    """Tick rows of the table of tags as a browser does; AppTest itself cannot."""
    states = page._tree.get_widget_states()
    value = json.dumps({"selection": {"rows": rows, "columns": [], "cells": []}})
    states.widgets.append(WidgetState(id=page.dataframe[1].proto.id, string_value=value))
    page._run(states)
    assert not page.exception
    return page


def test_a_row_leads_to_the_images_of_its_tag_twice(open_page, store, run):
    change_tags(store.root, lambda tags: tags.with_tag([6, 0, 10], "cropped"))
    change_tags(store.root, lambda tags: tags.with_tag([16, 60_003], "worn out"))
    page = open_page("errors", run=run.run_id, true="2")
    page.slider(key="errors-confidence").set_value((0, 50)).run()
    for row, label, images in (
        (0, "See the 3 images tagged cropped", [0, 6, 10]),
        (1, "See the 1 image tagged worn out", [16]),
    ):
        page.segmented_control(key="errors-view").set_value("classes").run()
        assert tick(page, [row]).button(key="errors-see-tagged").label == label
        page.button(key="errors-see-tagged").click().run()
        assert sorted(shown(page)) == images


@pytest.mark.parametrize("rows", ([2], [-1], ["0"], [True], [None], [], "6", 6, {"6": 6}))
def test_rows_that_are_not_there_lead_nowhere(open_page, store, run, rows):
    change_tags(store.root, lambda tags: tags.with_tag([6], "cropped").with_tag([6], "unusual"))
    page = tick(open_page("errors", run=run.run_id, view="classes"), rows)

    assert not [button for button in page.button if button.key == "errors-see-tagged"]


def test_without_tags_it_is_said_how_to_give_one(open_page, run):
    page = open_page("errors", run=run.run_id, view="classes")

    assert "No image is tagged yet." in texts(page)
    assert len(page.dataframe) == 1


@pytest.mark.parametrize("view", ["mistakes", "classes"])
def test_a_damaged_file_is_one_sentence_and_the_rest_works(open_page, store, run, view):
    (store.root / FILE_NAME).write_text('{"format": 1, "own": ["wo')
    page = open_page("errors", run=run.run_id, view=view)

    assert len(page.error) == 1
    assert "Mend that file or move it away, then try again; the runs are unharmed." in texts(page)
    if view == "mistakes":
        assert len(shown(page)) == 35
        assert data_of(page, CARD)["tags"]["words"] == []
        send(page, CARD, change(6, "cropped"))
        assert (store.root / FILE_NAME).read_text() == '{"format": 1, "own": ["wo'
    (store.root / FILE_NAME).unlink()
    assert not page.run().error


def test_the_galleries_of_two_runs_tag_too(open_page, store, run):
    other = run_folders.finished_run(store, "other", correct=5_520)
    run_folders.add_predictions(other, tops=4)
    page = open_page("errors", run=other.run_id, view="two", **{"with": run.run_id})
    assert is_drawn(page, GALLERY)
    image = shown(page)[0]
    for on in (True, False, True):
        send(page, GALLERY, change(image, "cropped", on=on))
        assert (read_tags(store.root).tagged == [image]) == on
