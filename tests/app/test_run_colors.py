"""A run looks the same wherever it is told from others, whichever page comes first."""

from __future__ import annotations

import dataclasses
import json

import pytest
import streamlit as st

from fmnist_core.runs.run import Run
from tests.app import run_folders
from tests.app.page_text import marks, unmarked
from ui.run_colors import run_styles

LIGHT = ["#1f5fbf", "#d9722e", "#2f8f6b", "#8a5cc2", "#c0395b"]
SIGNS = {"circle": "●", "square": "■", "diamond": "◆", "cross": "✚", "triangle-up": "▲"}


@pytest.fixture
def fresh_session():
    """No run was drawn yet."""
    st.session_state.clear()
    yield
    st.session_state.clear()


@pytest.fixture
def runs(store) -> list[Run]:
    """Six runs, the oldest first; the sixth would have the colour of the first."""
    found = [run_folders.finished_run(store, f"run {number}") for number in range(6)]
    for tops, run in enumerate(found):
        run_folders.add_predictions(run, tops=4 + tops)
    return sorted(found, key=lambda run: run.run_id)


def in_curves(page) -> dict[str, tuple[str, str]]:
    """The sign and the colour of each run's curve."""
    found = [json.loads(each.proto.json) for each in page.get("bidi_component") if each.proto.json]
    (figure,) = [json.loads(each["figure"]) for each in found if "figure" in each]
    return {
        trace["name"]: (SIGNS[trace["marker"]["symbol"]], LIGHT[trace["meta"]["color"]])
        for trace in figure["data"]
    }


def in_tiles(page) -> dict[str, tuple[str, str]]:
    """The sign and the colour before each run's name."""
    return {
        unmarked(tile.label).removeprefix("Accuracy of "): found[0]
        for tile in page.metric
        if (found := marks(tile.label))
    }


def in_lineage(page) -> list[tuple[str, str]]:
    return marks(next(each.value for each in page.markdown if each.value.startswith("- ")))


def tick(page, runs):
    return page.multiselect(key="runs-ticked").set_value([run.run_id for run in runs]).run()


def test_15_runs_look_different_and_keep_their_look(fresh_session):
    ids = [f"run{number}" for number in range(15)]
    styles = run_styles(ids)

    assert len({style.color for style in list(styles.values())[:5]}) == 5
    assert len({(style.color, style.dash) for style in styles.values()}) == 15
    assert len({(style.color, style.symbol) for style in styles.values()}) == 15
    assert len({(style.dash, style.symbol) for style in styles.values()}) == 15
    assert run_styles(["run7", "new"])["run7"] == styles["run7"]


def test_runs_made_one_after_the_other_differ_and_the_order_of_drawing_does_not_matter(
    fresh_session, runs
):
    ids = [run.run_id for run in runs]
    styles = run_styles(ids[4:0:-1])

    assert [styles[run_id].color for run_id in ids[1:5]] == [1, 2, 3, 4]


def test_a_run_whose_colour_is_taken_gets_a_free_one(fresh_session, runs):
    first, *_, sixth = (run.run_id for run in runs)
    styles = run_styles([sixth, first])

    assert (styles[sixth].color, styles[first].color) == (0, 1)


def test_a_run_has_the_look_of_its_curve_on_other_pages(open_page, runs):
    first, *_, sixth = runs
    page = tick(open_page("runs"), [first, sixth])
    drawn = in_curves(page)
    assert drawn == {first.title: ("●", LIGHT[0]), sixth.title: ("■", LIGHT[1])}

    page.session_state["run"] = sixth.run_id
    page.switch_page("errors.py").run()
    for view in ("two", "pair", "two"):
        page.segmented_control(key="errors-view").set_value(view).run()
        if view == "two":
            box = next(box for box in page.selectbox if box.label == "Compared with")
            box.select(first.run_id).run()
        else:
            page.button(key="errors-top-6-4").click().run()
        assert in_tiles(page) == drawn


def test_curves_have_the_look_that_another_page_has_shown(open_page, runs):
    first, *_, sixth = runs
    link = {"view": "two", "with": first.run_id}
    page = open_page("errors", run=sixth.run_id, **link)
    shown = in_tiles(page)
    assert len(set(shown.values())) == 2
    page.switch_page("runs.py").run()

    assert in_curves(tick(page, [sixth, first])) == shown


def test_ticked_runs_have_their_look_in_the_lineage(open_page, store, runs):
    asked = run_folders.experiment("child", learning_rate=0.01)
    child = store.create(dataclasses.replace(asked, parent=runs[0].run_id))
    run_folders.write_result(child.folder, 5_600)
    page = tick(open_page("runs"), [child])
    (look,) = in_curves(page).values()
    page.segmented_control(key="ticked-view").set_value("Lineage").run()

    assert in_lineage(page) == [look]  # its parent is not ticked
