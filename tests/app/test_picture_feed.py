"""Single images for the browser, by their numbers."""

import asyncio
import io
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from PIL import Image
from starlette.requests import Request

from ui import cache, picture_feed


def ask(index: int):
    scope = {"type": "http", "path_params": {"index": index}, "headers": []}
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, picture_feed.picture_feed(Request(scope))).result()


def test_an_image_is_a_png_that_may_be_kept():
    answer = ask(60_009)
    pixels = np.asarray(Image.open(io.BytesIO(answer.body)))
    assert pixels.tolist() == cache.data_set().images[60_009].tolist()
    assert answer.headers["cache-control"] == "max-age=86400"


@pytest.mark.parametrize("index", (-1, 70_000))
def test_there_are_70000_images(index):
    assert ask(index).status_code == 404
