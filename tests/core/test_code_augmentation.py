"""Exported augmentation: with the same random numbers the same images as the app's own."""

import dataclasses

import numpy as np
import pytest

from fmnist_core.data.augmentation import COLUMNS, Draws, augment, sample_bilinear
from fmnist_core.data.files import load
from fmnist_core.model import presets
from fmnist_core.model.code import script
from fmnist_core.specs import AugmentSpec, TrainSpec

SMALL = presets.load("small").experiment
COUNT = 64
SHARES = np.random.default_rng(1).random(COUNT)  # one an image, used for each of its draws
NOISE = np.random.default_rng(2).standard_normal((COUNT, 28, 28, 1))


class Generator:
    """Like NumPy's, but each image's draw lies at its own fixed share of what is possible."""

    def __init__(self, shares=SHARES):
        self.shares = shares

    def random(self, size, dtype=np.float64):
        shape = np.ones(len(size), int)
        shape[size.index(len(self.shares))] = -1
        return np.broadcast_to(self.shares.reshape(shape).astype(dtype), size)

    def uniform(self, low, high, size):
        return low + (high - low) * self.random(size)

    def integers(self, high, size=None):
        return np.floor(high * self.random(size or high.shape)).astype(int)

    def choice(self, values, size):
        return np.asarray(values)[self.integers(len(values), size)]

    def beta(self, a, b, size):
        return self.random(size if isinstance(size, tuple) else (size,))

    def normal(self, mean, deviation, size):
        return mean + deviation * NOISE


def exported(**settings):
    """What the script of an augmented experiment defines."""
    experiment = dataclasses.replace(
        SMALL, augment=AugmentSpec(**settings), train=TrainSpec(batch_size=COUNT, seed=11)
    )
    names = {"__name__": "exported"}
    exec(compile(script(experiment), "exported.py", "exec"), names)
    return names


def batch():
    mnist = load()
    x = mnist.x_train[:COUNT, ..., np.newaxis] / np.float32(255)
    return x, np.eye(10, dtype=np.float32)[mnist.y_train[:COUNT]]


CHANGES = [
    {"shift": 0.2},
    {"rotation": 40},
    {"zoom": 0.4},
    {"horizontal_flip": True},
    {"shift": 0.1, "rotation": 180, "zoom": 0.9, "horizontal_flip": True},
    {"contrast": 0.5},
    {"brightness": 0.4},
    {"noise": 0.3},
    {"contrast": 1, "brightness": 0.2, "noise": 0.1},
    {"cutout": 7},
    {"cutout": 28},
    {"random_erasing": 0.6},
    {"mixup": 0.4},
    {"cutmix": 1},
    {"mixup": 0.4, "cutmix": 1},
    {
        **{"shift": 0.1, "rotation": 9, "zoom": 0.1, "horizontal_flip": True, "contrast": 0.2},
        **{"noise": 0.1, "cutout": 4, "random_erasing": 0.3, "mixup": 1, "cutmix": 1},
    },
]


@pytest.mark.parametrize("settings", CHANGES, ids="-".join)
def test_a_batch_is_changed_as_the_app_changes_it(settings):
    x, y = batch()
    uniform = np.repeat(SHARES[:, None], len(COLUMNS), axis=1).astype(np.float32)
    uniform[:, COLUMNS.index("erase_aspect")] = 1 - SHARES  # counted the other way there
    shares = SHARES.astype(np.float32)
    draws = Draws(uniform, NOISE.astype(np.float32), shares, shares)
    expected = augment(np, sample_bilinear, x, y, AugmentSpec(**settings), draws)

    found = exported(**settings)["augment"](x, y, Generator())

    assert found[0].dtype == np.float32
    assert np.mean(np.abs(found[0] - x)) > 0.005  # something was done
    for ours, theirs in zip(found, expected, strict=True):
        assert ours.shape == theirs.shape
        assert ours == pytest.approx(theirs, abs=2e-4)


def test_the_batches_are_changed_anew_in_each_epoch_by_the_seed():
    names = exported(noise=0.5)
    x, _ = batch()
    y = np.arange(COUNT)

    def epochs():
        batches = names["shuffled_batches"](x, y)
        return [next(batches) for _ in range(2)]

    for epoch, (images, labels) in enumerate(epochs()):
        order = np.random.default_rng([11, epoch]).permutation(COUNT)
        rng = np.random.default_rng([11, 1, epoch])
        assert np.array_equal(labels, order)
        assert np.array_equal(images, names["augment"](x[order], y, rng)[0])
    assert np.array_equal(epochs()[1][0], epochs()[1][0])


def test_each_change_makes_its_own_copy_behind_the_originals():
    names = exported(augmentation="own-copies", brightness=0.5, horizontal_flip=True, mixup=1)
    x, y = batch()

    copies, labels = names["with_copies"](x, y)

    assert copies.shape == (3 * COUNT, 28, 28, 1) and np.array_equal(labels, np.tile(y, (3, 1)))
    originals, flipped, brighter = np.split(copies, 3)
    assert np.array_equal(originals, x)
    mirrored = np.abs(flipped - x[:, :, ::-1]).max(axis=(1, 2, 3)) < 1e-6
    untouched = np.abs(flipped - x).max(axis=(1, 2, 3)) < 1e-6
    assert np.all(mirrored | untouched) and mirrored.any() and untouched.any()
    assert np.all(np.abs(brighter - x) <= 0.5 + 1e-6) and not np.array_equal(brighter, x)
    assert "x, y = mix(x, y, rng, mixup=1.0)" in script_of(
        mixup=1, augmentation="own-copies", zoom=0.1
    )


def script_of(**settings):
    return script(dataclasses.replace(SMALL, augment=AugmentSpec(**settings)))


def test_copies_can_do_without_the_originals():
    names = exported(augmentation="own-copies", keep_originals=False, rotation=20, shift=0.1)
    x, y = batch()

    copies, _ = names["with_copies"](x, y)

    assert len(copies) == 2 * COUNT
    assert not any(np.array_equal(part, x) for part in np.split(copies, 2))


def test_mixed_labels_weigh_as_their_classes_do():
    experiment = dataclasses.replace(
        SMALL,
        augment=AugmentSpec(mixup=1),
        train=TrainSpec(batch_size=COUNT, class_weights=tuple(range(10))),
    )
    names = {"__name__": "exported"}
    exec(compile(script(experiment), "exported.py", "exec"), names)

    _, labels, weights = next(names["shuffled_batches"](*batch()))

    assert labels.sum(axis=1) == pytest.approx(1)
    assert np.any((labels > 0.01) & (labels < 0.99))
    assert weights == pytest.approx(labels @ np.arange(10))
