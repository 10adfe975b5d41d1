"""Which images the gallery shows."""

from __future__ import annotations

import numpy as np

from fmnist_core.analysis.agreement import agree
from fmnist_core.analysis.mistakes import select, sort
from fmnist_core.analysis.predictions import Predictions
from fmnist_core.runs.run import Run
from ui import cache, tagging
from ui.errors.filters import Filters
from ui.errors.selection import Selection


def images(predictions: Predictions, selection: Selection, chosen: Filters) -> np.ndarray:
    """Return the places, in `predictions`, of what the gallery shows, in its order."""
    on_diagonal = selection.true is not None and selection.true == selection.predicted
    places = select(
        predictions,
        true=selection.true,
        predicted=selection.predicted,
        only_wrong=not (chosen.right or on_diagonal),
        min_confidence=chosen.low / 100,
        max_confidence=chosen.high / 100,
        among=tagging.current_tags().images_of(*chosen.tagged) if chosen.tagged else None,
    )
    if chosen.also:
        places = places[_wrong_in_all(predictions, chosen.also)[places]]
    return sort(predictions, places, chosen.order)


def _wrong_in_all(predictions: Predictions, others: tuple[str, ...]) -> np.ndarray:
    """Say of each image whether this run and these have it wrong, bool (N,)."""
    root = cache.run_store().root
    runs = [cache.predictions_of(Run(root / run_id), predictions.part) for run_id in others]
    found = agree([predictions, *runs])
    return np.isin(predictions.index, found.index[found.wrong_in_all])
