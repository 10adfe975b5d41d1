"""The Errors page: what it counts, what is chosen in it, and what a link or a browser may ask."""

from __future__ import annotations

import json
import shutil
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from fmnist_core.runs.run import Run
from fmnist_core.runs.store import RunStore
from tests.app import run_folders
from tests.app.component import data_of, is_drawn, send_to
from tests.app.page_text import run_choice, texts
from tests.shipped import SHIPPED, THREE
from tests.strategies import json_values
from ui.errors.selection import VIEWS
from ui.pager import PAGE_SIZE

MATRIX, GALLERY, CARD = "fmnist_confusion_matrix", "fmnist_gallery", "fmnist_image_card"
TOP, PULLOVER, COAT, SHIRT = 0, 2, 4, 6


@pytest.fixture
def run(store) -> Run:
    """A run with 20 shirts taken for T-shirts, 10 for coats, and 5 pullovers for shirts."""
    found = run_folders.finished_run(store, "first")
    run_folders.add_predictions(found)
    return found


@pytest.fixture
def better(store, run) -> Run:
    """A run that takes 4 shirts for T-shirts and is otherwise the same."""
    found = run_folders.finished_run(store, "better", correct=5_520)
    run_folders.add_predictions(found, tops=4)
    return found


def choose(page, true: int | None, predicted: int | None):
    return send_to(page, MATRIX, {"chosen": {"true": true, "predicted": predicted}})


def figures(page) -> dict[str, str]:
    return {metric.label: metric.value for metric in page.metric}


def tiles(page) -> list[dict[str, Any]]:
    return data_of(page, GALLERY)["tiles"]


def shown(page) -> list[int]:
    return [tile["image"] for tile in tiles(page)]


def cell(page, true: int, predicted: int) -> dict[str, Any]:
    """A cell of the matrix, whatever the order of its classes."""
    data = data_of(page, MATRIX)
    return data["cells"][data["codes"].index(true)][data["codes"].index(predicted)]


def address(page) -> dict[str, str]:
    """What the page writes into its address for itself."""
    bars = [
        each.proto for each in page.get("bidi_component") if "errors-selection" in each.proto.json
    ]
    return {name: value for name, value in json.loads(bars[0].json)["params"].items() if value}


def test_all_images_are_counted_and_the_mistakes_shown(open_page, run):
    # 20 + 10 + 5 of 1,000 are wrong.
    page = open_page("errors", run=run.run_id)

    assert figures(page) == {
        "Accuracy, 1,000 validation images": "96.50 %",
        "Wrong": "35 of 1,000",
        "Chosen": "all images",
    }
    assert len(tiles(page)) == 35
    assert not any(tile["right"] for tile in tiles(page))
    assert cell(page, SHIRT, TOP)["text"] == "20"
    assert cell(page, SHIRT, TOP)["tip"] == "true Shirt, predicted T-shirt/top: 20 of 100 (20.0 %)"


def test_a_chosen_cell_shows_its_images_and_its_share(open_page, run):
    page = choose(open_page("errors", run=run.run_id), SHIRT, TOP)

    assert figures(page)["Shirt → T-shirt/top"] == "20 of 100"
    assert len(tiles(page)) == 20
    assert {(tile["truth"], tile["taken"]) for tile in tiles(page)} == {("Shirt", "→ T-shirt/top")}
    assert data_of(page, MATRIX)["chosen"] == {"true": SHIRT, "predicted": TOP}
    assert address(page) == {"true": "6", "predicted": "0"}


def test_a_row_a_column_and_all_follow_each_other(open_page, run):
    page = choose(open_page("errors", run=run.run_id), SHIRT, None)
    assert len(tiles(page)) == 30
    assert figures(page)["All that are Shirt"] == "30 of 100 wrong"

    choose(page, None, SHIRT)  # 70 shirts and 5 pullovers
    assert len(tiles(page)) == 5
    assert figures(page)["All predicted Shirt"] == "5 of 75 wrong"

    choose(page, None, None)
    assert len(tiles(page)) == 35
    assert address(page) == {}


