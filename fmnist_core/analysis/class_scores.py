"""How good a run is on each class, with how far each figure can be from the true one."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from fmnist_core.analysis.intervals import wilson_interval

Interval = tuple[float, float]


class ClassScore(NamedTuple):
    """The figures of one class, each in [0, 1], with 95 % intervals.

    Attributes:
        label: The class.
        support: Images of this class.
        predicted: Images taken for this class.
        correct: Images of this class taken for it.
        precision, precision_interval: correct / predicted; 0 and None if it is never predicted.
        recall, recall_interval: correct / support; 0 and None if there is no image of it.
        f1, f1_interval: Harmonic mean of the two; 0 and None if neither has an image.
    """

    label: int
    support: int
    predicted: int
    correct: int
    precision: float
    precision_interval: Interval | None
    recall: float
    recall_interval: Interval | None
    f1: float
    f1_interval: Interval | None


def class_scores(y_true: np.ndarray, y_pred: np.ndarray, *, num_classes: int) -> list[ClassScore]:
    """Score each class by scikit-learn, in label order.

    Args:
        y_true: Labels, int (N,), in 0 … num_classes - 1.
        y_pred: The most likely class of each image, likewise.
        num_classes: Number of classes; those without an image are listed too.
    """
    from sklearn.metrics import multilabel_confusion_matrix, precision_recall_fscore_support

    labels = np.arange(num_classes)
    figures = precision_recall_fscore_support(y_true, y_pred, labels=labels, zero_division=0)
    counts = multilabel_confusion_matrix(y_true, y_pred, labels=labels)
    found = []
    for label, precision, recall, f1, _ in zip(labels, *figures, strict=True):
        (_, extra), (missed, correct) = counts[label].tolist()
        found.append(
            ClassScore(
                label=int(label),
                support=correct + missed,
                predicted=correct + extra,
                correct=correct,
                precision=float(precision),
                precision_interval=_wilson(correct, correct + extra),
                recall=float(recall),
                recall_interval=_wilson(correct, correct + missed),
                f1=float(f1),
                f1_interval=f1_interval(correct, extra, missed),
            )
        )
    return found


def f1_interval(correct: int, extra: int, missed: int) -> Interval | None:
    """Return the 95 % interval of an F1 score; None if all counts are 0.

    F1 is 2J / (1 + J), where J is the share of the right ones among all images that are of the
    class or were taken for it. J is a plain share of independent images, so its Wilson interval
    holds, and its ends become those of F1.

    Args:
        correct: Images of the class that were taken for it.
        extra: Images of other classes that were taken for it.
        missed: Images of the class that were taken for another.
    """
    jaccard = _wilson(correct, correct + extra + missed)
    return jaccard and (2 * jaccard[0] / (1 + jaccard[0]), 2 * jaccard[1] / (1 + jaccard[1]))


def _wilson(correct: int, total: int) -> Interval | None:
    return wilson_interval(correct, total) if total else None
