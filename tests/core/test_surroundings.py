"""What lies near a mistake, in features that can be laid out by hand."""

import numpy as np
import pytest

from fmnist_core.analysis.neighbours import Features
from fmnist_core.analysis.predictions import Predictions
from fmnist_core.analysis.surroundings import NEIGHBOURS, surroundings


@pytest.fixture
def labels():
    """The first 100 images of the training file are of class 1, all others of class 0."""
    found = np.zeros(70_000, np.uint8)
    found[:100] = 1
    return found


def features(**directions):
    """The first 100 images point right, all others up; `image_3=(x, y)` changes that of image 3."""
    vectors = np.zeros((70_000, 2), np.float16)
    vectors[:100, 0] = vectors[100:, 1] = 1
    for name, direction in directions.items():
        vectors[int(name.removeprefix("image_"))] = direction
    return Features(vectors=vectors, layer="dense", size=2, projected=False)


def run(taken):
    """Test images, all of class 0, and what they are taken for."""
    return Predictions(
        part="test",
        index=np.arange(60_000, 60_000 + len(taken), dtype=np.int32),
        y_true=np.zeros(len(taken), np.uint8),
        y_proba=np.eye(10, dtype=np.float32)[taken],
    )


def test_a_mistake_among_images_of_the_predicted_class(labels):
    (found,) = surroundings(run([1, 0, 0]), features(image_60000=(1, 0)), labels)

    assert (found.true, found.predicted, found.neighbours) == (0, NEIGHBOURS, 15)
    assert found.distance == pytest.approx(0, abs=1e-3)
    assert found.rank == 0  # none of the right ones lies nearer


def test_a_mistake_that_is_far_from_everything(labels):
    # At 45 degrees its similarity to all is 0.71; the right ones lie on their neighbours.
    (found,) = surroundings(run([1, 0, 0]), features(image_60000=(0.7071, 0.7071)), labels)

    assert found.distance == pytest.approx(1 - 0.7071, abs=1e-3)
    assert found.rank == 1


def test_an_image_that_the_network_says_nothing_of_has_no_surroundings(labels):
    found = surroundings(run([1, 1, 0]), features(image_60001=(0, 0)), labels)

    assert found[0] is not None and found[1] is None


def test_no_mistake_and_nothing_right_do_no_harm(labels):
    assert surroundings(run([0, 0]), features(), labels) == []
    assert surroundings(run([1]), features(), labels)[0].rank == 0
