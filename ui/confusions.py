"""What a network takes for what, in one sentence."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from fmnist_core.runs.result import Result


def kept_model(result: Result) -> str:
    """Say which of a run's epochs what it has kept comes from."""
    return f"the kept model, epoch {result.best_epoch} of {result.epochs} trained"


def most_confused(confusion: np.ndarray, names: Sequence[str], *, when: str) -> str:
    """Name the two commonest confusions.

    Args:
        confusion: Counts, int, shape (C, C), rows true.
        names: One a class.
        when: Of which epoch the counts are, to stand after "Most often confused".
    """
    wrong = confusion - np.diag(np.diag(confusion))
    order = np.argsort(wrong, axis=None, kind="stable")[::-1][:2]
    pairs = [np.unravel_index(place, wrong.shape) for place in order]
    texts = [
        f"{names[true]} taken for {names[taken]}, "
        f"{confusion[true, taken]:,} of {confusion[true].sum():,}"
        for true, taken in pairs
        if wrong[true, taken]
    ]
    if not texts:
        return f"No validation image is taken for another class {when}."
    return f"Most often confused {when}: {'; '.join(texts)}."
