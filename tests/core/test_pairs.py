"""The piles of a pair of classes, and their mean images."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fmnist_core.analysis.metrics import confusion
from fmnist_core.analysis.pairs import mean_image, pile
from fmnist_core.analysis.predictions import Predictions
from tests.predicted import predicted


def shirts(*of_shirt: float) -> Predictions:
    """Shirts, each with this probability of a shirt and the rest for a T-shirt."""
    proba = np.zeros((len(of_shirt), 10), np.float32)
    proba[:, 6], proba[:, 0] = of_shirt, 1 - np.array(of_shirt)
    return Predictions(
        part="test",
        index=np.arange(len(of_shirt), dtype=np.int32),
        y_true=np.full(len(of_shirt), 6, np.uint8),
        y_proba=proba,
    )


def test_a_pile_holds_what_was_taken_so_the_hardest_to_decide_first():
    # Margins of the second, third and fourth: -0.8, -0.2, -0.5; the first is right by 0.6.
    found = pile(shirts(0.8, 0.1, 0.4, 0.25), 6, 0)

    assert found.places.tolist() == [2, 3, 1]
    assert (len(found), found.of) == (3, 4)
    assert found.interval == pytest.approx((0.300642, 0.954413), abs=1e-6)  # Wilson, 3 of 4
    assert pile(shirts(0.8, 0.1, 0.4, 0.25), 6, 6).places.tolist() == [0]


def test_a_class_without_images_has_an_empty_pile_and_no_interval():
    found = pile(shirts(0.8), 3, 4)

    assert (len(found), found.of, found.interval) == (0, 0, None)


@settings(max_examples=25)
@given(predicted(), st.integers(0, 9), st.integers(0, 9))
def test_piles_are_the_cells_of_the_confusion_matrix(found, true, taken):
    counts = confusion(found.y_true, found.y_pred)
    one = pile(found, true, taken)

    assert (len(one), one.of) == (counts[true, taken], counts[true].sum())
    assert (np.diff(np.abs(found.margin[one.places])) >= 0).all()


def test_the_mean_of_images_is_taken_pixel_by_pixel():
    black, grey, white = (np.full((28, 28), value, np.uint8) for value in (0, 101, 255))
    grey[3, 4] = 0

    mean = mean_image(np.stack([black, grey, white]))

    assert mean.dtype == np.uint8
    assert (mean[0, 0], mean[3, 4]) == (119, 85)  # 356 / 3 = 118.67; 255 / 3
    assert mean_image(np.empty((0, 28, 28), np.uint8)) is None
