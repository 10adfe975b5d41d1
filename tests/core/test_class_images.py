"""Mean images of the classes, how near images are to them, and where shoes point."""

from __future__ import annotations

import numpy as np
import pytest

from fmnist_core.analysis.class_images import class_images, facing_left, typicality
from fmnist_core.data.files import load

SNEAKER, BOOT = 7, 9


@pytest.fixture(scope="module")
def data():
    return load()


@pytest.fixture(scope="module")
def classes(data):
    return class_images(data.x_train, data.y_train)


def test_mean_and_deviation_are_those_of_numpy():
    labels = np.repeat(np.arange(10), 3)
    images = np.random.default_rng(0).integers(0, 256, (30, 28, 28), np.uint8)
    found = class_images(images, labels)
    for label in range(10):
        assert found.mean[label] == pytest.approx(images[labels == label].mean(axis=0))
        assert found.std[label] == pytest.approx(images[labels == label].std(axis=0))


def test_distance_is_measured_to_the_class_mean_in_pixels_of_0_to_1(data, classes):
    found = typicality(data.images, data.labels, classes.mean)
    apart = data.images[60_009] / 255 - classes.mean[SNEAKER] / 255
    assert data.labels[60_009] == SNEAKER
    assert found.distance[60_009] == pytest.approx(np.linalg.norm(apart), rel=1e-5)


def test_the_share_ranks_images_within_their_class_and_file(data, classes):
    found = typicality(data.images, data.labels, classes.mean)
    for file, number in ((slice(60_000), 6_000), (slice(60_000, None), 1_000)):
        own = data.labels[file] == BOOT
        share, distance = found.share[file][own], found.distance[file][own]
        assert share[distance.argmin()] == 1
        assert share[distance.argmax()] == pytest.approx(1 / number)


def test_nearly_all_sneakers_and_all_ankle_boots_face_one_way(data, classes):
    shares = {
        label: facing_left(data.x_train[data.y_train == label], classes.mean[label]).mean()
        for label in (SNEAKER, BOOT)
    }
    assert shares[SNEAKER] == pytest.approx(0.997, abs=5e-4)
    assert shares[BOOT] == 1


def test_a_mirrored_shoe_faces_the_other_way(data, classes):
    images = data.x_train[data.y_train == BOOT][:20]
    assert not facing_left(images[:, :, ::-1], classes.mean[BOOT]).any()
