"""How a run learned: its curves, what happened on the way, and its epochs as a table."""

from __future__ import annotations

from typing import Any

from fmnist_core.exceptions import StoreError
from fmnist_core.figures.training import EVENTS, accuracy_figure, layout, loss_figure
from fmnist_core.format import count, percent
from fmnist_core.report.markup import Html, element, together
from fmnist_core.report.parts import chart, more, note, table
from fmnist_core.report.subject import Subject
from fmnist_core.runs.metrics_log import History

_ZOOM = "Drag to zoom in, double-click to come back; point at a curve to read it."


def curves(subject: Subject) -> Html:
    """Write loss and accuracy by step, the events, and a table of the epochs.

    Raises:
        StoreError: Nothing was recorded, or it cannot be read.
    """
    history = subject.run.history
    if not history.epochs:
        raise StoreError(f"Run {subject.run.run_id} has no whole epoch in its metrics.jsonl.")
    last = history.epochs[-1]
    said = f"after {count(len(history.epochs), 'epoch')}"
    loss = f"Loss by step: {last['loss']:.3f} in training, {last['val_loss']:.3f} in validation"
    right = (
        f"Accuracy by step: {percent(last['accuracy'])} in training, "
        f"{percent(last['val_accuracy'])} in validation"
    )
    charts = [
        element("div", element("h3", heading), chart(name, figure, alt=f"{words} {said}."))
        for name, heading, figure, words in (
            ("loss", "Loss", loss_figure(history), loss),
            ("accuracy", "Accuracy", accuracy_figure(history), right),
        )
    ]
    return together(
        element("div", *charts, class_="columns"),
        note(_ZOOM),
        _events(history),
        more("The epochs as a table", _epochs(history)),
    )


def _events(history: History) -> Html:
    rows = [
        [EVENTS[event["event"]], f"{event['step']:,}", _rate(event)]
        for event in history.events
        if event["event"] in EVENTS and (event["event"], event["step"]) != ("start", 0)
    ]
    if not rows:
        return Html()
    columns = ("What happened", "At step", "Learning rate")
    return table(columns, rows, caption="What happened on the way, in the order of its time.")


def _rate(event: dict[str, Any]) -> str:
    rate = event.get("learning_rate")
    return f"{rate:g}" if isinstance(rate, (int, float)) else "–"


def _epochs(history: History) -> Html:
    rows = [
        [
            f"{row['epoch']}",
            f"{row['step']:,}",
            *(f"{row['loss']:.4f}", percent(row["accuracy"])),
            *(f"{row['val_loss']:.4f}", percent(row["val_accuracy"])),
            f"{row['learning_rate']:.3g}",
            f"{row['seconds']:.1f} s",
        ]
        for row in history.epochs
    ]
    columns = (
        *("Epoch", "Step", "Loss", "Accuracy"),
        *("Validation loss", "Validation accuracy", "Learning rate", "Time"),
    )
    return table(columns, rows, caption="Figures of each epoch.", sortable=True)


def both_figure(histories: dict[str, History]) -> dict[str, Any]:
    """Draw the validation accuracy of runs by epoch.

    Args:
        histories: By the runs' names, in the order of their colours.
    """
    lines = [
        {
            "type": "scatter",
            "mode": "lines+markers",
            "name": name,
            "x": [row["epoch"] for row in history.epochs],
            "y": [row["val_accuracy"] for row in history.epochs],
            "line": {"width": 2, "dash": "dash" if place else "solid"},
            "marker": {"size": 6},
            "meta": {"color": place},
            "hovertemplate": "%{y:.2%}",
        }
        for place, (name, history) in enumerate(histories.items())
    ]
    epochs = {"title": {"text": "Epoch", "standoff": 4}, "rangemode": "tozero"}
    return {"data": lines, "layout": layout({"tickformat": ".0%"}, xaxis=epochs)}


def both_curves(before: Subject, after: Subject, names: tuple[str, str]) -> Html:
    """Write the validation accuracy of two runs over each other."""
    histories = dict(zip(names, (before.run.history, after.run.history), strict=True))
    alt = "Validation accuracy by epoch: " + ", ".join(
        f"{name} {percent(max((row['val_accuracy'] for row in history.epochs), default=None))} "
        "at best"
        for name, history in histories.items()
    )
    return together(chart("curves", both_figure(histories), alt=alt), note(_ZOOM))
