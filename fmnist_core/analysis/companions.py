"""Other runs that predicted the same images, so that they can be asked about a run's mistakes."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np

from fmnist_core.analysis.predictions import Predictions
from fmnist_core.exceptions import FmnistError

MAX_RUNS = 12  # that are asked, the judged one among them; more change hardly a verdict
MAX_READ = 40  # files of predictions, 10 ms each, where many runs have other images


def companions(
    run: Predictions,
    candidates: Iterable[str],
    read: Callable[[str], Predictions],
    *,
    limit: int = MAX_RUNS - 1,
) -> dict[str, Predictions]:
    """Find the first runs that predicted all images of a run, and were told the same labels.

    Args:
        run: What that run predicted.
        candidates: Ids of other runs, the best first; at most `MAX_READ` that can be read are.
        read: Returns what a run predicted on the same part; where it raises an `FmnistError`, the
            run is left out: its own page says what is wrong with it.
        limit: How many at most.

    Returns:
        Their predictions by id, in the order of the candidates.
    """
    found: dict[str, Predictions] = {}
    number = 0
    for run_id in candidates:
        if len(found) == limit or number == MAX_READ:
            break
        try:
            other = read(run_id)
        except FmnistError:
            continue
        number += 1
        if covers(other, run):
            found[run_id] = other
    return found


def covers(other: Predictions, run: Predictions) -> bool:
    """Whether a run predicted all images of another one, and was told the same labels."""
    places = np.searchsorted(other.index, run.index)
    if len(places) and places[-1] == len(other):
        return False
    return np.array_equal(other.index[places], run.index) and np.array_equal(
        other.y_true[places], run.y_true
    )
