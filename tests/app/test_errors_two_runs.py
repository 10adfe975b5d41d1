"""The Errors page's view of two runs: verdict, matrices, what was fixed and what was broken."""

from __future__ import annotations

import dataclasses
import json

import numpy as np
import pytest

from fmnist_core.runs.run import Run
from tests.app import run_folders
from tests.app.component import data_of, send_to
from tests.app.page_text import texts, unmarked

TOP, COAT, SHIRT = 0, 4, 6
CARD = "fmnist_image_card"


@pytest.fixture
def before(store) -> Run:
    """20 shirts are taken for T-shirts, the next 10 for coats, 5 pullovers for shirts."""
    found = run_folders.finished_run(store, "before")
    run_folders.add_predictions(found)
    return found


@pytest.fixture
def after(store, before) -> Run:
    """4 shirts are taken for T-shirts, the next 10 for coats: 16 of the 30 are right now."""
    found = run_folders.finished_run(store, "after", correct=5_520)
    run_folders.add_predictions(found, tops=4)
    return found


@pytest.fixture
def shown(open_page, before, after):
    return open_page("errors", run=after.run_id, view="two")


def figures(page) -> dict[str, str]:
    return {unmarked(metric.label): metric.value for metric in page.metric}


def component(page, name: str, key: str) -> dict:
    """The data of one of several components of a name."""
    return next(
        json.loads(each.proto.json)
        for each in page.get("bidi_component")
        if each.proto.component_name == name and each.proto.id.endswith(f"-{key}")
    )


def test_the_verdict_and_the_figures(shown):
    # 30 - 14 = 16 shirts are fixed, none is broken: p = 2 / 2^16.
    assert (
        "after is better than before by 1.60 points on 1,000 validation images; 16 fixed, 0 broken;"
        " p < 0.001: likely real." in texts(shown)
    )
    assert figures(shown)["Accuracy of before"] == "96.50 %"
    assert figures(shown)["Accuracy of after"] == "98.10 %"
    assert figures(shown)["Difference"] == "+1.60 points"
    assert figures(shown)["Fixed and broken"] == "16 and 0"
    assert "Nothing: network and settings are the same." in texts(shown)


def test_the_gain_on_classes_and_on_confusions_is_shown_twice(shown):
    for by, names in (
        ("confusion", ["Shirt → T-shirt/top"]),
        ("class", ["T-shirt/top", "Trouser", "Pullover"]),
        ("confusion", ["Shirt → T-shirt/top"]),
    ):
        shown.segmented_control(key="errors-gains").set_value(by).run()
        table = shown.dataframe[0].value
        assert table["name"].tolist()[: len(names)] == names
    # 20 → 4 of 100 shirts
    assert table.iloc[0][["fixed", "broken", "gain"]].tolist() == [16, 0, "+16.00"]
    assert table.iloc[0]["verdict"] == "likely real"


def test_the_three_matrices_follow_one_choice_of_look(shown):
    for by, cells in (
        ("actual", ("20.0", "4.0", "−16.0")),
        ("counts", ("20", "4", "−16")),
        ("actual", ("20.0", "4.0", "−16.0")),
    ):
        shown.segmented_control(key="errors-by").set_value(by).run()
        found = [
            component(shown, "fmnist_confusion_matrix", f"errors-matrix-{key}")["cells"][SHIRT][TOP]
            for key in ("before", "after", "difference")
        ]
        assert tuple(cell["text"] for cell in found) == cells


def test_what_was_fixed_is_shown_as_the_first_run_takes_it(shown):
    gallery = data_of(shown, "fmnist_gallery")

    assert gallery["name"] == "Fixed images"
    assert len(gallery["tiles"]) == 16
    assert not any(tile["right"] for tile in gallery["tiles"])
    card = data_of(shown, CARD)
    assert card["verdict"][0]["kind"] == "right"
    assert [(row["name"], row["kind"]) for row in card["others"]["rows"]] == [("before", "wrong")]


