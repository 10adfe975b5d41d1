"""Confusion matrices in other units and orders, and their commonest mistakes."""

import numpy as np
import pytest
from hypothesis import given
from sklearn.metrics import confusion_matrix

from fmnist_core.analysis.confusion import class_order, shares, top_confusions
from fmnist_core.analysis.intervals import wilson_interval
from fmnist_core.analysis.metrics import confusion
from tests.predicted import predicted

THREE = np.array([[8, 2, 0], [1, 3, 0], [0, 0, 0]])


def test_shares_of_rows_and_columns():
    assert shares(THREE, "counts").tolist() == THREE.tolist()
    assert shares(THREE, "actual").tolist() == [[0.8, 0.2, 0], [0.25, 0.75, 0], [0, 0, 0]]
    assert shares(THREE, "predicted") == pytest.approx(
        np.array([[8 / 9, 0.4, 0], [1 / 9, 0.6, 0], [0, 0, 0]])
    )
    with pytest.raises(ValueError, match="'rows' is none of"):
        shares(THREE, "rows")


@given(predicted())
def test_shares_are_those_of_scikit_learn(found):
    counts = confusion(found.y_true, found.y_pred)

    for by, normalize in (("counts", None), ("actual", "true"), ("predicted", "pred")):
        expected = confusion_matrix(
            found.y_true, found.y_pred, labels=range(10), normalize=normalize
        )
        assert shares(counts, by) == pytest.approx(expected)


def test_classes_that_are_mixed_up_stand_side_by_side():
    counts = np.diag([90] * 6)
    for one, other in ((0, 4), (4, 2), (1, 5)):
        counts[one, other] = counts[other, one] = 10

    order = class_order(counts)

    assert sorted(order) == [0, 1, 2, 3, 4, 5]
    for one, other in ((0, 4), (4, 2), (1, 5)):
        assert abs(order.index(one) - order.index(other)) == 1


@pytest.mark.parametrize(
    "counts", [np.zeros((10, 10), int), np.diag([5] * 10)], ids=["none", "all"]
)
def test_classes_that_nobody_mixes_up_have_an_order_too(counts):
    assert sorted(class_order(counts)) == list(range(10))
    assert top_confusions(counts, 5) == []


def test_the_commonest_mistakes_come_first():
    found = top_confusions(THREE, 5)

    assert [each[:4] for each in found] == [(0, 1, 2, 10), (1, 0, 1, 4)]
    assert found[0].interval == wilson_interval(2, 10)
    assert top_confusions(THREE, 1) == found[:1]
