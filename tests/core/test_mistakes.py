"""Choosing and ordering images to look at."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fmnist_core.analysis.mistakes import SORTS, select, sort
from fmnist_core.analysis.predictions import Predictions
from tests.predicted import predicted


def five():
    """True and predicted class and confidence of each stand in the rows."""
    rows = [(0, 0, 0.9), (0, 6, 0.8), (6, 0, 0.6), (0, 6, 0.95), (6, 6, 0.5)]
    y_proba = np.zeros((5, 10), np.float32)
    for row, (true, pred, confidence) in zip(y_proba, rows, strict=True):
        row[9] = 1 - confidence
        row[pred] = confidence
        if true != pred:
            row[true], row[9] = row[9] - 0.01, 0.01
    return Predictions(
        part="test",
        index=np.arange(60_000, 60_005, dtype=np.int32),
        y_true=np.array([true for true, _, _ in rows], np.uint8),
        y_proba=y_proba,
    )


@pytest.mark.parametrize(
    ("wanted", "places"),
    [
        ({}, [1, 2, 3]),
        ({"only_wrong": False}, [0, 1, 2, 3, 4]),
        ({"true": 0}, [1, 3]),
        ({"predicted": 0}, [2]),
        ({"true": 0, "predicted": 6}, [1, 3]),
        ({"true": 6, "predicted": 6}, []),
        ({"true": 6, "predicted": 6, "only_wrong": False}, [4]),
        ({"min_confidence": 0.7}, [1, 3]),
        ({"max_confidence": 0.7}, [2]),
        ({"min_confidence": 0.7, "max_confidence": 0.9, "only_wrong": False}, [0, 1]),
        ({"true": 9}, []),
    ],
    ids=str,
)
def test_images_are_chosen(wanted, places):
    assert select(five(), **wanted).tolist() == places


@pytest.mark.parametrize(
    ("by", "places"),
    [
        ("most confident wrong", [3, 1, 2, 0, 4]),
        ("highest loss", [3, 1, 2, 4, 0]),  # true class at 0.04, 0.19, 0.39, 0.5, 0.9
        ("smallest margin", [4, 2, 1, 0, 3]),  # 0, 0.21, 0.61, 0.8, 0.91
        ("index", [0, 1, 2, 3, 4]),
    ],
)
def test_images_are_put_in_order(by, places):
    shuffled = np.array([2, 4, 1, 0, 3])

    assert sort(five(), shuffled, by).tolist() == places


def test_every_order_is_tested():
    assert list(SORTS) == ["most confident wrong", "highest loss", "smallest margin", "index"]


@given(predicted(), st.sampled_from(list(SORTS)), st.booleans())
def test_sorting_loses_no_image(found, by, only_wrong):
    places = select(found, only_wrong=only_wrong)

    ordered = sort(found, places, by)

    assert sorted(ordered) == places.tolist()
    assert only_wrong is False or found.wrong[ordered].all()
