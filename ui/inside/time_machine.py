"""The view of time: a slider over the epochs moves filters, probabilities and confusions."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st

from fmnist_core.analysis.time_machine import TimeMachine, load_time_machine
from fmnist_core.analysis.trajectories import Trajectory
from fmnist_core.exceptions import StoreError
from fmnist_core.labels import CLASS_NAMES
from fmnist_core.runs.run import Run
from ui import cache
from ui.components.time_machine import show_time_machine
from ui.format import count, escape, percent, significant
from ui.inside.image import Subject
from ui.inside.map_data import codes, encoded

MAX_STOPS = 200  # epochs that the slider knows; of more, every second, third, … is shown
MAX_FILTERS = 64


def time_machine(subject: Subject) -> None:
    """Draw the view."""
    try:
        found = _time_machine_of(subject.run)
    except StoreError as error:
        st.info(escape(str(error)))
        return
    path = _path_of(subject)
    show_time_machine(time_data(found, path, _kept(subject)), key="inside-time")
    if path is None:
        st.caption(
            f":material/info: {subject.title} is not a validation image of this run, or the run "
            "has not ended: the probabilities of single epochs are recorded for validation images. "
            "“A mistake” chooses one."
        )


def _path_of(subject: Subject) -> Trajectory | None:
    """Return how the prediction of the image moved, where that was recorded."""
    if subject.index is None:
        return None
    try:
        return cache.trajectories_of(subject.run).of(subject.index)
    except StoreError:  # the rest of the view does without; it says so
        return None


def _kept(subject: Subject) -> int | None:
    """Return the epoch whose weights the run has kept."""
    result = subject.run.result
    return result.best_epoch if result else None


def stops_of(found: TimeMachine) -> np.ndarray:
    """Return the places of the epochs that the slider knows, the first and the last among them."""
    number = len(found.epochs)
    places = np.linspace(0, number - 1, min(number, MAX_STOPS))
    return np.unique(np.rint(places).astype(int))


def time_data(found: TimeMachine, path: Trajectory | None, kept: int | None) -> dict[str, Any]:
    """Describe the view in JSON, all epochs of it, so that the slider asks nobody.

    Args:
        found: The epochs.
        path: How the prediction of the image moved; None where that is not known.
        kept: The epoch whose weights were kept; None while the run trains.
    """
    stops = stops_of(found)
    epochs = found.epochs[stops].tolist()
    data: dict[str, Any] = {
        "classes": list(CLASS_NAMES),
        "stops": [
            {"text": _text(epoch, int(found.epochs[-1]), float(share), kept), "epoch": epoch}
            for epoch, share in zip(epochs, found.accuracy[stops], strict=True)
        ],
        "confusion": found.confusion[stops].reshape(len(stops), -1).tolist(),
        "filters": None,
        "proba": None,
    }
    if found.first_filters is not None:
        data["filters"] = _filters(found.first_filters[stops])
    if path is not None:
        y_proba = path.y_proba.astype(np.float64).round(3)
        known = dict(zip(path.epochs.tolist(), y_proba.tolist(), strict=True))
        data["label"] = path.label
        data["proba"] = [known.get(epoch) for epoch in epochs]
    return data


def _text(epoch: int, last: int, accuracy: float, kept: int | None) -> str:
    note = " · the weights that were kept" if epoch == kept else ""
    return f"Epoch {epoch:,} of {last:,} · validation accuracy {percent(accuracy, 2)}{note}"


def _filters(kernels: np.ndarray) -> dict[str, Any]:
    """Describe filters (E, height, width, channels, filters) on one scale for all epochs.

    Of a convolution that reads many channels, the mean over them is drawn.
    """
    stops, height, width, channels, filters = kernels.shape
    drawn = kernels.mean(axis=3)[..., :MAX_FILTERS]
    limit = float(np.abs(drawn).max()) or 1.0
    shown = drawn.shape[-1]
    maps = np.moveaxis(drawn, 0, 2).reshape(height, width, stops * shown)
    values = codes(maps, np.full(stops * shown, limit), signed=True)
    some = f"the first {shown} of {count(filters, 'filter')}" if filters > shown else ""
    mean = f"means over {channels} input channels" if channels > 1 else ""
    return {
        "number": shown,
        "height": height,
        "width": width,
        "codes": encoded(values),
        "low": significant(-limit),
        "high": significant(limit),
        "note": "; ".join(filter(None, (some, mean, "one scale for all epochs"))),
    }


def _time_machine_of(run: Run) -> TimeMachine:
    """Return what a run's network knew after each epoch, read once for each epoch it has trained.

    Raises:
        StoreError: No epoch was recorded.
    """
    return _read(str(run.folder), (*cache.stamp_of(run), run.status.epoch))


@st.cache_resource(show_spinner=False, max_entries=8)  # about a megabyte each
def _read(folder: str, stamp: tuple[object, ...]) -> TimeMachine:
    return load_time_machine(Run(Path(folder)))
