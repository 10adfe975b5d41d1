"""Ticked runs beside each other: curves, cost and settings, with numbers to be checked."""

from __future__ import annotations

import dataclasses
import json
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fmnist_core.runs.metrics_log import History
from fmnist_core.runs.summary import RunSummary
from tests.app import run_folders
from tests.app.page_text import texts, unmarked
from ui.run_colors import RunStyle, run_styles
from ui.run_curves import METRICS, RunLine, curves_figure, positions, smooth
from ui.run_parallel import parallel_figure, places
from ui.run_scatter import front, points, scatter_figure

STYLE = RunStyle(2, "dash", "square")


def line(epochs=2):
    """Epochs of 10 steps; the first takes 5 s, each later one 10 s."""
    rows = [
        {"epoch": n, "step": 10 * n, "val_accuracy": 0.4 + n / 10, "seconds": 5.0 if n == 1 else 10}
        for n in range(1, epochs + 1)
    ]
    steps = list(range(1, 10 * epochs + 6))
    columns = ([2.0] * len(steps), [0.5] * len(steps), [0.1] * len(steps))
    return RunLine("name", STYLE, History(steps, *columns, rows), 10)


# Curves -------------------------------------------------------------------------------------------


def test_no_smoothing_leaves_values_and_half_of_it_takes_half_of_what_was():
    values = np.array([1.0, 3.0, 3.0])

    assert smooth(values, 0.0).tolist() == [1, 3, 3]
    # (0.25·1 + 0.5·3) / 0.75, then (0.125·1 + 0.25·3 + 0.5·3) / 0.875
    assert smooth(values, 0.5) == pytest.approx([1, 1.75 / 0.75, 2.375 / 0.875])


@given(st.lists(st.floats(-1e3, 1e3), max_size=30), st.floats(0, 0.99))
def test_smoothed_values_stay_among_the_values(values, weight):
    found = smooth(np.array(values), weight)

    assert len(found) == len(values)
    assert all(min(values) - 1e-6 <= value <= max(values) + 1e-6 for value in found)


def test_steps_stand_at_their_epoch_and_second():
    steps = np.array([5.0, 10.0, 15.0, 20.0, 22.0])

    assert positions(line(), steps, "Step").tolist() == [5, 10, 15, 20, 22]
    assert positions(line(), steps, "Epoch").tolist() == [0.5, 1, 1.5, 2, 2.2]
    assert positions(line(), steps, "Seconds").tolist() == [2.5, 5, 10, 15, 17]
    assert np.isnan(positions(line(epochs=0), steps, "Seconds")).all()


def test_a_smoothed_curve_has_the_raw_one_faintly_behind_it():
    raw, smoothed = curves_figure([line()], METRICS["Validation accuracy"], "Epoch", 0.5)["data"]

    assert raw["y"] == [0.5, 0.6] and raw["x"] == [1, 2]
    assert (raw["opacity"], raw["showlegend"]) == (0.25, False)
    assert smoothed["y"] == [0.5, round((0.25 * 0.5 + 0.5 * 0.6) / 0.75, 6)]
    assert (smoothed["meta"], smoothed["line"]["dash"]) == ({"color": 2}, "dash")
    assert raw["meta"] == smoothed["meta"]
    assert len(curves_figure([line()], METRICS["Learning rate"], "Step")["data"]) == 1


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("axis", ("Epoch", "Step", "Seconds"))
def test_a_run_without_figures_draws_an_empty_curve(metric, axis):
    empty = RunLine("name", STYLE, History(), 10)
    figure = curves_figure([empty], METRICS[metric], axis, 0.9)

    assert [trace["x"] for trace in figure["data"]] == [[], []]
    json.dumps(figure, allow_nan=False)


# Cost ---------------------------------------------------------------------------------------------


@pytest.fixture
def rows(store) -> list[RunSummary]:
    """A small run with 90 %, a larger one with 92 %, a larger one with 85 %, and one that waits."""
    run_folders.finished_run(store, "small", correct=5_400)
    run_folders.finished_run(store, "large", "r2-1-layer", correct=5_520)
    run_folders.finished_run(store, "wasteful", "r2-1-layer", correct=5_100)
    run_folders.queued_run(store)
    return store.summaries()[::-1]


def names(rows):
    return {row.run_id: row.title for row in rows}


