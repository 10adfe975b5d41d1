"""Splits: every image in its part once, classes in their shares, same seed same split."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.model_selection import train_test_split

from fmnist_core.data.splits import split_indices
from fmnist_core.specs import DataSpec

# 6,000 images of each class in the training file, 1,000 in the test file, as in the data set.
LABELS = np.concatenate(
    [
        np.random.default_rng(0).permutation(np.repeat(np.arange(10, dtype=np.uint8), size))
        for size in (6000, 1000)
    ]
)


def images_a_class(labels: np.ndarray, index: np.ndarray) -> np.ndarray:
    return np.bincount(labels[index], minlength=10)


@st.composite
def specs(draw: st.DrawFn) -> DataSpec:
    """Draw any valid spec, the edges (10 images for a part, all but one) included."""
    split = draw(st.sampled_from(["last", "stratified", "resplit"]))
    pool = 70_000 if split == "resplit" else 60_000
    count = draw(st.integers(10, pool - 10))
    as_fraction = draw(st.booleans())
    subset = draw(st.none() | st.integers(10, pool - count))
    return DataSpec(
        split=split,
        validation=count / pool if as_fraction else count,
        subset=subset,
        seed=draw(st.integers(0, 2**31 - 1)),
    )


@given(specs())
@settings(max_examples=25, deadline=None)
def test_every_part_has_the_size_that_the_spec_says(spec):
    split = split_indices(LABELS, spec)

    assert (len(split.train), len(split.validation), len(split.test)) == spec.sizes


@given(specs())
@settings(max_examples=25, deadline=None)
def test_no_image_both_trains_and_judges(spec):
    split = split_indices(LABELS, spec)
    judges = split.validation if spec.split == "resplit" else [*split.validation, *split.test]

    images = np.concatenate([split.train, judges])

    assert len(np.unique(images)) == len(images)
    assert images.min() >= 0
    assert images.max() < 70_000
    if spec.subset is None:
        assert len(images) == 70_000


@given(specs())
@settings(max_examples=25, deadline=None)
def test_a_subset_keeps_every_class_in_its_share_to_within_one_image(spec):
    everything = split_indices(LABELS, replace(spec, subset=None)).train
    subset = split_indices(LABELS, spec).train

    share = len(subset) / len(everything)
    expected = images_a_class(LABELS, everything) * share

    assert np.isin(subset, everything).all()
    assert np.abs(images_a_class(LABELS, subset) - expected).max() <= 1


@given(specs())
@settings(max_examples=20, deadline=None)
def test_the_same_seed_gives_the_same_split(spec):
    first, second = split_indices(LABELS, spec), split_indices(LABELS, spec)

    np.testing.assert_array_equal(first.train, second.train)
    np.testing.assert_array_equal(first.validation, second.validation)


@pytest.mark.parametrize("split", ["stratified", "resplit"])
def test_another_seed_gives_another_split(split):
    first = split_indices(LABELS, DataSpec(split=split, seed=1))
    second = split_indices(LABELS, DataSpec(split=split, seed=2))

    # Two draws of 10 % have about 10 % of their images in common.
    assert np.isin(first.validation, second.validation).mean() < 0.2


def test_last_validates_on_the_last_6000_training_images():
    split = split_indices(LABELS, DataSpec(split="last", validation=6000))

    np.testing.assert_array_equal(split.train, np.arange(54_000))
    np.testing.assert_array_equal(split.validation, np.arange(54_000, 60_000))
    np.testing.assert_array_equal(split.test, np.arange(60_000, 70_000))


def test_stratified_validates_on_600_images_of_every_class():
    split = split_indices(LABELS, DataSpec(split="stratified", validation=0.1))

    assert images_a_class(LABELS, split.train).tolist() == [5400] * 10
    assert images_a_class(LABELS, split.validation).tolist() == [600] * 10
    np.testing.assert_array_equal(split.test, np.arange(60_000, 70_000))


def test_resplit_tests_on_its_validation_images_from_both_files():
    split = split_indices(LABELS, DataSpec(split="resplit", validation=7000))

    np.testing.assert_array_equal(split.test, split.validation)
    # 10,000 of 70,000 images are from the test file: about 1,000 of the 7,000.
    assert 900 < np.sum(split.validation >= 60_000) < 1100


def test_resplit_draws_what_scikit_learn_draws():
    _, expected = train_test_split(np.arange(70_000), test_size=0.2, random_state=42)

    split = split_indices(LABELS, DataSpec(split="resplit", validation=0.2, seed=42))

    np.testing.assert_array_equal(split.validation, np.sort(expected))


def test_a_smaller_subset_is_part_of_a_larger_one():
    small = split_indices(LABELS, DataSpec(subset=100)).train
    large = split_indices(LABELS, DataSpec(subset=1000)).train

    assert images_a_class(LABELS, small).tolist() == [10] * 10
    assert np.isin(small, large).all()


def test_a_subset_may_leave_out_a_single_image():
    split = split_indices(LABELS, DataSpec(validation=6000, subset=53_999))

    assert sorted(images_a_class(LABELS, split.train)) == [5399] + [5400] * 9


@pytest.mark.parametrize("part", ["train", "validation", "test"])
def test_indices_are_ascending_int32_and_read_only(part):
    indices = getattr(split_indices(LABELS, DataSpec(split="resplit", subset=500)), part)

    assert indices.dtype == np.int32
    assert (np.diff(indices) > 0).all()
    with pytest.raises(ValueError, match="read-only"):
        indices[0] = 1


def test_labels_of_the_training_file_alone_are_refused():
    with pytest.raises(ValueError) as caught:
        split_indices(LABELS[:60_000], DataSpec())

    assert str(caught.value) == "labels must have shape (70000,), got (60000,)"
