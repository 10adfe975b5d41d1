"""Pictures for the browser: the bytes come back, and a full page of them is small."""

from __future__ import annotations

import base64
import io

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from fmnist_core.export.png import png_url
from ui import cache
from ui.pager import PAGE_SIZE
from ui.sprite import COLUMNS, sprite


def pixels_of(url: str) -> np.ndarray:
    head, _, text = url.partition(",")
    assert head == "data:image/png;base64"
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(text))))


@given(number=st.integers(1, 3 * COLUMNS), seed=st.integers(0, 9))
def test_every_picture_stands_at_its_place(number, seed):
    images = np.random.default_rng(seed).integers(0, 256, (number, 28, 28), np.uint8)
    sheet = pixels_of(sprite(images))

    assert sheet.shape == (28 * -(-number // COLUMNS), 28 * COLUMNS)
    for place, image in enumerate(images):
        row, column = divmod(place, COLUMNS)
        assert np.array_equal(sheet[28 * row :, 28 * column :][:28, :28], image)


def test_one_picture_comes_back_as_it_was():
    image = np.arange(28 * 28, dtype=np.uint16).reshape(28, 28).astype(np.uint8)

    assert np.array_equal(pixels_of(png_url(image)), image)


def test_a_page_of_images_is_far_below_2_mb():
    assert len(sprite(cache.data_set().images[:PAGE_SIZE])) < 50_000
