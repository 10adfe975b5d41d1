"""The challenge set on a page: keeping a picture, and the whole set with what a run makes of it."""

import io
import zipfile

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from fmnist_core.challenge import evaluate, export_zip
from fmnist_core.challenge.store import ChallengeSet
from fmnist_core.labels import CLASS_NAMES
from tests.app.component import data_of, is_drawn, send_to
from tests.app.page_text import texts
from tests.app.run_folders import finished_run
from tests.challenge_pictures import FakeInference, encoded, keep, photo, pixels, zipped

SHIRT, COAT, BAG = 6, 4, 8
GALLERY = "fmnist_gallery"


@pytest.fixture(autouse=True)
def network(answer_with):
    return answer_with(FakeInference(SHIRT))


@pytest.fixture
def run(store):
    return add_run(store, "first")


def add_run(store, name):
    found = finished_run(store, name)
    (found.folder / "model.keras").write_bytes(b"weights")
    return found


def form_script(number):
    from tests.challenge_pictures import photo, pixels
    from ui.classify.challenge import keep_form

    keep_form(pixels(number), photo(), "a [b](c).png", None, 4, "form")


def view_script(run_id):
    import streamlit as st

    from ui import cache
    from ui.classify.challenge import challenge_view

    st.title("Test")
    challenge_view(cache.run_store().get(run_id) if run_id else None)


def form(number=0):
    return opened(form_script, number=number)


def view(run=None):
    return opened(view_script, run_id=run.run_id if run else "")


def opened(script, **values):
    page = AppTest.from_function(script, kwargs=values, default_timeout=20).run()
    assert not page.exception
    return page


def button(page, label):
    return next(each for each in page.button if each.label == label)


def labels(page):
    return [each.label for each in page.button]


def tiles(page):
    return {each["truth"]: each for each in data_of(page, GALLERY)["tiles"]}


def test_a_picture_is_kept_once_a_class_was_chosen(store):
    page = form()
    assert button(page, "Keep in the challenge set").disabled
    choice = page.selectbox[0]
    assert choice.label == "True class (the network says Coat)" and choice.value is None

    choice.select(BAG).run()
    page.selectbox[0].select(SHIRT).run()
    button(page, "Keep in the challenge set").click().run()

    assert "In the challenge set as Shirt." in texts(page)
    (entry,) = store.challenge.entries()
    assert (entry.label, entry.name) == (SHIRT, "a [b](c).png")
    np.testing.assert_array_equal(entry.pixels, pixels(0))
    np.testing.assert_array_equal(store.challenge.original(entry), photo())


def test_a_second_click_keeps_nothing_and_another_session_sees_it_is_there(store):
    first, second = form(), form()
    for page in (first, second):
        page.selectbox[0].select(SHIRT).run()
    for page in (first, second):
        button(page, "Keep in the challenge set").click().run()

    assert len(store.challenge.entries()) == 1
    assert "In the challenge set as Shirt." in texts(second)
    assert "In the challenge set as Shirt." in texts(form())


def test_another_class_for_the_same_picture_is_refused_in_a_sentence(store):
    page = form()
    page.selectbox[0].select(COAT).run()
    keep(store.challenge, SHIRT)
    button(page, "Keep in the challenge set").click().run()

    assert "as Shirt: it cannot be Coat too" in texts(page)
    page.run()
    assert "cannot be Coat" not in texts(page)


def test_a_kept_picture_is_taken_out_again(store):
    keep(store.challenge, SHIRT)
    page = form()

    button(page, "Take it out").click().run()

    assert store.challenge.entries() == []
    assert "Keep in the challenge set" in labels(page)


def test_an_empty_set_says_what_to_do(store, run):
    for page in (view(), view(run)):
        assert "The challenge set is empty. Keep a picture with its true class" in texts(page)
        assert not is_drawn(page, GALLERY) and "Delete all" not in labels(page)


def test_a_set_without_a_run_is_shown_as_it_is(store):
    keep(store.challenge, SHIRT, COAT)

    page = view()

    assert "2 pictures: 1 Coat, 1 Shirt." in texts(page)
    assert tiles(page)["Coat"]["taken"] == "not judged"
    assert button(page, "Evaluate this run").disabled
    assert button(page, "Evaluate all runs (0)").disabled


