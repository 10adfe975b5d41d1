"""What a network takes for what, in one sentence."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


def most_confused(confusion: np.ndarray, names: Sequence[str], *, now: bool = False) -> str:
    """Name the two commonest confusions.

    Args:
        confusion: Counts, int, shape (C, C), rows true.
        names: One a class.
        now: The network still learns.
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
        return "No validation image is taken for another class."
    start = "Most often confused now" if now else "Most often confused"
    return f"{start}: {'; '.join(texts)}."
