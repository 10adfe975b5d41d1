"""The Errors page's view of faults, on four mistakes that can be judged by hand."""

from __future__ import annotations

import shutil

import numpy as np
import pytest

from fmnist_core.analysis.features import VECTORS_NAME, write_description
from fmnist_core.data.files import load
from fmnist_core.derived.kinds import FEATURES
from fmnist_core.derived.place import result_path
from fmnist_core.runs.files import replacing
from fmnist_core.runs.image_tags import FILE_NAME, change_tags, read_tags
from fmnist_core.runs.run import Run
from tests.app import run_folders
from tests.app.component import data_of, is_drawn, send_to
from tests.app.page_text import texts
from tests.app.test_errors_classes import tick

GALLERY, CARD = "fmnist_gallery", "fmnist_image_card"
TOP, COAT, SHIRT = 0, 4, 6
# Shirts: all runs take 6 for a T-shirt, surer than usual; the other run is right on 16; 26 could be
# both; and all take 36 for a coat, less surely than usual, so that cleanlab does not doubt it.
SUSPECT, SEEN, SPLIT, REST = 6, 16, 26, 36
BOTH = {SUSPECT: {TOP: 0.99}, SPLIT: {TOP: 0.5, SHIRT: 0.45}, REST: {COAT: 0.7}}


def predict(run: Run, said: dict[int, dict[int, float]], *, first: int = 0) -> Run:
    """Let a run have predicted 1,000 images with 0.9, all rightly but those of `said`."""
    label = np.arange(first, first + 1_000) % 10
    proba = np.full((1_000, 10), 0.1 / 9, np.float32)
    proba[np.arange(1_000), label] = 0.9
    wrong = proba.copy()
    for image, shares in said.items():
        wrong[image - first] = (1 - sum(shares.values())) / (10 - len(shares))
        for taken, share in shares.items():
            wrong[image - first, taken] = share
    arrays = {}
    for part, start, found in (("validation", first, wrong), ("test", 60_000, proba)):
        index = np.arange(start, start + 1_000, dtype=np.int32)
        arrays |= {f"{part}_index": index, f"{part}_label": (index % 10).astype(np.uint8)}
        arrays[f"{part}_proba"] = found
    with replacing(run.folder / "predictions.npz", durable=False) as file:
        np.savez(file, **arrays)
    return run


@pytest.fixture
def run(store) -> Run:
    found = run_folders.finished_run(store, "first")
    (found.folder / "model.keras").write_bytes(b"weights")
    return predict(found, {**BOTH, SEEN: {TOP: 0.6}})


@pytest.fixture
def other(store, run) -> Run:
    return predict(run_folders.finished_run(store, "other"), BOTH)


def add_features(store, run: Run, **directions: np.ndarray) -> None:
    """Let all images of a class point in one direction of ten; `image_6` says it for one."""
    vectors = np.eye(10, dtype=np.float16)[load().labels]
    for name, direction in directions.items():
        vectors[int(name.removeprefix("image_"))] = direction
    folder = result_path(store.root, run, FEATURES)
    folder.mkdir(parents=True)
    np.save(folder / VECTORS_NAME, vectors)
    write_description(folder, layer="dense_1", size=10, projected=False)


@pytest.fixture
def shown(open_page, run, other):
    return open_page("errors", run=run.run_id, view="faults")


def figures(page) -> dict[str, str]:
    return {metric.label: metric.value for metric in page.metric}


def listed(page) -> list[int]:
    return [tile["image"] for tile in data_of(page, GALLERY)["tiles"]]


def reason(page) -> str:
    return data_of(page, CARD)["verdict"][1]["text"]


def asked(page):
    return next(box for box in page.multiselect if box.key.startswith("errors-asked-"))


def tag(page, image: int, word: str, at: int, on: bool = True):
    change = {"image": image, "word": word, "on": on, "at": at}
    return send_to(page, CARD, {"tagged": {"changes": [change]}})


def test_each_mistake_is_of_a_kind_and_the_rules_are_read(shown):
    assert figures(shown) == {
        "Label suspect": "1 of 4",
        "Unusual image": "not looked for",
        "Ambiguous": "1 of 4",
        "Model mistake": "2 of 4",
    }
    assert listed(shown) == [SUSPECT]
    assert reason(shown).startswith("Label suspect: all 2 runs say T-shirt/top, cleanlab doubts")
    assert "Rule 1: cleanlab doubts the label, at least 80 % of the runs say" in texts(shown)
    assert "the button below the image in detail does it. Until then no mistake" in texts(shown)