def test_the_diagonal_shows_what_is_right(open_page, run):
    page = choose(open_page("errors", run=run.run_id), SHIRT, SHIRT)

    assert all(tile["right"] for tile in tiles(page))
    assert "48 of 70 validation images" in texts(page)
    assert len(tiles(page)) == PAGE_SIZE == 48


def test_the_commonest_confusions_choose_their_cell(open_page, run):
    page = open_page("errors", run=run.run_id)
    labels = [button.label for button in page.button if button.key.startswith("errors-top-")]

    assert labels == [  # Wilson intervals of 20, 10 and 5 of 100
        "**Shirt** → **T-shirt/top** · 20 of 100 (20.0 %, 13.3–28.9)",
        "**Shirt** → **Coat** · 10 of 100 (10.0 %, 5.5–17.4)",
        "**Pullover** → **Shirt** · 5 of 100 (5.0 %, 2.2–11.2)",
    ]
    page.button(key="errors-top-6-4").click().run()
    assert len(tiles(page)) == 10
    page.button(key="errors-top-2-6").click().run()
    assert len(tiles(page)) == 5
    page.button(key="errors-clear").click().run()
    assert len(tiles(page)) == 35


def test_the_matrix_is_shown_as_it_was_chosen_last(open_page, run):
    page = open_page("errors", run=run.run_id)
    for by, text in (("actual", "20.0"), ("predicted", "16.7"), ("counts", "20")):  # 20 of 120
        page.segmented_control(key="errors-by").set_value(by).run()
        assert cell(page, SHIRT, TOP)["text"] == text
    for hidden, text in ((True, "·"), (False, "70"), (True, "·")):
        page.toggle(key="errors-hide").set_value(hidden).run()
        assert cell(page, SHIRT, SHIRT)["text"] == text
    for order in ("similarity", "label", "similarity"):
        page.segmented_control(key="errors-order-by").set_value(order).run()
        codes = data_of(page, MATRIX)["codes"]
        assert (codes == list(range(10))) == (order == "label")
        assert cell(page, SHIRT, TOP)["text"] == "20"


def test_order_and_filters_follow_two_changes(open_page, run):
    page = choose(open_page("errors", run=run.run_id), SHIRT, TOP)
    firsts = shown(page)
    assert firsts == sorted(firsts)  # the first shirt is the surest mistake
    for order, expected in (
        ("smallest margin", firsts[::-1]),
        ("highest loss", firsts),
        ("index", firsts),
        ("most confident wrong", firsts),
    ):
        page.selectbox(key="errors-order").select(order).run()
        assert shown(page) == expected
    for low, high, number in ((85, 100, 6), (0, 80, 9), (0, 100, 20)):  # 0.905, 0.895 … 0.715
        page.slider(key="errors-confidence").set_value((low, high)).run()
        assert len(tiles(page)) == number
    choose(page, None, TOP)
    for right, number in ((True, PAGE_SIZE), (False, 20), (True, PAGE_SIZE)):
        page.toggle(key="errors-right").set_value(right).run()
        assert len(tiles(page)) == number


def test_an_empty_choice_says_what_to_do(open_page, run):
    page = choose(open_page("errors", run=run.run_id), TOP, SHIRT)

    assert "No image is like that. Widen the filters, or choose another cell." in texts(page)
    assert not is_drawn(page, GALLERY)


def test_pages_are_turned_and_hold_only_their_own_pictures(open_page, run):
    page = open_page("errors", run=run.run_id)
    page.toggle(key="errors-right").set_value(True).run()
    first = shown(page)
    (pages,) = page.get("pagination")
    assert pages.proto.num_pages == 21  # 1,000 images, 48 a page
    assert len(data_of(page, GALLERY)["sprite"]) < 100_000

    send_to(page, GALLERY, {"opened": {"image": 999}})  # the last: its page is turned to
    assert len(shown(page)) == 1_000 - 20 * PAGE_SIZE
    assert not set(first) & set(shown(page))
    assert data_of(page, GALLERY)["chosen"] == 999
    send_to(page, CARD, {"opened": {"image": first[0]}})
    assert shown(page) == first


