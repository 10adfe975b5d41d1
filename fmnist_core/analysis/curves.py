"""How well a class can be told from all others, at every threshold of its probability."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np


class Curve(NamedTuple):
    """One figure against another, while the threshold falls.

    Attributes:
        x: For ROC the false positive rate; else recall. float64 (M,), in [0, 1].
        y: For ROC the true positive rate; else precision. Likewise.
        thresholds: The least probability that counts as the class, float64 (M,), falling; the
            first is infinite, where nothing counts.
        area: Under ROC; else the average precision. In [0, 1].
    """

    x: np.ndarray
    y: np.ndarray
    thresholds: np.ndarray
    area: float


def roc(y_true: np.ndarray, y_proba: np.ndarray, label: int) -> Curve | None:
    """Return the ROC curve of one class against the others, by scikit-learn.

    Args:
        y_true: Labels, int (N,).
        y_proba: Probabilities, float (N, C).
        label: The class.

    Returns:
        From (0, 0) to (1, 1), without points on straight lines; None where all images are of the
        class, or none.
    """
    from sklearn.metrics import roc_auc_score, roc_curve

    positive = y_true == label
    if positive.all() or not positive.any():
        return None
    scores = y_proba[:, label]
    false_positives, true_positives, thresholds = roc_curve(positive, scores)
    area = min(1.0, float(roc_auc_score(positive, scores)))  # sums of rates can miss it by 2e-16
    return Curve(false_positives, true_positives, thresholds.astype(np.float64), area)


def precision_recall(y_true: np.ndarray, y_proba: np.ndarray, label: int) -> Curve | None:
    """Return the precision-recall curve of one class against the others, by scikit-learn.

    Args:
        y_true: Labels, int (N,).
        y_proba: Probabilities, float (N, C).
        label: The class.

    Returns:
        From recall 0, where precision is 1 by definition, to recall 1; None where no image is of
        the class.
    """
    from sklearn.metrics import average_precision_score, precision_recall_curve

    positive = y_true == label
    if not positive.any():
        return None
    scores = y_proba[:, label]
    precision, recall, thresholds = precision_recall_curve(positive, scores, drop_intermediate=True)
    falling = np.append(thresholds.astype(np.float64), np.inf)[::-1]
    area = min(1.0, float(average_precision_score(positive, scores)))
    return Curve(recall[::-1], precision[::-1], falling, area)
