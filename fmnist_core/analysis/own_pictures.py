"""What a run's network makes of pictures that are not of the data set."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

import numpy as np

from fmnist_core.analysis.calibration import apply_temperature, fit_temperature
from fmnist_core.analysis.predictions import load_predictions
from fmnist_core.exceptions import InferenceError, StoreError
from fmnist_core.inference.messages import Message
from fmnist_core.labels import NUM_CLASSES
from fmnist_core.runs.run import Run

BATCH = 1_000  # pictures the network is asked about at a time


class Ask(Protocol):
    """Asks a run's network, as `fmnist_core.inference.client.Inference.ask` does."""

    def __call__(self, task: str, run_id: str, arrays: Mapping[str, np.ndarray], /) -> Message:
        """Have a task done with some arrays."""
        ...


def fitted_temperature(run: Run) -> float | None:
    """Return the temperature that fits a run's validation images.

    None where it has predicted none yet: a run that has not ended can be asked too.
    """
    try:
        validation = load_predictions(run, "validation")
    except StoreError:
        return None
    return fit_temperature(validation.y_true, validation.y_proba)


def probabilities(
    run: Run, images: np.ndarray, ask: Ask, *, temperature: float | None = None
) -> np.ndarray:
    """Ask a run's network about pictures; where there are none, nobody is asked.

    Args:
        run: Whose network.
        images: uint8 (N, 28, 28).
        ask: Who asks it, for at most 1,000 pictures at a time.
        temperature: Corrects the probabilities; None leaves them as they come.

    Returns:
        Class probabilities, float (N, 10), rows summing to 1.

    Raises:
        InferenceError: It could not be asked, or what it says are no numbers.
    """
    parts = [images[start : start + BATCH] for start in range(0, len(images), BATCH)]
    found = [ask("classify", run.run_id, {"images": part}).arrays["proba"] for part in parts]
    y_proba = np.concatenate(found) if found else np.empty((0, NUM_CLASSES), np.float32)
    if not np.isfinite(y_proba).all():
        raise InferenceError(
            f"The network of run {run.run_id} answers with what is no number (NaN): its training "
            "went astray. Choose another run."
        )
    return y_proba if temperature is None else apply_temperature(y_proba, temperature)
