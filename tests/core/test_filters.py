"""Twins and frequency responses of filters, against closed forms, scipy and scikit-learn."""

import numpy as np
import pytest
from scipy.signal import convolve2d, freqz
from sklearn.metrics.pairwise import cosine_similarity

from fmnist_core.analysis.filters import (
    SIZE,
    Twins,
    frequency_response,
    norms,
    passes_best,
    twins,
    whole_filters,
)

RNG = np.random.default_rng(3)
SOBEL = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]], float)  # finds upright edges


def test_a_mean_lets_even_areas_pass_unchanged():
    gain = frequency_response(np.full((3, 3), 1 / 9))

    assert gain[SIZE // 2, SIZE // 2] == pytest.approx(1)
    assert gain.max() == pytest.approx(1)
    found = passes_best(np.full((3, 3), 1 / 9))
    assert (found.even, found.most, found.period) == (pytest.approx(1), pytest.approx(1), np.inf)


def test_an_edge_filter_stops_even_areas_and_knows_its_direction():
    upright, level = passes_best(SOBEL), passes_best(SOBEL.T)

    assert upright.even == pytest.approx(0, abs=1e-12)
    assert (upright.most, upright.period) == (pytest.approx(8), pytest.approx(4))
    assert (upright.angle, level.angle) == (pytest.approx(90), pytest.approx(0))


def test_the_response_is_that_of_scipy_for_a_product_of_two_filters():
    down, across = RNG.normal(size=5), RNG.normal(size=4)
    at = 2 * np.pi * (np.arange(SIZE) - SIZE // 2) / SIZE
    one, other = (np.abs(freqz(each, worN=at)[1]) for each in (down, across))

    assert frequency_response(np.outer(down, across)) == pytest.approx(np.outer(one, other))


def test_stripes_are_multiplied_by_the_gain():
    kernel, (fy, fx) = RNG.normal(size=(3, 3)), (4, -10)
    y, x = np.mgrid[:64, :64]
    stripes = np.exp(2j * np.pi * (fy * y + fx * x) / SIZE)
    out = convolve2d(stripes, kernel, mode="valid")

    gain = frequency_response(kernel)[SIZE // 2 + fy, SIZE // 2 + fx]
    assert np.abs(out) == pytest.approx(np.full(out.shape, gain))


def test_a_kernel_that_is_too_large_is_refused():
    with pytest.raises(ValueError, match=r"\(33, 1\) was given; up to 32"):
        frequency_response(np.ones((33, 1)))


def test_twins_and_negatives_are_found_the_closest_first():
    filters = np.zeros((3, 3, 1, 5))
    filters[:, :, 0, 0] = SOBEL
    filters[:, :, 0, 1] = SOBEL.T
    filters[:, :, 0, 2] = -2 * SOBEL
    filters[:, :, 0, 3] = SOBEL + 0.1 * np.eye(3)
    found = twins(filters)

    assert found[0] == Twins(one=0, other=2, cosine=pytest.approx(-1))
    assert [(pair.one, pair.other) for pair in found] == [(0, 2), (0, 3), (2, 3)]
    assert norms(filters)[[0, 2, 4]].tolist() == pytest.approx([12**0.5, 2 * 12**0.5, 0])


def test_cosines_are_those_of_scikit_learn():
    filters = RNG.normal(size=(3, 3, 4, 6))
    expected = cosine_similarity(filters.reshape(-1, 6).T)

    found = twins(filters, least=1e-9)

    assert len(found) == 15
    assert [pair.cosine for pair in found] == pytest.approx(
        [expected[pair.one, pair.other] for pair in found]
    )


def test_filters_of_one_number_have_no_twins():
    assert twins(np.ones((1, 1, 1, 8))) == []


def test_a_separable_convolution_is_one_with_whole_filters():
    import keras

    layer = keras.layers.SeparableConv2D(5, 3, depth_multiplier=2, use_bias=False)
    x = RNG.normal(size=(1, 8, 8, 3)).astype(np.float32)
    expected = np.asarray(layer(x))
    kernel, pointwise = (np.asarray(weight) for weight in layer.trainable_weights)

    whole = whole_filters(kernel, pointwise, depthwise=False)

    assert whole.shape == (3, 3, 3, 5)
    assert np.asarray(keras.ops.conv(x, whole)) == pytest.approx(expected, abs=1e-4)


def test_a_depthwise_filter_reads_one_input():
    kernel = RNG.normal(size=(3, 3, 2, 2))

    found = whole_filters(kernel, None, depthwise=True)

    assert found.shape == (3, 3, 1, 4)
    assert found[:, :, 0, 3].tolist() == kernel[:, :, 1, 1].tolist()
