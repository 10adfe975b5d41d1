"""Wrong labels put among the training images: how many, which, and never elsewhere."""

from __future__ import annotations

import numpy as np
import pytest

from fmnist_core.data.files import load
from fmnist_core.data.label_noise import noisy_labels, read_noise, write_noise
from fmnist_core.data.splits import split_indices
from fmnist_core.exceptions import SpecError, StoreError
from fmnist_core.model.code import script
from fmnist_core.model.presets import PRESETS
from fmnist_core.specs import DataSpec, Experiment

T_SHIRT, TROUSER, PULLOVER, COAT, SHIRT = 0, 1, 2, 4, 6


def last(**fields) -> DataSpec:
    return DataSpec(split="last", **fields)  # needs no drawing


@pytest.fixture(scope="module")
def labels():
    return load().labels


@pytest.fixture(scope="module")
def train(labels):
    return split_indices(labels, last()).train


def test_without_noise_the_labels_are_the_same_array(labels, train):
    assert noisy_labels(labels, train, last()) is labels


def test_symmetric_noise_hits_its_share_and_only_training_images(labels, train):
    noisy = noisy_labels(labels, train, last(label_noise=20))
    wrong = np.flatnonzero(noisy != labels)
    assert len(wrong) == 10_800  # 20 % of 54,000
    assert np.isin(wrong, train).all()
    # Each of nine others is as likely: 1,200 are expected of each distance.
    apart = np.bincount((noisy[wrong].astype(int) - labels[wrong]) % 10, minlength=10)
    assert apart[0] == 0 and np.abs(apart[1:] - 1_200).max() < 150


def test_the_labels_handed_in_stay_as_they_are(labels, train):
    given = labels.copy()
    noisy_labels(given, train, last(label_noise=50))
    assert np.array_equal(given, labels)


def test_pairs_mistake_only_their_classes_for_each_other(labels, train):
    noisy = noisy_labels(labels, train, last(label_noise=50, noise_pairs="0-6 2-4 4-6"))
    wrong = noisy != labels
    moved = {(int(a), int(b)) for a, b in zip(labels[wrong], noisy[wrong], strict=True)}
    pairs = {(T_SHIRT, SHIRT), (PULLOVER, COAT), (COAT, SHIRT)}
    assert moved == pairs | {(b, a) for a, b in pairs}
    able = np.isin(labels[train], (T_SHIRT, PULLOVER, COAT, SHIRT)).sum()
    assert wrong.sum() == round(able / 2)
    assert not wrong[labels == TROUSER].any()


def test_more_noise_hits_the_images_of_less_and_the_seed_fixes_them(labels, train):
    few, many, again, other = (
        noisy_labels(labels, train, last(label_noise=share, seed=seed))
        for share, seed in ((5, 1), (30, 1), (5, 1), (5, 2))
    )
    hit = few != labels
    assert np.array_equal(few[hit], many[hit])
    assert np.array_equal(few, again)
    assert not np.array_equal(few, other)


def test_all_labels_can_be_wrong(labels, train):
    noisy = noisy_labels(labels, train, last(label_noise=100))
    assert (noisy[train] != labels[train]).all()


def test_the_noise_is_recorded_and_read_again(labels, train, tmp_path):
    noisy = noisy_labels(labels, train, last(label_noise=1))
    write_noise(tmp_path, labels, noisy)
    index, label = read_noise(tmp_path)
    restored = labels.copy()
    restored[index] = label
    assert len(index) == 540 and np.array_equal(restored, noisy)
    with pytest.raises(StoreError):
        read_noise(tmp_path / "elsewhere")


@pytest.mark.parametrize(
    ("given", "kept"), [("6-0 2-4 4-2", "0-6 2-4"), ("", ""), ("  9-8 ", "8-9")]
)
def test_pairs_are_kept_in_order_and_once(given, kept):
    assert DataSpec(noise_pairs=given).noise_pairs == kept


@pytest.mark.parametrize(
    "wrong", ["0-0", "0-10", "shirt-coat", "0", "0-1-2", "0–1", "١-2", 3, None]
)
def test_what_is_no_pair_is_a_sentence(wrong):
    with pytest.raises(SpecError) as refused:
        DataSpec(noise_pairs=wrong)
    assert str(refused.value) == (
        "Noise pairs must be empty, or pairs of two classes from 0 to 9, such as 0-6 2-4; you gave "
        f"{wrong!r}."
    )


@pytest.mark.parametrize("pairs", ["", "0-6 2-4 4-6"])
def test_the_exported_code_makes_the_same_labels_wrong(labels, train, pairs):
    spec = last(label_noise=10, noise_pairs=pairs)
    code = script(Experiment(model=PRESETS[0].experiment.model, data=spec))
    start = code.index("def add_label_noise")
    body = code[start : code.index("\n\n\n", start)]
    scope = {"np": np}
    exec(body, scope)
    call = "y = add_label_noise(y, train, percent=10, seed=7)"
    assert call in code
    exec(call, scope | {"y": labels, "train": train, **scope}, found := {})
    assert np.array_equal(found["y"], noisy_labels(labels, train, spec))


def test_code_without_noise_says_nothing_of_it():
    assert "noise" not in script(Experiment(model=PRESETS[0].experiment.model))
