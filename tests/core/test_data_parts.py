"""The parts of the data set that the Data page shows."""

from __future__ import annotations

import numpy as np
import pytest

from fmnist_core.data.files import load
from fmnist_core.data.parts import PARTS, class_counts, file_of, part_indices
from fmnist_core.export.data_table import pixels_csv, table_csv
from fmnist_core.specs import DataSpec


def test_the_parts_have_as_many_images_of_each_class_as_is_known():
    labels, spec = load().labels, DataSpec()
    per_class = {
        part: set(class_counts(labels[part_indices(part, labels, spec)]).tolist()) for part in PARTS
    }
    assert per_class == {
        "all": {7_000},
        "train-file": {6_000},
        "test-file": {1_000},
        "training": {5_400},
        "validation": {600},
    }


@pytest.mark.parametrize(
    ("index", "text"),
    [
        (0, "no. 0 of the training file"),
        (59_999, "no. 59,999 of the training file"),
        (60_000, "no. 0 of the test file"),
    ],
)
def test_an_image_has_a_number_in_its_file(index, text):
    assert file_of(index) == text


def test_tables_have_their_names_first_and_pictures_have_none():
    assert table_csv({"class": ["Coat", 'a "b"'], "images": [1, 2]}) == (
        'class,images\nCoat,1\n"a ""b""",2\n'
    )
    assert pixels_csv(np.array([[0, 255], [1, 2]], np.uint8)) == "0,255\n1,2\n"
