"""The view of classes: how good the run is on each, with intervals; a click chooses a class."""

from __future__ import annotations

from typing import Any

import streamlit as st
from streamlit import column_config as columns

from fmnist_core.analysis.class_scores import ClassScore, class_scores
from fmnist_core.labels import CLASS_NAMES, NUM_CLASSES
from fmnist_core.runs.run import Run
from fmnist_core.runs.summary import RunSummary
from ui import cache
from ui.errors import selection
from ui.errors.class_curves import class_curves
from ui.errors.class_table import class_table
from ui.errors.tag_table import tag_table
from ui.format import count

_SHARE = "%.1f %%"
_COLUMNS: dict[str, Any] = {
    "class": columns.TextColumn("Class"),
    "support": columns.NumberColumn("Images", help="Images that are of the class.", width=70),
    "wrong": columns.NumberColumn("Taken for another", width=115),
    "recall": columns.NumberColumn(
        "Recall", format=_SHARE, help="Of the images of the class, those that are found.", width=75
    ),
    "recall_interval": columns.TextColumn("95 % interval", width=95),
    "precision": columns.NumberColumn(
        "Precision", format=_SHARE, help="Of the images taken for it, those that are.", width=80
    ),
    "precision_interval": columns.TextColumn("95 % interval ", width=95),
    "f1": columns.NumberColumn(
        "F1",
        format=_SHARE,
        help="The harmonic mean of precision and recall; its interval is made from a Wilson one.",
        width=75,
    ),
    "f1_interval": columns.TextColumn("95 % interval  ", width=95),
}


def classes(run: Run, others: list[RunSummary]) -> None:
    """Draw the table of a run, the way to a class's mistakes, its curves, and the tags' table."""
    chosen = selection.current()
    predictions = cache.predictions_of(run, chosen.part)
    scores = class_scores(predictions.y_true, predictions.y_pred, num_classes=NUM_CLASSES)
    class_table(
        [_row(score) for score in scores],
        _COLUMNS,
        key="errors-classes",
        alt=f"Precision, recall and F1 of each class on {count(len(predictions), 'image')}.",
    )
    st.caption(
        f"On {count(len(predictions), f'{chosen.part} image')}. Intervals are 95 % Wilson "
        "intervals. Click a heading to sort, tick a row to choose its class."
    )
    if chosen.true is not None:
        _way_to_images(scores[chosen.true])
    class_curves(run)
    tag_table(predictions)
    selection.mirror()


def _row(score: ClassScore) -> dict[str, Any]:
    row: dict[str, Any] = {
        "class": CLASS_NAMES[score.label],
        "support": score.support,
        "wrong": score.support - score.correct,
    }
    for name in ("recall", "precision", "f1"):
        found = getattr(score, f"{name}_interval")
        row[name] = 100 * getattr(score, name) if found else None
        row[f"{name}_interval"] = f"{100 * found[0]:.1f}–{100 * found[1]:.1f}" if found else None
    return row


def _way_to_images(score: ClassScore) -> None:
    name, wrong = CLASS_NAMES[score.label], score.support - score.correct
    st.button(
        f"See the {count(wrong, 'mistake')} on {name}",
        key="errors-see",
        type="primary",
        icon=":material/grid_on:",
        disabled=not wrong,
        on_click=selection.change,
        kwargs={"view": "mistakes", "predicted": None, "image": None},
    )
