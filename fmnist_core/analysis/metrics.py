"""Scores of a classifier on one set of images, by scikit-learn."""

from __future__ import annotations

import numpy as np

from fmnist_core.labels import NUM_CLASSES
from fmnist_core.runs.result import Scores


def score(y_true: np.ndarray, y_proba: np.ndarray) -> Scores:
    """Score class probabilities.

    Args:
        y_true: Labels, int, shape (N,).
        y_proba: Class probabilities, float, shape (N, 10), rows summing to 1.

    Returns:
        Accuracy, cross-entropy, and precision, recall and F1 by class and as means. A class that
        is never predicted has precision 0.
    """
    from sklearn.metrics import log_loss, precision_recall_fscore_support

    labels = np.arange(NUM_CLASSES)
    y_pred = y_proba.argmax(axis=1)
    columns = precision_recall_fscore_support(y_true, y_pred, labels=labels, zero_division=0)
    names = ("precision", "recall", "f1", "support")
    classes = [
        {name: float(value) for name, value in zip(names, row, strict=True)}
        for row in zip(*columns, strict=True)
    ]
    correct = int(np.sum(y_pred == y_true))
    return Scores(
        images=len(y_true),
        correct=correct,
        accuracy=correct / len(y_true),
        loss=float(log_loss(y_true, normalised(y_proba), labels=labels)),
        macro=_means(columns, None),
        weighted=_means(columns, columns[3]),
        classes=classes,
    )


def normalised(y_proba: np.ndarray) -> np.ndarray:
    """Let rows sum to 1 as exactly as scikit-learn wants it, which float32 does not: float64."""
    proba = y_proba.astype(np.float64)
    return proba / proba.sum(axis=1, keepdims=True)


def confusion(y_true: np.ndarray, y_pred: np.ndarray) -> np.ndarray:
    """Count true against predicted classes: int32 (10, 10), rows true."""
    counts = np.zeros((NUM_CLASSES, NUM_CLASSES), np.int32)
    np.add.at(counts, (y_true, y_pred), 1)
    return counts


def _means(columns: tuple[np.ndarray, ...], weights: np.ndarray | None) -> dict[str, float]:
    names = ("precision", "recall", "f1")
    return {
        name: float(np.average(column, weights=weights))
        for name, column in zip(names, columns, strict=False)
    }
