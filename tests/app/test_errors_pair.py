"""The Errors page's view of a pair of classes, by one run and beside another."""

from __future__ import annotations

import json

import pytest

from fmnist_core.runs.run import Run
from tests.app import run_folders
from tests.app.component import data_of, is_drawn, send_to
from tests.app.page_text import texts, unmarked

TOP, COAT, SHIRT = 0, 4, 6


@pytest.fixture
def other(store) -> Run:
    """20 of 100 shirts are taken for T-shirts, 10 for coats; no T-shirt for a shirt."""
    found = run_folders.finished_run(store, "other")
    run_folders.add_predictions(found)
    return found


@pytest.fixture
def run(store, other) -> Run:
    """4 shirts are taken for T-shirts: 16 of the 20 are right now."""
    found = run_folders.finished_run(store, "this", correct=5_520)
    run_folders.add_predictions(found, tops=4)
    return found


def galleries(page) -> dict[str, int]:
    """The number of images in each gallery, by its name."""
    found = [
        json.loads(each.proto.json)
        for each in page.get("bidi_component")
        if each.proto.component_name == "fmnist_gallery"
    ]
    return {data["name"]: len(data["tiles"]) for data in found}


def figures(page) -> list[tuple[str, str]]:
    return [(unmarked(metric.label), metric.value) for metric in page.metric]


def test_a_cell_leads_to_both_directions(open_page, run):
    page = open_page("errors", run=run.run_id)
    assert "errors-open-pair" not in [button.key for button in page.button]
    send_to(page, "fmnist_confusion_matrix", {"chosen": {"true": SHIRT, "predicted": SHIRT}})
    assert "errors-open-pair" not in [button.key for button in page.button]

    send_to(page, "fmnist_confusion_matrix", {"chosen": {"true": SHIRT, "predicted": TOP}})
    page.button(key="errors-open-pair").click().run()

    assert [each.value for each in page.subheader[:2]] == [
        "Shirt → T-shirt/top",
        "T-shirt/top → Shirt",
    ]
    assert figures(page) == [("this", "4 of 100"), ("this", "0 of 100")]
    assert page.metric[0].delta == "4.0 %, 95 % interval 1.6–9.8 %"  # Wilson, 4 of 100
    assert galleries(page) == {"Shirt → T-shirt/top": 4}
    # Confidence 0.905 - 0.01 an image: the fourth was hardest to decide.
    assert data_of(page, "fmnist_gallery")["tiles"][0]["confidence"] == "88 %"


def test_pairs_are_chosen_from_the_list_one_after_the_other(open_page, run):
    page = open_page("errors", run=run.run_id, view="pair")
    assert "Choose two classes" in texts(page)

    for key, name in (("errors-top-6-4", "Shirt → Coat"), ("errors-top-2-6", "Pullover → Shirt")):
        page.button(key=key).click().run()
        assert name in galleries(page)
        page.button(key="errors-pair-other").click().run()
        assert not is_drawn(page, "fmnist_gallery")


def test_another_run_stands_beside_it_and_goes_again(open_page, run, other):
    page = open_page("errors", run=run.run_id, view="pair", true="6", predicted="0")
    for beside in (True, False, True):
        page.toggle(key="errors-pair-both").set_value(beside).run()
        assert page.session_state["errors-selection"].other == (other.run_id if beside else "")
        assert figures(page)[:2] == [
            ("this", "4 of 100"),
            ("other", "20 of 100") if beside else ("this", "0 of 100"),
        ]
    # 16 of 100 shirts are fixed: p = 2 / 2^16, and no other confusion changed.
    assert "Against other: 16 fixed, 0 broken, +16.00 points" in texts(page)
    assert "p < 0.001 after Holm: likely real." in texts(page)
    assert "Both runs make this mistake on the same images." in texts(page)

    (side,) = [each for each in page.segmented_control if each.label == "As it is taken by"]
    for name, number in (("other", 20), ("this", 4), ("other", 20)):
        side.set_value(name).run()
        assert galleries(page) == {"Shirt → T-shirt/top": number}


def test_an_image_is_opened_and_is_in_the_address(open_page, run):
    page = open_page("errors", run=run.run_id, view="pair", true="6", predicted="4")
    third = data_of(page, "fmnist_gallery")["tiles"][2]["image"]
    send_to(page, "fmnist_gallery", {"opened": {"image": third}})

    assert data_of(page, "fmnist_image_card")["place"] == "3 of 10"
    assert page.session_state["errors-selection"].image == third


def test_a_pair_without_mistakes_and_a_run_without_predictions_are_said(open_page, run, other):
    page = open_page("errors", run=run.run_id, view="pair", true="1", predicted="8")
    assert "This run takes none of these for the other." in texts(page)

    (other.folder / "predictions.npz").unlink()
    link = {"true": "6", "predicted": "0", "with": other.run_id}
    page = open_page("errors", run=run.run_id, view="pair", **link)
    assert f'"fmnist repeat {other.run_id}". Choose another run to stand beside this' in texts(page)
    assert galleries(page) == {"Shirt → T-shirt/top": 4}