def test_runs_that_have_ended_stand_at_their_cost_and_the_beaten_one_is_not_on_the_front(rows):
    found = points(rows, names(rows), "parameters")
    figure = scatter_figure(found, run_styles(names(rows)), "parameters")

    assert [(each.name, each.cost, each.accuracy) for each in found] == [
        ("small", 56_714, 0.9),
        ("large", 173_738, 0.92),
        ("wasteful", 173_738, 0.85),
    ]
    assert [each.name for each in front(found)] == ["small", "large"]
    steps, small = figure["data"][:2]
    assert steps["x"] == [56_714, 173_738]
    assert small["error_y"]["array"][0] == pytest.approx(0.0073, abs=1e-4)
    assert figure["layout"]["xaxis"]["type"] == "linear"


# Settings -----------------------------------------------------------------------------------------


def test_numbers_stand_by_size_or_by_logarithm_and_words_in_order():
    assert places([1, 2, 3]) == [0, 0.5, 1]
    assert places([0.001, 0.01, 0.1]) == pytest.approx([0, 0.5, 1])
    assert places(["b", "a", "c", "a"]) == [0.5, 0, 1, 0]
    assert places([True, False]) == [1, 0]
    assert places([5, 5, None]) == [0.5, 0.5, None]
    assert places([None, None]) == [None, None]


@given(st.lists(st.none() | st.integers() | st.floats(0, 1e9) | st.text() | st.booleans()))
def test_every_place_is_on_the_axis(values):
    found = places(values)

    assert len(found) == len(values)
    for place, value in zip(found, values, strict=True):
        assert (place is None) == (value is None)
        assert place is None or (0 <= place <= 1 and math.isfinite(place))


def test_an_axis_for_each_setting_that_differs_and_the_accuracy_last(rows):
    figure = parallel_figure(rows[:3], names(rows), run_styles(names(rows)))

    words = [note["text"] for note in figure["layout"]["annotations"]]
    assert words[:3] == ["<b>Model</b>", "<b>Parameters</b>", "<b>Validation accuracy</b>"]
    assert words[3:] == [
        *("r2-1-layer", "small", "56,714", "173,738"),
        *("85.00 %", "90.00 %", "92.00 %"),
    ]
    assert [trace["x"][1:] for trace in figure["data"]] == [
        [0, pytest.approx(5 / 7)],
        [1, 1],
        [1, 0],
    ]
    assert figure["data"][0]["text"][-1] == "Validation accuracy: 90.00 %"


# The page -----------------------------------------------------------------------------------------


def charts(page):
    """The figures of the page's charts, and what is said of them."""
    found = [json.loads(each.proto.json) for each in page.get("bidi_component") if each.proto.json]
    return [(json.loads(each["figure"]), each["alt"]) for each in found if "figure" in each]


def ticked(open_page, rows):
    page = open_page("runs")
    assert "Tick runs to lay their curves over each other." in texts(page)
    return page.multiselect(key="runs-ticked").set_value([row.run_id for row in rows]).run()


def test_curves_of_ticked_runs_by_another_figure_axis_and_smoothing(open_page, rows):
    page = ticked(open_page, rows)
    ((figure, alt),) = charts(page)
    assert [trace["name"] for trace in figure["data"]] == [
        "small",
        "large",
        "wasteful",
        "queued one",
    ]
    assert alt.startswith("Validation accuracy by epoch of 3 runs: small, large")
    assert "3 of 4 runs have such figures so far." in texts(page)

    for label, axis, most in (
        ("Training loss by batch", "Step", 1_000),
        ("Validation loss", "Seconds", 5),
    ):
        page.selectbox(key="curves-metric").set_value(label).run()
        page.segmented_control(key="curves-axis").set_value(axis).run()
        ((figure, alt),) = charts(page)
        assert alt.startswith(f"{label} by {axis.lower()} of 3 runs")
        assert 0.7 * most <= len(figure["data"][0]["x"]) <= most
    for weight in (0.5, 0.9):
        page.slider(key="curves-smoothing").set_value(weight).run()
        ((figure, _),) = charts(page)
        assert len(figure["data"]) == 8