def test_with_features_what_lies_near_counts(open_page, store, run, other):
    # Image 6 lies among T-shirts, of which it is taken for one; 16 as near to all classes.
    add_features(store, run, image_6=np.eye(10)[TOP], image_16=np.full(10, 10**-0.5))
    page = open_page("errors", run=run.run_id, view="faults")

    assert figures(page)["Label suspect"] == "1 of 4"
    assert figures(page)["Unusual image"] == "1 of 4"
    assert reason(page).endswith("of 15 neighbours 0 are Shirt and 15 T-shirt/top.")
    assert "Until then no mistake" not in texts(page)
    for kind, image in (("unusual", SEEN), ("label", SUSPECT), ("unusual", SEEN)):
        page.button(key=f"errors-kind-{kind}").click().run()
        assert listed(page) == [image]


def test_damaged_features_are_a_sentence_and_other_rules_decide(open_page, store, run, other):
    add_features(store, run)
    (result_path(store.root, run, FEATURES) / VECTORS_NAME).write_bytes(b"torn")
    page = open_page("errors", run=run.run_id, view="faults")

    assert f"The features of run {run.run_id} are damaged" in texts(page)
    assert figures(page)["Unusual image"] == "not looked for"
    assert listed(page) == [SUSPECT]


def test_kinds_follow_each_other_and_the_last_is_kept(open_page, shown, run):
    for kind, images in (("model", [SEEN, REST]), ("ambiguous", [SPLIT]), ("model", [SEEN, REST])):
        shown.button(key=f"errors-kind-{kind}").click().run()
        assert listed(shown) == images
    assert reason(shown).startswith("Model mistake: 1 of 1 other runs are right, and together give")
    for view in ("classes", "faults"):
        shown.segmented_control(key="errors-view").set_value(view).run()
    assert listed(shown) == [SEEN, REST]

    linked = open_page("errors", run=run.run_id, view="faults", kind="ambiguous")
    assert listed(linked) == [SPLIT]


def test_a_link_to_no_kind_is_a_sentence(open_page, run):
    page = open_page("errors", run=run.run_id, view="faults", kind="nobody")

    assert 'asks for kind "nobody", which does not exist' in texts(page)
    assert listed(page) == [SUSPECT]


def test_the_runs_that_are_asked_are_chosen_twice(open_page, run, other):
    page = open_page("errors", run=run.run_id, view="faults", kind="model", image=str(SEEN))
    for chosen, why in (
        ([], "no other rule applies; cleanlab does not"),
        ([other.run_id], "1 of 1 other runs are right"),
        ([], "no other rule applies; cleanlab does not"),
    ):
        asked(page).set_value(chosen).run()
        assert reason(page).startswith(f"Model mistake: {why}")
        assert ("No other run that predicted the same images" in texts(page)) == (not chosen)


def test_only_runs_that_predicted_the_same_images_are_offered(open_page, store, shown, run):
    predict(run_folders.finished_run(store, "elsewhere"), {}, first=500)
    run_folders.finished_run(store, "without")
    page = open_page("errors", run=run.run_id, view="faults")

    assert [title.split(" ")[0] for title in asked(page).options] == ["other"]


def test_a_run_that_was_asked_and_is_deleted_is_no_longer(store, shown, other):
    shutil.rmtree(other.folder)
    shown.run()

    assert not shown.exception
    assert "No other run that predicted the same images" in texts(shown)
    assert sum(int(value.split()[0]) for value in figures(shown).values() if "of" in value[:6]) == 4


def test_a_tag_overrules_and_is_taken_back(store, shown):
    tag(shown, SUSPECT, "ambiguous", at=1)
    assert (figures(shown)["Label suspect"], figures(shown)["Ambiguous"]) == ("0 of 4", "2 of 4")
    assert reason(shown).startswith('Ambiguous, by your tag "ambiguous". The rules say: Label sus')
    assert "No mistake is like that" not in texts(shown)  # it stays in view

    tag(shown, SUSPECT, "unusual", at=2)
    tag(shown, SUSPECT, "ambiguous", at=3, on=False)
    assert figures(shown)["Unusual image"] == "1 of 4"
    tag(shown, SUSPECT, "unusual", at=4, on=False)
    assert listed(shown) == [SUSPECT]


def test_the_word_that_makes_a_model_mistake_is_added_once(store, shown):
    shown.button(key="errors-model-tag").click().run()
    assert read_tags(store.root).own == ("model mistake",)
    assert "errors-model-tag" not in [button.key for button in shown.button]

    tag(shown, SUSPECT, "model mistake", at=1)
    assert figures(shown)["Model mistake"] == "3 of 4"


def test_a_class_and_a_cell_narrow_what_is_listed(open_page, run, other):
    for params, images in (
        ({"true": "6", "predicted": "4"}, [REST]),
        ({"true": "6"}, [SEEN, REST]),
        ({"predicted": "0"}, [SEEN]),
    ):
        page = open_page("errors", run=run.run_id, view="faults", kind="model", **params)
        assert listed(page) == images
    page.button(key="errors-clear").click().run()
    assert listed(page) == [SEEN, REST]

    page = open_page("errors", run=run.run_id, view="faults", true="3")
    assert "No mistake is like that" in texts(page)