def test_an_opened_image_is_shown_with_its_neighbours(open_page, run):
    page = choose(open_page("errors", run=run.run_id), SHIRT, TOP)
    assert data_of(page, CARD)["title"] == "Image 6"  # the first, before any is opened
    assert data_of(page, CARD)["previous"] is None

    send_to(page, GALLERY, {"opened": {"image": 26}})
    card = data_of(page, CARD)
    assert (card["title"], card["place"]) == ("Image 26", "3 of 20")
    assert (card["previous"], card["next"]) == (16, 36)
    assert card["verdict"] == [{"kind": "wrong", "text": "✗ Shirt → T-shirt/top"}]
    assert card["bars"][0]["name"] == "T-shirt/top"
    assert [bar["text"] for bar in card["bars"] if bar["kind"] == "right"] == ["1.3 %"]  # 0.12 / 9
    assert address(page)["image"] == "26"

    send_to(page, CARD, {"opened": {"image": 36}})
    assert data_of(page, CARD)["title"] == "Image 36"
    assert data_of(page, GALLERY)["chosen"] == 36


def test_the_same_image_under_other_runs(open_page, store, run, better):
    run_folders.finished_run(store, "without predictions")
    page = open_page("errors", run=run.run_id, image="46")  # the fifth shirt

    assert data_of(page, CARD)["others"]["rows"] == [
        {"name": "better", "taken": "Coat", "text": "90.5 %", "kind": "wrong"}
    ]
    send_to(page, CARD, {"opened": {"image": 156}})  # the 16th: right in the better run
    others = data_of(page, CARD)["others"]
    assert [row["kind"] for row in others["rows"]] == ["right"]
    assert others["note"] == "1 of 2 other runs predicted this image, 1 of them rightly."


def test_a_link_shows_the_same(open_page, run):
    page = open_page("errors", run=run.run_id, true="6", predicted="0", image="26", part="test")
    assert figures(page)["Accuracy, 500 test images"] == "99.80 %"
    assert "Image 26 is not among the 500 test images of this run." in texts(page)
    assert "choose on validation" in texts(page)

    page = open_page("errors", run=run.run_id, true="6", predicted="0", image="26")
    assert data_of(page, CARD)["title"] == "Image 26"
    assert len(tiles(page)) == 20


def test_a_part_is_chosen_twice(open_page, run):
    page = open_page("errors", run=run.run_id)
    for part, accuracy in (("test", "99.80 %"), ("validation", "96.50 %"), ("test", "99.80 %")):
        page.segmented_control(key="errors-part").set_value(part).run()
        assert next(iter(figures(page).values())) == accuracy
    assert address(page)["part"] == "test"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("true", "10"),
        ("true", "-1"),
        ("predicted", "Shirt"),
        ("predicted", "٣"),
        ("image", "70000"),
        ("image", "9" * 5_000),
        ("part", "../test"),
        ("view", "<b>"),
        ("run", "../../etc"),
    ],
)
def test_a_hostile_link_is_one_sentence(open_page, run, name, value):
    page = open_page("errors", **{"run": run.run_id, name: value})

    if name == "run":
        assert "There is no run" in texts(page)
        assert "Choose a run" in texts(page)
    else:
        assert "which does not exist, so that was left out" in texts(page)
        assert len(tiles(page)) == 35
        assert len(texts(page)) < 2_000


def test_a_run_is_chosen_twice_and_the_best_is_the_first(open_page, run, better):
    page = open_page("errors")
    assert page.session_state["run"] == better.run_id
    assert len(tiles(page)) == 19

    for run_id, number in ((run.run_id, 35), (better.run_id, 19), (run.run_id, 35)):
        run_choice(page).select(run_id).run()
        assert len(tiles(page)) == number


def test_the_first_run_has_predictions_and_spared_the_test_images(open_page, store, run):
    bare = run_folders.finished_run(store, "without predictions", correct=5_800)
    flattered = run_folders.finished_run(store, "flattered", correct=5_900, split="resplit")
    run_folders.add_predictions(flattered)

    assert open_page("errors").session_state["run"] == run.run_id != bare.run_id