def test_a_run_is_judged_by_a_click_and_its_figures_follow(store, run, network):
    keep(store.challenge, SHIRT, COAT, SHIRT)
    page = view(run)
    assert "was not asked about these pictures yet" in texts(page)

    button(page, "Evaluate this run").click().run()

    assert page.success[0].value == "1 run judged."
    assert page.metric[0].value == "66.7 %"
    assert page.metric[0].delta == "2 of 3, 95 % interval 20.8–93.9 %"
    assert page.metric[1].label == "Test images"
    assert "Commonest mistakes: Coat → Shirt (1 of 1)." in texts(page)
    assert tiles(page)["Coat"]["taken"] == "→ Shirt" and not tiles(page)["Coat"]["right"]
    assert tiles(page)["Shirt"]["taken"] == "✓ Shirt" and tiles(page)["Shirt"]["right"]
    assert page.dataframe[0].value["challenge_accuracy"].tolist() == [pytest.approx(200 / 3)]
    assert button(page, "Evaluate this run").disabled
    assert network.network.asked == 1


def test_all_runs_that_are_due_are_judged_and_one_that_fails_is_said(store, run, network):
    keep(store.challenge, SHIRT, COAT)
    evaluate(run, store.challenge, network.network)
    second, third = add_run(store, "second"), add_run(store, "third")
    network.failing = {third.run_id}
    page = view(run)

    button(page, "Evaluate all runs (2)").click().run()

    assert page.success[0].value == "1 run judged."
    assert f"{third.run_id}: The network is odd." in texts(page)
    assert sorted(page.dataframe[0].value["name"]) == ["first", "second"]
    assert button(page, "Evaluate all runs (1)")
    assert "2 of 3 runs that have ended were judged" in texts(page)
    assert "Predicted rightly by 0 of 2 runs asked." in texts(page)  # it is a coat
    assert (second.folder / "challenge.json").exists()


def test_after_a_change_of_the_set_figures_are_blank_and_verdicts_stay(store, run, network):
    keep(store.challenge, SHIRT)
    evaluate(run, store.challenge, network.network)
    keep(store.challenge, COAT, first=1)

    page = view(run)

    assert page.metric[0].value == "–" and page.metric[0].delta == "of an older state"
    assert "The set has changed since this run was judged." in texts(page)
    assert tiles(page)["Shirt"]["right"] and tiles(page)["Coat"]["taken"] == "not judged"
    assert len(page.dataframe) == 0 and not button(page, "Evaluate this run").disabled


def test_what_older_weights_said_is_not_shown(store, run, network):
    keep(store.challenge, SHIRT)
    evaluate(run, store.challenge, network.network)
    (run.folder / "model.keras").write_bytes(b"trained on")

    page = view(run)

    assert "was not asked about these pictures yet, or has trained on since" in texts(page)
    assert tiles(page)["Shirt"]["taken"] == "not judged"


def test_only_wrong_ones_are_shown_where_that_is_asked(store, run, network):
    keep(store.challenge, SHIRT, COAT)
    evaluate(run, store.challenge, network.network)
    page = view(run)

    page.toggle(key="challenge-wrong").set_value(True).run()
    assert [*tiles(page)] == ["Coat"]
    page.toggle(key="challenge-wrong").set_value(False).run()
    assert sorted(tiles(page)) == ["Coat", "Shirt"]

    store.challenge.delete(store.challenge.entries()[0].entry_id)
    page.toggle(key="challenge-wrong").set_value(True).run()
    assert page.success[0].value == "None of 1 picture is wrong."


def test_a_picture_is_opened_and_a_number_that_is_none_opens_nothing(store, run):
    keep(store.challenge, SHIRT, COAT)
    page = view(run)
    numbers = [each["image"] for each in data_of(page, GALLERY)["tiles"]]
    assert data_of(page, GALLERY)["chosen"] == numbers[0]
    assert page.subheader[0].value == "1.png"

    send_to(page, GALLERY, {"opened": {"image": numbers[1], "at": 1}})
    assert data_of(page, GALLERY)["chosen"] == numbers[1]
    assert page.subheader[0].value == "0.png"
    for wrong in (-1, "x", None, 2**60, numbers[1] + 1, True, [1]):
        send_to(page, GALLERY, {"opened": {"image": wrong, "at": 2}})
        assert data_of(page, GALLERY)["chosen"] == numbers[1]
    captions = [each.proto.imgs[0].caption for each in page.get("image")]
    assert captions == ["Original", "What networks see"]


