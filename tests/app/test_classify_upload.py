"""The Classify page: files, what is pasted, and the camera."""

import json

import pytest

from tests.app.component import is_drawn, send_to
from tests.app.page_text import texts
from tests.app.pictures import data_url, png
from tests.app.test_classify_page import PAD, STRIP, network, run  # noqa: F401
from tests.app.test_errors_classes import tick
from ui.classify import picture

GOOD = ("box.png", png(), "image/png")
OTHER = ("wide.png", png((20, 100, 260, 180)), "image/png")
WRONG = ("page.png", b"<html><body>no picture</body></html>", "image/png")


@pytest.fixture
def page(open_page, run):  # noqa: F811
    return open_page("classify", source="upload")


def bring(page, *files):
    page.get("file_uploader")[0].set_value(list(files)).run()
    assert not page.exception
    return page


def test_nothing_is_asked_before_a_picture_came(page):
    assert not is_drawn(page, STRIP) and not is_drawn(page, PAD)
    assert "One garment each" in page.get("file_uploader")[0].label


def test_one_picture_is_answered_without_a_table(page):
    bring(page, GOOD)

    assert "#### Shirt, " in texts(page)
    assert not page.dataframe


def test_of_many_the_good_ones_are_answered_and_each_bad_one_says_why(page):
    bring(page, GOOD, WRONG, OTHER)
    table = page.dataframe[0].value

    assert list(table["file"]) == ["box.png", "page.png", "wide.png"]
    assert list(table["prediction"]) == ["Shirt", "", "Shirt"]
    assert table["problem"][1].startswith("This is a web page. Choose a picture:")
    assert page.selectbox(key="classify-shown").label == (
        "Look at one of 3 pictures, 1 of them not classified"
    )


def test_another_one_of_many_is_looked_at_twice(page):
    bring(page, GOOD, WRONG, OTHER)
    options = page.selectbox(key="classify-shown").options
    assert options == ["box.png", "page.png", "wide.png"]

    page.selectbox(key="classify-shown").select_index(1).run()
    assert "This is a web page." in texts(page) and not is_drawn(page, STRIP)
    page.selectbox(key="classify-shown").select_index(2).run()
    assert is_drawn(page, STRIP)


def test_rows_are_ticked_twice_and_what_is_no_row_changes_nothing(page):
    bring(page, GOOD, WRONG, OTHER)
    shown = page.selectbox(key="classify-shown").value
    for place in (2, 1):
        tick(page, [place])
        assert page.selectbox(key="classify-shown").index == place
    for rows in ([], [3], ["0"], "0"):
        tick(page, rows)
        assert page.selectbox(key="classify-shown").index == 1

    page.selectbox(key="classify-shown").set_value(shown).run()
    ticked = json.loads(page.dataframe[0].proto.selection_default)
    assert ticked["selection"]["rows"] == [0]


def test_a_name_is_no_formula_in_the_table_which_can_be_saved(page):
    bring(page, ("=1+1.png", png(), "image/png"), ("@SUM.png", b"<html>", "image/png"))

    assert list(page.dataframe[0].value["file"]) == ["'=1+1.png", "'@SUM.png"]


def test_many_pictures_are_prepared_once(page, monkeypatch):
    asked = []
    prepare = picture.prepare
    monkeypatch.setattr(picture, "prepare", lambda *given: asked.append(1) or prepare(*given))
    many = [(f"{number}.png", png((10, 10, 40, 80), 100), "image/png") for number in range(130)]
    bring(page, *many, WRONG)
    once = len(asked)
    page.selectbox(key="classify-shown").select_index(130).run()
    page.selectbox(key="classify-shown").select_index(0).run()

    assert len(page.dataframe[0].value) == 131
    assert len(asked) == once == 130 + 1  # and the one that is looked at, with all its steps


def test_pictures_stay_when_the_page_is_left(page):
    bring(page, GOOD, OTHER)
    page.switch_page("runs.py").run()
    page.switch_page("classify.py").run()

    assert len(page.dataframe[0].value) == 2


def test_files_come_beside_those_of_an_earlier_visit(page, monkeypatch):
    bring(page, GOOD, OTHER)
    page.switch_page("runs.py").run()
    page.switch_page("classify.py").run()
    bring(page, ("third.png", png((60, 60, 200, 120)), "image/png"))
    assert list(page.dataframe[0].value["file"]) == ["box.png", "wide.png", "third.png"]
    bring(page)  # the uploader has let go of its own
    assert list(page.dataframe[0].value["file"]) == ["box.png", "wide.png"]

    monkeypatch.setattr("ui.classify.upload.MAX_KEPT", len(GOOD[1]) + len(OTHER[1]) + 10)
    bring(page, ("large.png", png(side=300), "image/png"))
    assert "1 file stayed out: large.png." in texts(page)


def test_pictures_are_removed(page):
    bring(page, GOOD, OTHER)
    page.switch_page("runs.py").run()
    page.switch_page("classify.py").run()
    page.button(key="classify-remove").click().run()

    assert not page.dataframe and not is_drawn(page, STRIP)


def test_files_for_which_there_is_no_room_are_named(page, monkeypatch):
    monkeypatch.setattr("ui.classify.upload.MAX_KEPT", len(GOOD[1]) + 10)
    bring(page, GOOD, OTHER)

    assert "1 file stayed out: wide.png." in texts(page)
    assert "#### Shirt, " in texts(page)
    page.button(key="classify-remove").click().run()
    assert "stayed out" not in texts(page)


def test_a_picture_is_pasted_once_and_another_beside_it(page):
    for _ in range(2):
        send_to(page, "fmnist_paste_area", {"pasted": data_url(png())})
    assert "#### Shirt, " in texts(page) and not page.dataframe
    send_to(page, "fmnist_paste_area", {"pasted": data_url(OTHER[1])})

    assert list(page.dataframe[0].value["file"]) == ["pasted 1", "pasted 2"]


def test_what_is_pasted_and_is_no_picture_changes_nothing(page):
    send_to(page, "fmnist_paste_area", {"pasted": "file:///etc/passwd"})

    assert not is_drawn(page, STRIP)


def test_a_name_cannot_become_an_element_of_the_page(page):
    bring(page, ("![x](http://evil.example/x.png).png", png(), "image/png"))

    for element in (*page.markdown, *page.caption):
        assert "![x](" not in element.value
