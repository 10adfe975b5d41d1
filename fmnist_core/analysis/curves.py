"""How well a class can be told from all others, at every threshold of its probability."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from fmnist_core.analysis.intervals import Z_95


class Curve(NamedTuple):
    """One figure against another, while the threshold falls.

    Attributes:
        x: For ROC the false positive rate; else recall. float64 (M,), in [0, 1].
        y: For ROC the true positive rate; else precision. Likewise.
        thresholds: The least probability that counts as the class, float64 (M,), falling; the
            first is infinite, where nothing counts.
        area: Under ROC; else the average precision. In [0, 1].
        interval: Its 95 % interval, both ends in [0, 1]; None where the images do not tell: all of
            them are in order, or there are fewer than two of the class or of the others.
    """

    x: np.ndarray
    y: np.ndarray
    thresholds: np.ndarray
    area: float
    interval: tuple[float, float] | None = None


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
    interval = _logit_interval(area, _auc_error(scores[positive], scores[~positive]))
    return Curve(false_positives, true_positives, thresholds.astype(np.float64), area, interval)


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
    interval = _logit_interval(area, _average_precision_error(area, int(positive.sum())))
    return Curve(recall[::-1], precision[::-1], falling, area, interval)


def _auc_error(of_class: np.ndarray, of_others: np.ndarray) -> float:
    """Return the standard error of an area under ROC; 0 where it cannot be told.

    Args:
        of_class: What the images of the class were given for it, float (M,).
        of_others: What the others were given for it, float (N,).

    Source:
        DeLong et al. 1988, https://doi.org/10.2307/2531595; by ranks: Sun and Xu 2014,
        https://doi.org/10.1109/LSP.2014.2337313
    """
    from scipy.stats import rankdata

    own, others = len(of_class), len(of_others)
    if min(own, others) < 2:
        return 0.0
    ranks = rankdata(np.concatenate([of_class, of_others]))
    above = (ranks[:own] - rankdata(of_class)) / others  # of each of the class: others below it
    below = (ranks[own:] - rankdata(of_others)) / own
    return math.sqrt(above.var(ddof=1) / own + below.var(ddof=1) / others)


def _average_precision_error(area: float, images: int) -> float:
    """Return the standard error of an average precision of so many images of the class.

    Source:
        Boyd, Eng and Page 2013, section 3.1, https://doi.org/10.1007/978-3-642-40994-3_29
    """
    return math.sqrt(area * (1 - area) / images)


def _logit_interval(area: float, error: float) -> tuple[float, float] | None:
    """Return the 95 % interval of an area, symmetric on the logit scale: it stays within [0, 1]."""
    from scipy.special import expit, logit

    if not 0 < area < 1 or not error:
        return None
    half = Z_95 * error / (area * (1 - area))
    low, high = expit(logit(area) + np.array([-half, half])).tolist()
    return low, high