def test_each_view_twice(open_page, rows):
    page = ticked(open_page, rows)
    page.segmented_control(key="ticked-view").set_value("Accuracy and cost").run()
    assert "Not beaten in both by any other, cheapest first: " in texts(page)
    for cost, best in (
        ("parameters", "small 90.00 %, large 92.00 %"),
        ("mult_adds", "large 92.00 %"),  # 368,064 of them, against 706,752
    ):
        page.segmented_control(key="cost-axis").set_value(cost).run()
        ((_, alt),) = charts(page)
        assert alt.endswith(f"; not beaten: {best}")
    page.segmented_control(key="ticked-view").set_value("Settings").run()
    ((figure, _),) = charts(page)
    assert len(figure["data"]) == 4
    page.segmented_control(key="ticked-view").set_value("Curves").run()
    assert len(charts(page)) == 1


def test_one_run_alone_has_curves_and_no_settings_to_compare(open_page, rows):
    page = ticked(open_page, rows[:1])
    assert len(charts(page)) == 1
    page.segmented_control(key="ticked-view").set_value("Settings").run()
    assert "Tick another run to see what sets them apart." in texts(page)


def test_runs_of_one_name_are_told_apart(open_page, store):
    twins = [run_folders.finished_run(store, "twin") for _ in range(2)]
    ((figure, _),) = charts(ticked(open_page, store.summaries()))

    assert {trace["name"] for trace in figure["data"]} == {f"twin {run.run_id}" for run in twins}


def test_damaged_and_vanished_runs_take_no_other_along(open_page, full_store):
    page = ticked(open_page, full_store.summaries())
    assert "Left out, as damaged: " in texts(page)
    ((figure, _),) = charts(page)
    assert len(figure["data"]) == 7
    for view in ("Accuracy and cost", "Settings"):
        page.segmented_control(key="ticked-view").set_value(view).run()
        assert not page.exception


def test_the_lineage_of_a_ticked_run_is_a_tree_of_links(open_page, store):
    base = run_folders.finished_run(store, "base", correct=5_400)
    asked = run_folders.experiment("child", learning_rate=0.01)
    child = store.create(dataclasses.replace(asked, parent=base.run_id))
    run_folders.write_result(child.folder, 5_600)
    page = ticked(open_page, [row for row in store.summaries() if row.title == "child"])
    page.segmented_control(key="ticked-view").set_value("Lineage").run()

    lines = next(each.value for each in page.markdown if each.value.startswith("- "))
    first, second = unmarked(lines).replace("\\", "").splitlines()
    assert first == f"- [base](train?run={base.run_id}) 90.00 %"
    assert second == (
        "    - learning rate 0.001 → 0.01: +3.33 points (+2.3 to +4.3, as of separate images) → "
        f"[**child**](train?run={child.run_id}) 93.33 %"
    )


def test_a_run_without_relatives_says_how_one_comes_about(open_page, rows):
    page = ticked(open_page, rows[:1])
    page.segmented_control(key="ticked-view").set_value("Lineage").run()
    assert "The ticked runs have no parent and no children here." in texts(page)


def test_a_run_is_repeated_once_however_often_it_is_clicked(open_page, store):
    run = run_folders.finished_run(store, "base", correct=5_400)
    tabs = [ticked(open_page, store.summaries()) for _ in range(2)]
    for page in tabs:
        page.button(key="runs-repeat").click().run()
    rows = [row for row in store.summaries() if row.parent == run.run_id]

    assert [row.title for row in rows[::-1]] == [f"base seed {seed}" for seed in (8, 9, 10)]
    assert page.button(key="runs-repeat").disabled


def test_the_spread_of_repeats_is_shown(open_page, store):
    base = run_folders.finished_run(store, "base", correct=5_400)
    for seed, correct in ((8, 5_460), (9, 5_340)):
        again = store.create(dataclasses.replace(run_folders.experiment("again", seed=seed)))
        run_folders.write_result(again.folder, correct)
    page = ticked(open_page, [row for row in store.summaries() if row.run_id == base.run_id])

    # 89, 90 and 91 %: one point of deviation, and 4.303 / √3 points each way for the mean.
    assert (
        "**base** and its repeats, 3 runs with the seeds 7, 8, 9: validation accuracy 90.00 % in "
        "the mean (95 % interval 87.52–92.48 %), from 89.00 % to 91.00 %, standard deviation 1.00 "
        "points."
    ) in texts(page)
