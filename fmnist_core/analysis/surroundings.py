"""How alike the mistakes of a run are to what it was trained on, and to which classes."""

from __future__ import annotations

import numpy as np

from fmnist_core.analysis.fault_evidence import Surroundings
from fmnist_core.analysis.neighbours import NO_LABEL, Features, nearest_many
from fmnist_core.analysis.predictions import Predictions

NEIGHBOURS = 15  # as many as mostly decide between two classes, and still near
SAMPLE = 2_000  # images that a rank is measured against: ± 0.6 points at the 98th percentile
SEED = 7  # of the draw: always the same images


def surroundings(
    run: Predictions, features: Features, labels: np.ndarray
) -> list[Surroundings | None]:
    """Look up the nearest training images of each mistake.

    Takes some 5 s for 10,000 images with 64 numbers each.

    Args:
        run: What the run predicted.
        features: Of the same run.
        labels: Of the 70,000 pooled images, uint8 (70000,).

    Returns:
        One for each mistake, in the order of the data set; None for an image of which the network
        says nothing.
    """
    wrong, right = np.flatnonzero(run.wrong), np.flatnonzero(~run.wrong)
    if len(right) > SAMPLE:
        right = np.random.default_rng(SEED).choice(right, SAMPLE, replace=False)
    places = np.concatenate([wrong, right])
    near = nearest_many(features, run.index[places], labels, k=NEIGHBOURS)
    known = near.label[:, 0] != NO_LABEL
    distance = 1 - near.similarity.mean(axis=1, dtype=np.float64)
    usual = np.sort(distance[len(wrong) :][known[len(wrong) :]])
    rank = np.searchsorted(usual, distance[: len(wrong)]) / max(1, len(usual))
    label = near.label[: len(wrong)]
    columns = (
        (label == run.y_true[wrong, np.newaxis]).sum(axis=1),
        (label == run.y_pred[wrong, np.newaxis]).sum(axis=1),
        distance[: len(wrong)],
        rank,
        known[: len(wrong)],
    )
    return [
        Surroundings(
            neighbours=NEIGHBOURS, true=true, predicted=predicted, distance=far, rank=share
        )
        if says
        else None
        for true, predicted, far, share, says in zip(
            *(column.tolist() for column in columns), strict=True
        )
    ]
