"""How good a network is on some images, by numbers that can be checked in the head."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import accuracy_score

from fmnist_core.analysis.intervals import difference_interval, wilson_interval
from fmnist_core.analysis.predictions import Predictions
from fmnist_core.analysis.slices import slices
from tests.predicted import predicted


def ten() -> Predictions:
    """Images 100 to 109 of class 0, of which the first four are taken for class 1."""
    taken = np.where(np.arange(10) < 4, 1, 0)
    return Predictions(
        part="validation",
        index=np.arange(100, 110, dtype=np.int32),
        y_true=np.zeros(10, np.uint8),
        y_proba=np.eye(10, dtype=np.float32)[taken],
    )


def test_a_slice_is_measured_against_the_rest():
    # 100, 103 are wrong, 105, 109 right; of the other six, two are wrong. 7 was not predicted.
    (part,) = slices(ten(), {"cropped": np.array([109, 7, 100, 103, 105])})

    assert (part.name, part.images, part.of, part.rest) == ("cropped", 4, 10, 6)
    assert part.accuracy == 0.5
    assert part.interval == wilson_interval(2, 4)
    assert part.difference == pytest.approx(2 / 4 - 4 / 6)
    assert part.difference_interval == difference_interval(4, 6, 2, 4)


def test_nothing_is_said_where_there_are_no_images_or_no_rest():
    none, all_of_them = slices(ten(), {"none": np.array([], np.int32), "all": np.arange(200)})

    assert (none.images, none.accuracy, none.interval, none.difference) == (0, None, None, None)
    assert (all_of_them.accuracy, all_of_them.rest) == (0.6, 0)
    assert all_of_them.difference is None and all_of_them.difference_interval is None


@given(predicted(), st.data())
def test_slices_agree_with_scikit_learn(found, data):
    chosen = data.draw(st.sets(st.sampled_from(found.index.tolist()), min_size=1))
    (part,) = slices(found, {"drawn": np.array(sorted(chosen))})
    inside = np.array([index in chosen for index in found.index.tolist()])

    assert part.accuracy == pytest.approx(
        accuracy_score(found.y_true[inside], found.y_pred[inside])
    )
    assert part.correct + part.rest_correct == accuracy_score(
        found.y_true, found.y_pred, normalize=False
    )
