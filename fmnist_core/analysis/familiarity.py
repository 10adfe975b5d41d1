"""Whether a picture is like what a run was trained on, by what its validation images score.

Two scores, both higher for stranger pictures: how far the picture lies from the run's own training
images in the space of the network's features, and its energy, which is high where the network
finds little evidence for any class.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from fmnist_core.analysis import features as looked_at
from fmnist_core.analysis.neighbours import Features, kth_similarity
from fmnist_core.derived.kinds import FAMILIARITY
from fmnist_core.derived.results import load
from fmnist_core.exceptions import StoreError
from fmnist_core.format import percent
from fmnist_core.runs.files import read_arrays
from fmnist_core.runs.run import Run
from fmnist_core.runs.store import RunStore

K = 10  # 1 to 20 do about as well on validation images: benchmarks/familiarity.py
# What a picture may exceed before it is called unlike: these shares of the validation images. About
# 1 of 20 test images does; see docs/believe.md.
MOST_DISTANCE, MOST_ENERGY = 0.95, 0.99
STEPS = 1_000  # quantiles that are kept, less one
SEARCH_SECONDS = 10.0  # for the neighbours of all validation images
_NAME = "familiarity.npz"


@dataclass(frozen=True, kw_only=True, eq=False)
class Familiarity:
    """What the validation images of a run score.

    Attributes:
        distance: Quantiles, rising, float32 (1001,), of the cosine distance to the 10th nearest
            image that the run was trained on, in [0, 2].
        energy: Likewise of the energy; None where the network's scores cannot be had.
    """

    distance: np.ndarray
    energy: np.ndarray | None


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """Whether a picture is like the training data.

    Attributes:
        like: It is, as far as the scores tell.
        farther_than: Share of the validation images that lie nearer to the training images, in
            [0, 1].
        weaker_than: Share of the validation images for which the network finds more evidence, in
            [0, 1]; None where that cannot be told.
        sentence: All of it in one sentence.
    """

    like: bool
    farther_than: float
    weaker_than: float | None
    sentence: str


def energies(scores: np.ndarray) -> np.ndarray:
    """Return the energy of pictures at temperature 1: high where no class has much evidence.

    Args:
        scores: What softmax takes, float (N, 10); the logarithms of probabilities will not do, as
            their energy is always 0.

    Returns:
        float32 (N,).

    Source:
        Liu et al. 2020, https://arxiv.org/abs/2010.03759
    """
    from scipy.special import logsumexp

    found: np.ndarray = -logsumexp(scores.astype(np.float64), axis=1)
    return found.astype(np.float32)


def distances(features: Features, vectors: np.ndarray, train: np.ndarray) -> np.ndarray:
    """Return how far pictures lie from the images that a run was trained on.

    Args:
        features: Of all images.
        vectors: Of the pictures, in the same form, float16 (M, D).
        train: Which images trained the run, int (N,), ascending.

    Returns:
        Cosine distance to the 10th nearest of them, float32 (M,), in [0, 2]; 1 for a picture of
        which the network says nothing.

    Source:
        Sun et al. 2022, https://arxiv.org/abs/2204.06507
    """
    return 1 - kth_similarity(features, vectors, k=min(K, len(train)), among=train)


def familiarity_of(distance: np.ndarray, energy: np.ndarray | None) -> Familiarity:
    """Keep what is needed of the scores of validation images, each float (N,), N at least 1."""
    return Familiarity(
        distance=_quantiles(distance), energy=None if energy is None else _quantiles(energy)
    )


def _quantiles(values: np.ndarray) -> np.ndarray:
    return np.quantile(values, np.linspace(0, 1, STEPS + 1)).astype(np.float32)


def judge(known: Familiarity, distance: float, energy: float | None) -> Verdict:
    """Place a picture among the validation images of a run.

    Args:
        known: What these score.
        distance: The picture's, as `distances` gives it.
        energy: The picture's, as `energies` gives it; None where it cannot be had.
    """
    farther = _share_below(known.distance, distance)
    weaker = None
    if known.energy is not None and energy is not None:
        weaker = _share_below(known.energy, energy)
    far, weak = farther > MOST_DISTANCE, weaker is not None and weaker > MOST_ENERGY
    return Verdict(
        like=not (far or weak),
        farther_than=farther,
        weaker_than=weaker,
        sentence=_sentence(farther if far else None, weaker if weak else None, 1 - farther),
    )


def verdict_of(
    known: Familiarity, features: Features, train: np.ndarray, answer: Mapping[str, np.ndarray]
) -> Verdict:
    """Judge one picture by what the inference process's task "familiarity" says of it.

    Args:
        known: What the run's validation images score.
        features: Of all images, by the same weights.
        train: Which images trained the run, int (N,), ascending.
        answer: The arrays of the answer.

    Raises:
        ValueError: The features are those of another network.
    """
    energy = answer.get("energy")
    distance = distances(features, answer["vectors"], train)
    return judge(known, float(distance[0]), None if energy is None else float(energy[0]))


def _share_below(quantiles: np.ndarray, value: float) -> float:
    """Return which share of the values is smaller; what is no number is above all."""
    place = np.searchsorted(quantiles, np.float32(value), side="left")
    return min(1.0, float(place) / STEPS)


def _sentence(farther: float | None, weaker: float | None, beyond: float) -> str:
    """Say the verdict; `farther` and `weaker` only where they speak against the picture."""
    if farther is None and weaker is None:
        share = share_in_words(beyond)
        return f"Like the training data: {share} of the validation images lie farther off."
    reasons = [
        *([] if farther is None else [f"farther off than {share_in_words(farther)}"]),
        *(
            []
            if weaker is None
            else [f"with less evidence for any class than {share_in_words(weaker)}"]
        ),
    ]
    return (
        f"Unlike the training data: {' and '.join(reasons)} of the validation images, so do not "
        "believe the answer."
    )


def share_in_words(share: float) -> str:
    """Write a share as finely as the quantiles tell it; of 100 % nobody can be sure."""
    if share < 1 / STEPS:
        return "less than 0.1 %"
    return percent(min(share, 1 - 1 / STEPS), 0 if 0.01 <= share <= 0.99 else 1)


def write_familiarity(folder: Path, found: Familiarity) -> None:
    """Write what `load_familiarity` reads."""
    arrays: dict[str, Any] = {"distance": found.distance}
    if found.energy is not None:
        arrays["energy"] = found.energy
    np.savez(folder / _NAME, **arrays)


def load_familiarity(run: Run, store: RunStore) -> Familiarity:
    """Read what the validation images of a run score.

    Raises:
        StoreError: The run has no weights yet, or the file is damaged.
        DerivedError: It has not been computed yet.
    """
    folder = load(run, FAMILIARITY, store)
    try:
        arrays = read_arrays(folder / _NAME, compressed=False)
        distance, energy = arrays["distance"], arrays.get("energy")
        for each in (distance, *([] if energy is None else [energy])):
            _check(each)
    except (StoreError, ValueError, KeyError) as error:
        raise StoreError(
            f"What the validation images of run {run.run_id} score is damaged ({error}). Delete "
            f"{folder}, and compute it again."
        ) from error
    return Familiarity(distance=distance, energy=energy)


def _check(quantiles: np.ndarray) -> None:
    """Refuse what `write_familiarity` does not write.

    Raises:
        ValueError: A shape, a type or a number is not as it must be.
    """
    if quantiles.dtype != np.float32 or quantiles.shape != (STEPS + 1,):
        raise ValueError(f"not {STEPS + 1:,} quantiles")
    if not np.isfinite(quantiles).all() or np.any(np.diff(quantiles) < 0):
        raise ValueError("numbers that are not finite, or do not rise")


def likely_seconds(run: Run) -> float | None:
    """Guess how long computing it takes, the features included; None if unknown.

    Raises:
        StoreError: The run's result is damaged.
    """
    seconds = looked_at.likely_seconds(run)
    return None if seconds is None else seconds + SEARCH_SECONDS
