"""The Errors page's table of classes, and the way from a row to its mistakes."""

from __future__ import annotations

import json
import re
from typing import Any

import numpy as np
import pytest
from streamlit.proto.WidgetStates_pb2 import WidgetState

from fmnist_core.labels import CLASS_NAMES
from fmnist_core.runs.run import Run
from tests.app import run_folders
from tests.app.component import data_of

SHIRT, PULLOVER = 6, 2


@pytest.fixture
def run(store) -> Run:
    """A run with 20 shirts taken for T-shirts, 10 for coats, and 5 pullovers for shirts."""
    found = run_folders.finished_run(store, "first")
    run_folders.add_predictions(found)
    return found


def tick(page, rows: Any):
    """Tick rows of the table as a browser does; AppTest itself cannot."""
    states = page._tree.get_widget_states()
    value = json.dumps({"selection": {"rows": rows, "columns": [], "cells": []}})
    states.widgets.append(WidgetState(id=page.dataframe[0].proto.id, string_value=value))
    page._run(states)
    assert not page.exception
    return page


def test_each_class_has_its_figures_with_intervals(open_page, run):
    # Shirts: 70 of 100 found, 70 of the 75 predicted are right; F1 = 140 / (140 + 30 + 5).
    # T-shirts: 100 of 100 found, 100 of 120.
    table = open_page("errors", run=run.run_id, view="classes").dataframe[0].value

    shirt = table.iloc[SHIRT]
    assert (shirt["class"], shirt["support"], shirt["wrong"]) == ("Shirt", 100, 30)
    assert shirt["recall"] == pytest.approx(70.0)
    assert shirt["recall_interval"] == "60.4–78.1"  # Wilson, 70 of 100
    assert shirt["precision"] == pytest.approx(100 * 70 / 75)
    assert shirt["f1"] == pytest.approx(80.0)
    assert table.iloc[0]["precision"] == pytest.approx(100 * 100 / 120)


def test_rows_are_ticked_twice_and_lead_to_the_mistakes(open_page, run):
    page = open_page("errors", run=run.run_id, view="classes")
    assert not [button for button in page.button if button.key == "errors-see"]

    assert tick(page, [PULLOVER]).button(key="errors-see").label == "See the 5 mistakes on Pullover"
    assert tick(page, [SHIRT]).button(key="errors-see").label == "See the 30 mistakes on Shirt"
    page.button(key="errors-see").click().run()
    assert len(data_of(page, "fmnist_gallery")["tiles"]) == 30
    assert page.segmented_control(key="errors-view").value == "mistakes"


def test_a_row_that_is_unticked_is_chosen_no_more(open_page, run):
    page = tick(open_page("errors", run=run.run_id, view="classes", true="6"), [])

    assert page.session_state["errors-selection"].true is None


@pytest.mark.parametrize("rows", ([10], [-1], ["6"], [True], [None], "6", 6, {"6": 6}))
def test_rows_that_are_not_there_choose_nothing(open_page, run, rows):
    page = tick(open_page("errors", run=run.run_id, view="classes"), rows)

    assert page.session_state["errors-selection"].true is None


def test_a_view_is_chosen_twice(open_page, run):
    page = open_page("errors", run=run.run_id)
    for view, tables in (("classes", 1), ("mistakes", 0), ("classes", 1)):
        page.segmented_control(key="errors-view").set_value(view).run()
        assert len(page.dataframe) == tables


def test_the_curves_of_the_classes_are_shown_twice(open_page, run):
    page = open_page("errors", run=run.run_id, view="classes")
    for name, area, alt in (
        ("pr", "Average precision", "Precision and recall of each class"),
        ("roc", "AUC", "ROC of each class"),
        ("pr", "Average precision", "Precision and recall of each class"),
    ):
        page.segmented_control(key="errors-curve").set_value(name).run()
        chart = data_of(page, "fmnist_plotly")
        traces = json.loads(chart["figure"])["data"]
        assert chart["alt"].startswith(alt) and f"{area}: T-shirt/top" in chart["alt"]
        assert [trace["name"].rpartition(" ")[0] for trace in traces] == list(CLASS_NAMES)
        assert len({tuple(trace["meta"]["color"]) for trace in traces}) == 10
    areas = page.table[0].value
    assert areas.loc["Trouser"].tolist() == ["100", "1.0000", "1.0000"]
    area, low, high = map(float, re.findall(r"0\.\d{4}", areas.loc["Shirt", "AUC"]))
    assert low < area < high < 1


def test_curves_of_a_part_without_a_class_leave_it_out(open_page, run):
    with np.load(run.folder / "predictions.npz") as found:
        arrays = dict(found)
    kept = arrays["validation_label"] != SHIRT
    for name in ("index", "label", "proba"):
        arrays[f"validation_{name}"] = arrays[f"validation_{name}"][kept]
    np.savez(run.folder / "predictions.npz", **arrays)
    page = open_page("errors", run=run.run_id, view="classes")

    assert len(json.loads(data_of(page, "fmnist_plotly")["figure"])["data"]) == 9
    assert page.table[0].value.loc["Shirt"].tolist() == ["0", "–", "–"]
