"""The Errors page's view of calibration: figures that can be checked by hand, and its widgets."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from fmnist_core.analysis.calibration import apply_temperature, coverage, fit_temperature
from fmnist_core.figures.calibration import coverage_figure
from fmnist_core.runs.run import Run
from tests.app import run_folders
from tests.app.page_text import texts


@pytest.fixture
def run(store) -> Run:
    """965 of 1,000 images right with 0.95; 35 wrong, with 0.905 down to 0.715."""
    found = run_folders.finished_run(store, "first")
    run_folders.add_predictions(found)
    return found


@pytest.fixture
def shown(open_page, run):
    return open_page("errors", run=run.run_id, view="calibration")


def figures(page) -> dict[str, str]:
    return {metric.label: metric.value for metric in page.metric}


def chart(page, start: str) -> dict[str, Any]:
    """The figure whose description begins so."""
    data = [json.loads(each.proto.json) for each in page.get("bidi_component")]
    return next(
        json.loads(each["figure"]) for each in data if each.get("alt", "").startswith(start)
    )


def test_bins_show_accuracy_against_confidence(shown):
    # Bins of 1/15: the highest holds the 965 right ones; the 35 wrong ones lie in those below.
    trained = chart(shown, "Accuracy by confidence")["data"][0]

    assert trained["x"][-1] == pytest.approx(0.95)
    assert trained["y"] == [0.0] * (len(trained["y"]) - 1) + [1.0]
    assert trained["text"][-1] == "965 of 965 images right"
    assert trained["error_y"]["arrayminus"][-1] == pytest.approx(0.004, abs=1e-4)  # Wilson


def test_the_measures_stand_before_and_after_the_temperature(shown, run):
    found = run.predictions
    temperature = fit_temperature(found["validation_label"], found["validation_proba"])
    table = shown.table[0].value

    assert list(table.columns) == ["as trained", f"temperature {temperature:.2f}"]
    # 965 are 0.05 off; the wrong ones by their confidence: 20 · 0.81 + 10 · 0.86 + 5 · 0.885.
    assert table.iloc[0, 0].startswith("7.75 % (")  # (48.25 + 29.225) / 1,000
    losses = [float(text.split()[0]) for text in table.loc["Negative log-likelihood, nats"]]
    assert losses[1] < losses[0]


def test_the_bins_are_chosen_twice(shown):
    # So many images have the same confidence that bins of as many images each are one bin.
    for bins, number in (("mass", 1), ("width", 5), ("mass", 1)):
        shown.segmented_control(key="errors-bins").set_value(bins).run()
        assert len(chart(shown, "Accuracy by confidence")["data"][0]["x"]) == number


def test_a_threshold_says_what_is_answered_and_how_well(shown):
    for least, answered, accuracy in (
        (80, "991 of 1,000", "97.38 %"),  # 11 + 10 + 5 of the wrong ones
        (96, "0 of 1,000", "–"),
        (85, "982 of 1,000", "98.27 %"),
    ):
        shown.slider(key="errors-threshold").set_value(least).run()
        found = figures(shown)
        assert (found["Answered"], found["Accuracy on these"]) == (answered, accuracy)


def test_the_temperature_is_taken_twice(shown, run):
    found = run.predictions
    y_true, y_proba = found["validation_label"], found["validation_proba"]
    scaled = apply_temperature(y_proba, fit_temperature(y_true, y_proba))
    for use, proba in ((True, scaled), (False, y_proba), (True, scaled)):
        shown.toggle(key="errors-scaled").set_value(use).run()
        (point,) = coverage(y_true, proba, [0.9])
        assert figures(shown)["Answered"] == f"{point.images:,} of 1,000"


def test_the_temperature_of_the_test_images_is_that_of_validation(open_page, run):
    validation = open_page("errors", run=run.run_id, view="calibration")
    test = open_page("errors", run=run.run_id, view="calibration", part="test")

    assert list(test.table[0].value.columns) == list(validation.table[0].value.columns)
    assert "flatters a little" in texts(validation)
    assert "These images had no part in that." in texts(test)


def test_where_nothing_is_answered_nothing_is_marked():
    y_true, y_proba = np.array([0, 1]), np.array([[0.8, 0.2], [0.4, 0.6]])
    curve = coverage(y_true, y_proba, [0.5, 0.7, 0.9])

    marked = coverage_figure(curve, curve[1])["data"]
    assert marked[0]["x"] == [1.0, 0.5]  # at 0.9 there is no accuracy
    assert (marked[1]["x"], marked[1]["y"]) == ([0.5], [1.0])
    assert len(coverage_figure(curve, curve[2])["data"]) == 1
