"""What there is to judge each mistake of a run by: other runs, its label, and what lies near it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from fmnist_core.analysis.agreement import agree
from fmnist_core.analysis.alignment import align
from fmnist_core.analysis.calibration import apply_temperature
from fmnist_core.analysis.label_check import check_labels
from fmnist_core.analysis.predictions import Predictions
from fmnist_core.exceptions import ComparisonError


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """The training images that the run's network finds most alike to a mistake.

    Attributes:
        neighbours: How many were looked at.
        true: Of them, with the label of the mistake.
        predicted: Of them, with the class that the run takes it for.
        distance: 1 minus the mean cosine similarity to them, in [0, 2].
        rank: Of the images of the part that the run has right, the share that lies nearer to its
            own neighbours, in [0, 1].
    """

    neighbours: int
    true: int
    predicted: int
    distance: float
    rank: float


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """What there is to judge one mistake by.

    Attributes:
        index: Of the image, into the 70,000 pooled ones.
        true, predicted: Its label, and the class that the run takes it for.
        confidence: The run's own, in [0, 1], as it was trained.
        runs: How many runs were asked, this one among them.
        right: Of them, how many are right; never this one.
        agree: Of them, how many take it for the same class; at least 1, this one.
        p_true, p_predicted: Mean over the runs of their probability, each at its temperature.
        p_true_others: The same of the label without this run; 0 where there is no other.
        quality: Of the label, in [0, 1], as `label_check.check_labels` gives it for these means.
        doubtful: Whether cleanlab puts the label among the doubtful ones, likewise.
        around: What lies near it; None where that is not known.
    """

    index: int
    true: int
    predicted: int
    confidence: float
    runs: int
    right: int
    agree: int
    p_true: float
    p_predicted: float
    p_true_others: float
    quality: float
    doubtful: bool
    around: Surroundings | None = None


def gather(
    runs: Sequence[Predictions],
    temperatures: Sequence[float],
    around: Sequence[Surroundings | None] | None = None,
) -> list[Evidence]:
    """Collect what there is to judge the mistakes of the first run by.

    No run may have been trained on these images, as is the case for validation and test images.

    Args:
        runs: The run whose mistakes are judged, then others that predicted the same images.
        temperatures: Of each run, as `calibration.fit_temperature` finds it on validation images.
        around: What lies near each mistake, in the order of the data set; None for not known.

    Returns:
        One for each mistake, in the order of the data set.

    Raises:
        ComparisonError: A run did not predict all images of the first one, or was told other
            labels.
        ValueError: There is not one temperature for each run, or not one surrounding a mistake.
    """
    run = runs[0]
    aligned = align(runs)
    if len(aligned[0]) < len(run):
        raise ComparisonError(
            f"Not all of the {len(run):,} {run.part} images were predicted by each of the "
            f"{len(runs)} runs. Choose runs with the same split, or the test images."
        )
    found = agree(aligned)
    scaled = [
        apply_temperature(each.y_proba, temperature)
        for each, temperature in zip(aligned, temperatures, strict=True)
    ]
    y_proba = np.mean(scaled, axis=0)
    labels = check_labels(run.y_true, y_proba)
    places = np.flatnonzero(run.wrong)
    true, predicted = run.y_true[places], run.y_pred[places]
    others = (len(runs) * y_proba - scaled[0]) / max(1, len(runs) - 1)
    columns = {
        "index": run.index[places],
        "true": true,
        "predicted": predicted,
        "confidence": run.confidence[places],
        "right": found.right[places],
        "agree": found.votes[places, predicted],
        "p_true": y_proba[places, true],
        "p_predicted": y_proba[places, predicted],
        "p_true_others": np.maximum(others[places, true], 0),
        "quality": labels.quality[places],
        "doubtful": labels.doubtful[places],
    }
    rows = zip(*(column.tolist() for column in columns.values()), strict=True)
    near: Sequence[Surroundings | None] = [None] * len(places) if around is None else around
    return [
        Evidence(**dict(zip(columns, row, strict=True)), runs=len(runs), around=surrounding)
        for row, surrounding in zip(rows, near, strict=True)
    ]
