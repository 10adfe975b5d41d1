"""The view of calibration: whether the network is right as often as it says."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from fmnist_core.analysis.calibration import (
    apply_temperature,
    coverage,
    reliability,
)
from fmnist_core.analysis.predictions import Predictions
from fmnist_core.figures.calibration import coverage_figure, reliability_figure
from fmnist_core.runs.run import Run
from fmnist_core.runs.summary import RunSummary
from ui import cache
from ui.components.plotly_live import plotly_live
from ui.errors import analyses, selection
from ui.format import NONE, count, percent, share_interval
from ui.layout import friendly_errors, tile

_BINS = {"width": "of equal width", "mass": "of as many images each"}
_THRESHOLDS = np.arange(101) / 100


@st.fragment
def calibration(run: Run, others: list[RunSummary]) -> None:
    """Draw the view for a run."""
    with friendly_errors():
        predictions = cache.predictions_of(run, selection.current().part)
        temperature = analyses.temperature_of(run)
        scaled = apply_temperature(predictions.y_proba, temperature)
        left, right = st.columns(2, gap="medium")
        with left:
            _reliability(predictions, scaled)
        with right:
            _measures(run, predictions, temperature)
        _coverage(predictions, scaled)
    selection.mirror()


def _reliability(predictions: Predictions, scaled: np.ndarray) -> None:
    st.header("Confidence against accuracy", anchor=False)
    equal = st.segmented_control(
        "Bins",
        _BINS,
        format_func=_BINS.get,
        default="width",
        required=True,
        key="errors-bins",
        persist_state="session",
    )
    trained, after = (
        reliability(predictions.y_true, proba, equal=equal)
        for proba in (predictions.y_proba, scaled)
    )
    plotly_live(
        reliability_figure(trained, after),
        key="errors-reliability",
        revision=equal,
        alt=f"Accuracy by confidence in {count(len(trained), 'bin')}, with 95 % intervals.",
    )
    st.caption(
        "On the dotted line the network is right as often as it says; below it, it is too sure. "
        "Bars are 95 % Wilson intervals."
    )


def _measures(run: Run, predictions: Predictions, temperature: float) -> None:
    st.header("How far off", anchor=False)
    plain, scaled = (
        analyses.measures_of(run, predictions.part, scaled=scaled) for scaled in (False, True)
    )
    rows = [
        {
            "measure": each.name,
            "as trained": each.text,
            f"temperature {temperature:.2f}": scaled[key].text,
        }
        for key, each in plain.items()
    ]
    st.table(pd.DataFrame(rows).set_index("measure"))
    st.caption(_about(predictions, temperature))


def _about(predictions: Predictions, temperature: float) -> str:
    sure = "too sure" if temperature > 1 else "not sure enough"
    same = (
        "These are the images it was fitted on, so its column flatters a little."
        if predictions.part == "validation"
        else "These images had no part in that."
    )
    return (
        f"On {count(len(predictions), f'{predictions.part} image')}; 0 is best. The temperature is "
        f"fitted on the validation images: {temperature:.2f} says that the network is {sure}. "
        f"{same} It changes no prediction, only how sure it is. 95 % intervals by bootstrap over "
        "the images; an ECE cannot fall below 0, so its interval lies rather too high."
    )


def _coverage(predictions: Predictions, scaled: np.ndarray) -> None:
    st.header("Answer only when sure", anchor=False)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        with st.container(width=420):
            least = st.slider(
                "Answer only above a confidence of",
                0,
                100,
                90,
                format="%d %%",
                key="errors-threshold",
                persist_state="session",
            )
        use_scaled = st.toggle("With the temperature", key="errors-scaled", persist_state="session")
    proba = scaled if use_scaled else predictions.y_proba
    (chosen,) = coverage(predictions.y_true, proba, [least / 100])
    with st.container(horizontal=True):
        tile(
            "Answered",
            f"{chosen.images:,} of {chosen.of:,}",
            f"{percent(chosen.coverage, 1)}, 95 % interval "
            + share_interval(chosen.images, chosen.of),
        )
        tile(
            "Accuracy on these",
            percent(chosen.accuracy),
            f"95 % interval {share_interval(chosen.correct, chosen.images)}"
            if chosen.images
            else "nothing is answered",
        )
        left_out = chosen.of - chosen.images
        missed = int(np.sum(~predictions.wrong)) - chosen.correct
        tile(
            "Left to a person",
            f"{left_out:,} of {chosen.of:,}",
            f"{missed:,} of them would have been right" if left_out else NONE,
        )
    plotly_live(
        coverage_figure(coverage(predictions.y_true, proba, _THRESHOLDS), chosen),
        key="errors-coverage",
        revision=predictions.part,
        alt=f"Accuracy by the share of images answered; {percent(chosen.coverage, 1)} at the mark.",
    )