def test_where_all_validated_on_the_test_images_one_of_them_is_first(open_page, store):
    run_folders.finished_run(store, "without predictions", correct=5_900, split="resplit")
    flattered = run_folders.finished_run(store, "flattered", correct=5_800, split="resplit")
    run_folders.add_predictions(flattered)

    assert open_page("errors").session_state["run"] == flattered.run_id


@pytest.mark.parametrize(
    ("view", "part"), [("mistakes", "test"), *((view, "validation") for view in VIEWS)]
)
def test_the_shipped_runs_are_shown_in_every_view(open_page, store, view, part):
    for run_id in THREE:
        shutil.copytree(SHIPPED.root / run_id, store.root / run_id)
    for run_id in THREE:
        page = open_page("errors", run=run_id, view=view, part=part)
        assert not page.error
        assert not page.warning
        if view == "mistakes":
            scores = getattr(store.get(run_id).result, part)
            assert next(iter(figures(page).values())) == f"{100 * scores.accuracy:.2f} %"


def test_without_a_run_there_is_a_way_to_the_first(open_page):
    page = open_page("errors")

    assert "There are no runs yet." in texts(page)
    assert page.button(key="errors-train").click().run().title[0].value == "Train"


def test_a_run_that_still_trains_says_when(open_page, store):
    live = run_folders.live_run(store)
    page = open_page("errors", run=live.run_id)

    assert f"Run {live.run_id} has no predictions yet: they are written when it ends." in texts(
        page
    )
    page.button(key="errors-train").click().run()
    assert page.title[0].value == "Train"
    assert page.session_state["run"] == live.run_id


def test_damaged_predictions_are_one_sentence(open_page, run):
    (run.folder / "predictions.npz").write_bytes(b"PK nonsense")
    page = open_page("errors", run=run.run_id)

    assert len(page.error) == 1
    assert "predictions.npz cannot be read" in texts(page)
    assert "Or choose another run above." in texts(page)


def test_a_run_that_vanishes_while_it_is_shown_is_one_sentence(open_page, run, store: RunStore):
    page = open_page("errors", run=run.run_id)
    (run.folder / "predictions.npz").unlink()
    page.run()

    assert f"Run {run.run_id} has no predictions: it came without" in texts(page)
    assert "Or choose another run above." in texts(page)
    assert page.button(key="errors-train").label == "Open it on Train"


def test_predictions_written_anew_are_read_anew(open_page, run):
    page = open_page("errors", run=run.run_id)
    run_folders.add_predictions(run, tops=4)

    assert len(tiles(page.run())) == 19


@pytest.mark.parametrize(
    "sent", [{"true": 10, "predicted": 0}, {"true": "6", "predicted": 0}, {"true": 6}, [6, 0]]
)
def test_what_is_no_choice_changes_nothing(open_page, run, sent):
    page = choose(open_page("errors", run=run.run_id), SHIRT, COAT)
    send_to(page, MATRIX, {"chosen": sent})

    assert len(tiles(page)) == 10


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=8)
@given(value=json_values)
def test_whatever_a_browser_sends_leaves_the_page_standing(open_page, run, value):
    page = open_page("errors", run=run.run_id)
    for component, sent in (
        (MATRIX, {"chosen": value}),
        (MATRIX, {"chosen": {"true": value, "predicted": SHIRT}}),
        (GALLERY, {"opened": value}),
        (GALLERY, {"opened": {"image": value}}),
        (CARD, {"opened": {"image": value}}),
        (CARD, {"tagged": value}),
        (GALLERY, {"tagged": {"changes": value}}),
        (CARD, {"tagged": {"changes": [{"image": 6, "word": value, "on": True, "at": 1}]}}),
        (CARD, {"tagged": {"changes": [{"image": value, "word": "cropped", "on": 1, "at": 1}]}}),
    ):
        if is_drawn(page, component):
            send_to(page, component, sent)
    page.run()
    assert not page.exception