def test_a_picture_gets_another_class_twice(store, run):
    (entry,) = keep(store.challenge, SHIRT)
    page = view(run)

    for label in (COAT, BAG):
        page.selectbox[0].select(label).run()
        assert store.challenge.get(entry.entry_id).label == label
        assert page.selectbox[0].value == label
        assert [*tiles(page)] == [CLASS_NAMES[label]]


def test_what_was_right_is_wrong_once_the_picture_is_of_another_class(store, run, network):
    (entry,) = keep(store.challenge, SHIRT)
    evaluate(run, store.challenge, network.network)
    page = view(run)
    assert page.selectbox[0].value == SHIRT

    store.challenge.relabel(entry.entry_id, COAT)  # by another session
    page.toggle(key="challenge-wrong").set_value(True).run()

    assert tiles(page)["Coat"]["taken"] == "→ Shirt" and not tiles(page)["Coat"]["right"]
    assert page.selectbox[0].value == COAT


def test_a_picture_is_deleted_then_all(store, run):
    keep(store.challenge, SHIRT, COAT, BAG)
    page = view(run)

    button(page, "Delete this picture").click().run()
    assert page.success[0].value == "1 picture deleted."
    assert sorted(tiles(page)) == ["Coat", "Shirt"]
    button(page, "Delete 2 pictures").click().run()
    assert page.success[0].value == "2 pictures deleted."
    assert store.challenge.entries() == [] and "The challenge set is empty." in texts(page)


def test_a_picture_that_another_session_deleted_is_a_sentence(store, run):
    (entry,) = keep(store.challenge, SHIRT)
    page = view(run)
    store.challenge.delete(entry.entry_id)

    button(page, "Delete this picture").click().run()

    assert "No picture begins with" in texts(page)


def test_a_damaged_picture_is_said_and_can_be_deleted(store, run):
    first, _ = keep(store.challenge, SHIRT, COAT)
    (store.challenge.root / first.entry_id / "pixels.png").unlink()
    page = view(run)
    assert "A damaged picture:" in texts(page) and [*tiles(page)] == ["Coat"]

    button(page, "Delete 1 damaged picture").click().run()

    assert [entry.label for entry in store.challenge.entries()] == [COAT]


def test_a_lost_original_is_a_sentence_and_the_rest_stays(store, run):
    (entry,) = keep(store.challenge, SHIRT)
    (store.challenge.root / entry.entry_id / "original.png").unlink()

    assert "is not there any more" in texts(view(run))


def test_a_zip_is_taken_and_what_is_refused_is_said(store, run, tmp_path):
    other = ChallengeSet(tmp_path / "other")
    keep(other, SHIRT, COAT)
    buffer = io.BytesIO()
    export_zip(other, buffer)
    with zipfile.ZipFile(buffer, "a") as archive:
        archive.writestr("hats/<b>.png", encoded(photo()))
    page = view(run)

    for added, there in ((2, 0), (0, 2)):
        page.file_uploader[0].upload("set.zip", buffer.getvalue(), "application/zip").run()
        noun = "picture" if added == 1 else "pictures"
        assert page.success[0].value == f"{added} {noun} added, {there} there already, 1 not taken."
        assert "hats/<b>.png: It lies in no folder that bears" in texts(page)
    assert store.challenge.digest() == other.digest()


def test_a_file_that_is_no_zip_is_a_sentence(store, run):
    page = view(run)

    page.file_uploader[0].upload("set.zip", b"GIF89a", "application/zip").run()

    assert "Nothing was taken from the ZIP. This is no ZIP file" in texts(page)


def test_many_refusals_are_counted(store, run):
    page = view(run)
    files = {f"hats/{number}.png": b"" for number in range(14)}

    page.file_uploader[0].upload("set.zip", zipped(files), "application/zip").run()

    assert len(page.error) == 10 and "4 more files were not taken." in texts(page)


def test_a_set_that_cannot_be_read_is_a_sentence(store, run):
    store.challenge.root.write_text("")

    for page in (view(run), form()):
        assert "cannot be used" in texts(page)
