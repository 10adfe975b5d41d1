"""Histogram and summary of pixels, against NumPy and against what is known of the data set."""

from __future__ import annotations

import numpy as np
import pytest

from fmnist_core.analysis.pixel_values import pixel_histogram, summary_of
from fmnist_core.data.files import load


def test_the_training_file_has_the_known_mean_and_deviation():
    found = summary_of(pixel_histogram(load().x_train))
    assert (round(found.mean, 4), round(found.std, 4)) == (0.2860, 0.3530)
    assert (found.images, found.minimum, found.maximum) == (60_000, 0, 255)
    assert 0.49 < found.black < 0.51  # half of all pixels are exactly 0


def test_a_summary_is_what_numpy_says_of_the_pixels():
    images = np.random.default_rng(1).integers(3, 200, (1_500, 28, 28), np.uint8)
    images[0, 0, 0] = 0
    found = summary_of(pixel_histogram(images))
    assert (found.minimum, found.maximum) == (0, images.max())
    assert found.mean == pytest.approx(images.mean() / 255)
    assert found.std == pytest.approx(images.std() / 255)
    assert found.black == pytest.approx(1 / images.size)
    assert pixel_histogram(images).tolist() == np.bincount(images.ravel(), minlength=256).tolist()
