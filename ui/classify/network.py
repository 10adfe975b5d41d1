"""What networks say to pictures, with the confidence that their validation images justify."""

from __future__ import annotations

import numpy as np

from fmnist_core.analysis.own_pictures import probabilities
from fmnist_core.exceptions import StoreError
from fmnist_core.runs.run import Run
from ui.errors.analyses import temperature_of
from ui.inference import ask


def temperature(run: Run) -> float | None:
    """Return the temperature that fits a run's validation images; None while it has none."""
    try:
        return temperature_of(run)
    except StoreError:  # a run that has not ended can be asked too
        return None


def classify(run: Run, images: np.ndarray) -> np.ndarray:
    """Ask a run's network, at its temperature where that is known.

    Args:
        run: One that has weights.
        images: uint8 (N, 28, 28).

    Returns:
        float (N, 10), rows summing to 1.

    Raises:
        InferenceError: The network could not be asked, or what it says are no numbers.
    """
    return probabilities(
        run, images, lambda task, _, arrays: ask(task, run, arrays), temperature=temperature(run)
    )