def test_the_mistakes_on_each_class_are_counted(shown):
    table = shown.dataframe[0].value.set_index("class")

    assert table.loc["Shirt", ["wrong", "label", "ambiguous", "model"]].tolist() == [4, 1, 1, 2]
    assert table["unusual"].isna().all()  # not looked for
    assert table["wrong"].sum() == 4


def test_rows_are_ticked_twice(shown):
    for rows, images in (([COAT], None), ([SHIRT], [SUSPECT]), ([COAT], None)):
        tick(shown, rows)
        assert (listed(shown) if is_drawn(shown, GALLERY) else None) == images


def test_a_run_without_mistakes_says_so(open_page, run):
    page = open_page("errors", run=run.run_id, view="faults", part="test")

    assert "makes no mistake on these 1,000 images" in texts(page)
    assert not is_drawn(page, GALLERY)


def test_damaged_tags_are_a_sentence_and_the_rules_decide(open_page, store, run, other):
    change_tags(store.root, lambda tags: tags.with_tag([SUSPECT], "ambiguous"))
    (store.root / FILE_NAME).write_text("{")
    page = open_page("errors", run=run.run_id, view="faults")

    assert f"{FILE_NAME}, the tags of images" in texts(page)
    assert listed(page) == [SUSPECT]


def test_a_run_without_predictions_says_what_to_do(open_page, store):
    run = run_folders.finished_run(store, "without")

    said = texts(open_page("errors", run=run.run_id, view="faults"))
    assert f"{run.run_id} has no predictions: it came without" in said


def test_mistakes_are_filtered_by_other_runs_that_have_them_wrong_too(open_page, run, other):
    page = open_page("errors", run=run.run_id)
    also = next(box for box in page.multiselect if box.key.startswith("errors-also-"))
    for chosen, images in (
        ([other.run_id], {SUSPECT, SPLIT, REST}),
        ([], {SUSPECT, SEEN, SPLIT, REST}),
        ([other.run_id], {SUSPECT, SPLIT, REST}),
    ):
        also.set_value(chosen).run()
        assert set(listed(page)) == images
    page.toggle(key="errors-right").set_value(True).run()
    assert set(listed(page)) == {SUSPECT, SPLIT, REST}  # who is right is not wrong in all


# In the other views ------------------------------------------------------------------------------


def verdict(page) -> list[str]:
    return [line["text"] for line in data_of(page, CARD)["verdict"]]


def see(page, view: str):
    return page.segmented_control(key="errors-view").set_value(view).run()


def test_other_views_say_whose_fault_it_is_once_that_was_found_out(
    open_page, run, other, monkeypatch
):
    def never(*args: object) -> None:
        raise AssertionError("another view computes")

    with monkeypatch.context() as patched:
        patched.setattr("ui.errors.analyses.gather", never)
        page = open_page("errors", run=run.run_id, image=str(SUSPECT))
        assert verdict(page) == ["✗ Shirt → T-shirt/top"]
    page.button(key="errors-fault").click().run()
    assert page.session_state["errors-selection"].view == "faults"
    assert data_of(page, CARD)["image"] == SUSPECT
    assert "errors-fault" not in [button.key for button in page.button]
    said = reason(page)
    assert said.startswith("Label suspect: all 2 runs say T-shirt/top")

    pair = {"true": str(SHIRT), "predicted": str(TOP)}
    for view in ("mistakes", "pair", "two", "mistakes"):
        page = open_page("errors", run=run.run_id, view=view, image=str(SEEN), **pair)
        assert verdict(page)[1].startswith("Model mistake: 1 of 1 other runs are right")
        page.button(key="errors-fault").click().run()
        assert (listed(page), data_of(page, CARD)["image"]) == ([SEEN], SEEN)
        assert reason(page).startswith("Model mistake: 1 of 1 other runs are right")


def test_what_other_views_say_follows_tags_and_goes_with_the_runs_that_were_asked(
    open_page, shown, run, other
):
    see(shown, "mistakes")
    tag(shown, SUSPECT, "ambiguous", at=1)
    assert verdict(shown)[1].startswith('Ambiguous, by your tag "ambiguous". The rules say: Label')
    tag(shown, SUSPECT, "ambiguous", at=2, on=False)
    assert verdict(shown)[1].startswith("Label suspect: ")

    shutil.rmtree(other.folder)
    assert verdict(shown.run()) == ["✗ Shirt → T-shirt/top"]


def test_nobody_is_at_fault_for_what_is_right(open_page, shown, run):
    page = open_page("errors", run=run.run_id, image="0")

    assert verdict(page) == ["✓ T-shirt/top, and predicted so"]
    assert "errors-fault" not in [button.key for button in page.button]
