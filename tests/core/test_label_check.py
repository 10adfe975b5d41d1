"""Doubtful labels, by cleanlab."""

import numpy as np
import pytest

from fmnist_core.analysis.label_check import check_labels


def sure(taken, confidence=0.91, classes=10):
    """Probabilities of a network that is as sure of each image; the rest in equal shares."""
    y_proba = np.full((len(taken), classes), (1 - confidence) / (classes - 1))
    y_proba[np.arange(len(taken)), taken] = confidence
    return y_proba


def test_flipped_labels_are_found_and_no_others():
    truth = np.arange(1_000) % 10
    labels = truth.copy()
    flipped = np.random.default_rng(1).choice(1_000, 40, replace=False)
    labels[flipped] = (labels[flipped] + 3) % 10

    found = check_labels(labels.astype(np.uint8), sure(truth).astype(np.float32))

    assert np.flatnonzero(found.doubtful).tolist() == sorted(flipped)


def test_quality_is_the_margin_of_the_label_brought_to_0_to_1():
    # 0.91 against 0.01: (0.9 + 1) / 2; a wrong one: (-0.9 + 1) / 2.
    found = check_labels(np.array([0, 1]), sure([0, 0]))

    assert found.quality == pytest.approx([0.95, 0.05])


def test_a_mistake_made_less_surely_than_usual_is_not_doubted():
    # Class 1 has 0.9 on average where it is the label; image 20 gets 0.8 of it, image 21 has 0.95.
    labels = np.array([0] * 10 + [1] * 10 + [0, 0])
    y_proba = sure([0] * 10 + [1] * 12, 0.9, classes=2)
    y_proba[20], y_proba[21] = [0.2, 0.8], [0.05, 0.95]

    assert np.flatnonzero(check_labels(labels, y_proba).doubtful).tolist() == [21]


def test_labels_of_one_class_are_not_doubted():
    assert check_labels(np.array([3, 3]), sure([3, 4])).doubtful.tolist() == [False, False]


def test_no_images_or_other_lengths_are_refused():
    for labels, images in (([], 0), ([1, 2], 1)):
        with pytest.raises(ValueError, match="labels do not fit"):
            check_labels(np.array(labels, int), sure([0] * images))
