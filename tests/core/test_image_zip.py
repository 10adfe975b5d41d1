"""Chosen images as a ZIP: what is in it, and that the same choice gives the same bytes."""

import csv
import io
import zipfile

import numpy as np
import pytest
from hypothesis import given, settings
from PIL import Image

from fmnist_core.analysis.predictions import Predictions
from fmnist_core.export.image_zip import images_zip
from fmnist_core.labels import CLASS_NAMES
from fmnist_core.runs.image_tags import ImageTags
from tests.predicted import predicted

IMAGES = np.random.default_rng(0).integers(0, 256, (70_000, 28, 28), np.uint8)
# A shirt taken for a T-shirt, and a boot that is right.
CHOSEN = Predictions(
    part="validation",
    index=np.array([40_222, 7], np.int32),
    y_true=np.array([6, 9], np.uint8),
    y_proba=np.array([[0.75] + [0] * 5 + [0.25] + [0] * 3, [0] * 9 + [1]], np.float32),
)


def opened(data: bytes) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(data))


def test_it_holds_pictures_a_table_and_a_word_on_them():
    tags = ImageTags().with_tag([40_222], "cropped").with_tag([40_222], "ambiguous")
    found = opened(images_zip(CHOSEN, IMAGES, about=["Run 7", "Shirt → any class"], tags=tags))

    names = ["1_40222_shirt_t-shirt-top.png", "2_00007_ankle-boot_ankle-boot.png"]
    assert found.namelist() == ["README.txt", "images.csv", *names]
    assert "\nRun 7\nShirt → any class\n" in found.read("README.txt").decode()
    rows = list(csv.DictReader(io.StringIO(found.read("images.csv").decode())))
    assert rows[0] == {
        "rank": "1",
        "index": "40222",
        "file": names[0],
        "true": "Shirt",
        "predicted": "T-shirt/top",
        "confidence": "0.750000",
        "loss": "1.386294",  # ln 4
        "margin": "-0.500000",
        "tags": "ambiguous;cropped",
    }
    assert rows[1]["file"] == names[1] and rows[1]["tags"] == ""
    for name, index in zip(names, CHOSEN.index, strict=True):
        assert np.array_equal(np.asarray(Image.open(found.open(name))), IMAGES[index])


@settings(max_examples=10)
@given(predicted(max_size=30))
def test_the_same_choice_gives_the_same_bytes_and_safe_names(found):
    data = images_zip(found, IMAGES, about=[], tags=ImageTags())

    assert data == images_zip(found, IMAGES, about=[], tags=ImageTags())
    names = opened(data).namelist()
    assert len(set(names)) == len(found) + 2
    assert names[2:] == sorted(names[2:])  # a folder lists them by rank
    assert not any(letter in name for name in names for letter in "/\\ :")


def test_a_choice_of_nothing_is_a_table_without_rows():
    found = opened(images_zip(CHOSEN.take(np.array([], int)), IMAGES, about=[], tags=ImageTags()))

    assert len(found.namelist()) == 2
    assert found.read("images.csv").decode().count("\n") == 1


@pytest.mark.parametrize("label", range(10))
def test_every_class_has_a_name_of_its_own(label):
    one = Predictions(
        part="test",
        index=np.array([3], np.int32),
        y_true=np.array([label], np.uint8),
        y_proba=np.eye(10, dtype=np.float32)[[label]],
    )
    name = opened(images_zip(one, IMAGES, about=[], tags=ImageTags())).namelist()[2]

    words = CLASS_NAMES[label].lower().replace("/", "-").replace(" ", "-")
    assert name == f"1_00003_{words}_{words}.png"
