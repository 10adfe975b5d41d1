"""How good a run is on the challenge set."""

from __future__ import annotations

import time

import numpy as np

from fmnist_core.analysis.own_pictures import Ask, fitted_temperature, probabilities
from fmnist_core.challenge.store import ChallengeSet, digest_of
from fmnist_core.derived.place import weights_digest
from fmnist_core.exceptions import ChallengeError
from fmnist_core.runs.challenge_result import ChallengeResult, Judged
from fmnist_core.runs.run import Run


def evaluate(run: Run, challenge: ChallengeSet, ask: Ask) -> ChallengeResult:
    """Ask a run's network about every sound picture, and keep what it says in the run's folder.

    Args:
        run: One that has weights.
        challenge: The pictures, of which there must be one.
        ask: Who asks the network.

    Returns:
        What `challenge.json` of the run holds from now on.

    Raises:
        ChallengeError: There are no pictures, or they cannot be read.
        InferenceError: The network could not be asked.
        StoreError: The run has no weights yet, or is gone.
    """
    entries = challenge.sound()
    if not entries:
        raise ChallengeError(
            "The challenge set is empty. Keep a picture with its true class in it first."
        )
    weights, temperature = weights_digest(run), fitted_temperature(run)
    pixels = np.stack([entry.pixels for entry in entries])
    y_proba = probabilities(run, pixels, ask, temperature=temperature)
    y_pred, confidence = y_proba.argmax(axis=1), y_proba.max(axis=1).astype(np.float64)
    judged = [
        Judged(pixels=entry.digest, label=entry.label, predicted=predicted, confidence=share)
        for entry, predicted, share in zip(
            entries, y_pred.tolist(), np.minimum(confidence, 1).round(4).tolist(), strict=True
        )
    ]
    found = ChallengeResult(
        set_digest=digest_of(entries),
        weights=weights,
        correct=sum(each.right for each in judged),
        of=len(judged),
        time=time.time(),
        temperature=temperature,
        pictures=judged,
    )
    found.write(run.folder)
    return found
