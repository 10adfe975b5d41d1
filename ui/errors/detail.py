"""One image in detail: large, with its likeliest classes, and what other runs make of it."""

from __future__ import annotations

from typing import Any

import numpy as np
import streamlit as st

from fmnist_core.analysis.predictions import Predictions
from fmnist_core.exceptions import FmnistError
from fmnist_core.export.png import png_url
from fmnist_core.labels import CLASS_NAMES
from fmnist_core.runs.run import Run
from fmnist_core.runs.summary import RunSummary
from fmnist_core.specs.data import NUM_TRAIN_FILE
from ui import cache, state, tagging
from ui.components.image_card import show_image_card
from ui.errors import selection
from ui.errors.fault_reason import known_fault, way_to_faults
from ui.errors.gallery import take_opened
from ui.errors.nearest import nearest_data, offer_nearest
from ui.format import percent, points
from ui.inside import choice

KEY = "errors-image"
TOP = 3  # classes
MAX_OTHERS = 12  # runs, the best by validation accuracy; reading one takes 10 ms


def detail(
    run: Run,
    predictions: Predictions,
    place: int,
    places: np.ndarray,
    others: list[RunSummary],
    *,
    reason: str = "",
) -> None:
    """Draw an image, and take what tags it is given.

    Args:
        run: Whose predictions they are.
        predictions: Of the part.
        place: Of the image in `predictions`.
        places: Of the images among which one goes on, in their order.
        others: The other runs that have ended, the best first.
        reason: Whose fault the mistake is, as a sentence; "" where the caller has not found out:
            then it is said where another view has, and a way leads there.
    """
    data, image = card_data(predictions, place, places), int(predictions.index[place])
    unjudged = bool(predictions.wrong[place]) and not reason
    fault = known_fault(run, predictions.part, image) if unjudged else None
    if said := fault.reason if fault else reason:
        whole = said.replace(" %", "\u00a0%")  # a line does not end before its unit
        data["verdict"].append({"kind": "reason", "text": whole})
    data["nearest"] = nearest_data(run, predictions, place)
    data["others"] = _others(predictions, place, others)
    data["tags"] = tagging.tag_data(predictions.index[[place]], KEY)
    tagging.say_problem()
    show_image_card(
        data,
        key=KEY,
        on_opened_change=lambda: take_opened(KEY),
        on_tagged_change=lambda: _take_tagged(image),
    )
    with st.container(horizontal=True):
        _way_inside(run, image)
        if unjudged:
            way_to_faults(run, image, fault)
    if data["nearest"] is None:
        offer_nearest(run)


def _way_inside(run: Run, image: int) -> None:
    """Lead to what the network's layers make of the image."""
    if not run.has_model:
        return
    if st.button(
        "Look inside",
        key="errors-inside",
        icon=":material/biotech:",
        help="What each layer makes of this image, and which pixels speak for the mistake.",
    ):
        state.choose_run(run.run_id)
        choice.change(image=image)
        st.switch_page("inside.py")


def _take_tagged(shown: int) -> None:
    """Take tags, and keep the image in view that may no longer be the first of its gallery."""
    tagging.take_tagged(KEY)
    if selection.current().image is None:
        selection.change(image=shown)


def card_data(predictions: Predictions, place: int, places: np.ndarray) -> dict[str, Any]:
    """Describe an image, without other runs, in JSON."""
    index, true = int(predictions.index[place]), int(predictions.y_true[place])
    taken = int(predictions.y_pred[place])
    file = "training" if index < NUM_TRAIN_FILE else "test"
    inside = index if index < NUM_TRAIN_FILE else index - NUM_TRAIN_FILE
    return {
        **_neighbours(predictions, place, places),
        "image": index,
        "title": f"Image {index:,}",
        "picture": png_url(cache.data_set().images[index]),
        "alt": f"Image {index:,}, enlarged: {CLASS_NAMES[true]}",
        "verdict": [_verdict(true, taken)],
        "bars": likeliest(predictions.y_proba[place], true),
        "facts": (
            f"No. {inside:,} of the {file} file. Loss {predictions.loss[place]:.2f} nats, "
            f"margin {points(float(predictions.margin[place]), 1)} points."
        ),
    }


def _neighbours(predictions: Predictions, place: int, places: np.ndarray) -> dict[str, Any]:
    """Say which images come before and after; where the image is not listed, the first is next."""
    found = np.flatnonzero(places == place)
    at = int(found[0]) if len(found) else -1

    def index_at(position: int) -> int | None:
        inside = 0 <= position < len(places)
        return int(predictions.index[places[position]]) if inside else None

    return {
        "place": f"{at + 1:,} of {len(places):,}" if len(found) else "not among those below",
        "previous": index_at(at - 1),
        "next": index_at(at + 1),
    }


def _verdict(true: int, taken: int) -> dict[str, str]:
    if true == taken:
        return {"kind": "right", "text": f"✓ {CLASS_NAMES[true]}, and predicted so"}
    return {"kind": "wrong", "text": f"✗ {CLASS_NAMES[true]} → {CLASS_NAMES[taken]}"}


def likeliest(proba: np.ndarray, true: int, *, mark: str = "true") -> list[dict[str, Any]]:
    """List the likeliest classes, and the true one where it is not among them.

    Args:
        proba: float (10,).
        true: The class that the image is labelled with.
        mark: What stands in brackets after that one.
    """
    top = [int(label) for label in np.argsort(-proba, kind="stable")[:TOP]]
    labels = top if true in top else [*top, true]
    kinds = {true: "right"} if top[0] == true else {top[0]: "wrong", true: "right"}
    return [
        {
            "name": CLASS_NAMES[label] + (f" ({mark})" if label == true else ""),
            "text": percent(float(proba[label]), 1),
            "share": round(float(proba[label]), 4),
            "kind": kinds.get(label, "plain"),
        }
        for label in labels
    ]


def _others(predictions: Predictions, place: int, others: list[RunSummary]) -> dict[str, Any]:
    index, true = int(predictions.index[place]), int(predictions.y_true[place])
    asked, root = others[:MAX_OTHERS], cache.run_store().root
    found = (_other(row, Run(root / row.run_id), predictions.part, index, true) for row in asked)
    rows = [row for row in found if row is not None]
    return {
        "heading": "The same image under other runs",
        "columns": ["Run", "Predicted", "Confidence"],
        "rows": rows,
        "note": _note(rows, len(asked), len(others)),
    }


def _note(rows: list[dict[str, Any]], asked: int, known: int) -> str:
    if not known:
        return "No other run has ended yet."
    right = sum(row["kind"] == "right" for row in rows)
    of = f"{asked} of {known} other runs" if asked < known else f"{known} other runs"
    if known == 1:
        of = "1 other run"
    return f"{len(rows)} of {of} predicted this image, {right} of them rightly."


def _other(row: RunSummary, run: Run, part: str, index: int, true: int) -> dict[str, Any] | None:
    """Say what another run makes of an image; None where it did not predict it."""
    try:
        found = cache.predictions_of(run, part)
    except FmnistError:  # its own page says what is wrong with it
        return None
    if (place := found.place_of(index)) is None:
        return None
    taken = int(found.y_pred[place])
    return {
        "name": row.title or row.run_id,
        "taken": CLASS_NAMES[taken],
        "text": percent(float(found.confidence[place]), 1),
        "kind": "right" if taken == true else "wrong",
    }