def test_a_cell_narrows_the_galleries(shown):
    send_to(shown, "fmnist_confusion_matrix", {"chosen": {"true": SHIRT, "predicted": COAT}})
    # The shirts that were taken for coats are right now, as are the first of the T-shirts' but 4.
    tiles = data_of(shown, "fmnist_gallery")["tiles"]
    assert {tile["taken"] for tile in tiles} == {"→ Coat"}

    send_to(shown, "fmnist_confusion_matrix", {"chosen": {"true": TOP, "predicted": None}})
    assert "No image changed like that." in texts(shown)


def test_an_image_is_opened_and_followed_by_the_next_of_its_gallery(shown):
    first = data_of(shown, "fmnist_gallery")["tiles"]
    send_to(shown, "fmnist_gallery", {"opened": {"image": first[3]["image"]}})

    card = data_of(shown, CARD)
    assert card["place"] == "4 of 16"
    assert card["next"] == first[4]["image"]


def test_the_other_run_is_chosen_twice_and_is_in_the_address(open_page, store, before, after):
    third = run_folders.finished_run(store, "third", correct=5_000)
    run_folders.add_predictions(third, tops=4)
    page = open_page("errors", run=after.run_id, view="two", **{"with": third.run_id})
    assert "0 fixed, 0 broken" in texts(page)
    assert "No image changed like that." in texts(page)

    for run, sentence in ((before, "16 fixed"), (third, "0 fixed"), (before, "16 fixed")):
        box = next(box for box in page.selectbox if box.label == "Compared with")
        box.select(run.run_id).run()
        assert sentence in texts(page)
        assert page.session_state["errors-selection"].other == run.run_id


def test_the_run_that_it_was_made_from_is_the_first_choice(open_page, store, before, after):
    asked = dataclasses.replace(before.experiment, name="child", parent=before.run_id)
    child = store.create(asked)
    run_folders.write_result(child.folder, 5_300)
    run_folders.add_predictions(child)
    page = open_page("errors", run=child.run_id, view="two")

    assert page.session_state["errors-selection"].other == before.run_id


def test_two_runs_of_one_name_are_told_apart(open_page, store, before):
    again = run_folders.finished_run(store, "before")
    run_folders.add_predictions(again, tops=4)
    page = open_page("errors", run=again.run_id, view="two")

    assert f"before ({again.run_id}) is better than before ({before.run_id})" in texts(page)


def test_without_another_run_there_is_a_way_to_one(open_page, before):
    page = open_page("errors", run=before.run_id, view="two")

    assert "There is no other run that has ended." in texts(page)
    assert page.button(key="errors-train-another").click().run().title[0].value == "Train"


@pytest.mark.parametrize(
    ("other", "sentence"),
    [
        ("20200101-000000-aaaaaa", "There is no other run 20200101-000000-aaaaaa that has ended."),
        ("../../etc", 'The link asks for with "../../etc", which does not exist'),
    ],
)
def test_a_link_to_no_run_is_one_sentence(open_page, before, after, other, sentence):
    page = open_page("errors", run=after.run_id, view="two", **{"with": other})

    assert sentence in texts(page)
    assert "16 fixed" in texts(page)


def test_runs_that_cannot_be_compared_say_why(open_page, store, before, after):
    with np.load(before.folder / "predictions.npz") as found:
        arrays = dict(found)
    arrays["validation_index"] = arrays["validation_index"] + 1_000
    np.savez(before.folder / "predictions.npz", **arrays)
    page = open_page("errors", run=after.run_id, view="two")
    assert "Choose runs with the same split" in texts(page)

    (before.folder / "predictions.npz").unlink()
    said = texts(page.run())
    assert f"Run {before.run_id} has no predictions: it came without" in said
    assert f'"fmnist repeat {before.run_id}". Choose another run to compare with.' in said
    assert not page.exception
