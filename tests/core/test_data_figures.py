"""Figures of the data set: bars, a histogram, and pictures on one scale."""

from __future__ import annotations

import base64
import io
import re

import numpy as np
from PIL import Image

from fmnist_core.figures.data_set import counts_figure, histogram_figure
from fmnist_core.figures.pixel_sheet import Picture, sheet_svg, signed_colors


def pictures_of(svg: str) -> list[np.ndarray]:
    urls = re.findall(r'href="data:image/png;base64,([^"]+)"', svg)
    return [np.asarray(Image.open(io.BytesIO(base64.b64decode(url)))) for url in urls]


def test_bars_stand_side_by_side_by_class():
    figure = counts_figure({"Training": np.arange(10), "Validation": np.ones(10, int)})
    assert [trace["name"] for trace in figure["data"]] == ["Training", "Validation"]
    assert figure["data"][0]["y"] == list(range(10))
    assert figure["data"][0]["x"][7] == "Sneaker"


def test_the_histogram_has_a_bar_for_each_level_on_a_logarithmic_scale():
    figure = histogram_figure(np.arange(256), name="all")
    assert len(figure["data"][0]["y"]) == 256
    assert figure["layout"]["yaxis"]["type"] == "log"


def test_signed_colours_are_black_at_0_blue_below_orange_above():
    assert signed_colors(np.array([-1.0, 0.0, 1.0])).tolist() == [
        [121, 170, 255],
        [0, 0, 0],
        [240, 160, 107],
    ]


def test_a_sheet_shows_each_picture_enlarged_on_one_scale():
    half, whole = np.full((28, 28), 50.0), np.full((28, 28), 100.0)
    pictures = [Picture(title="A & B", values=half, note="50"), Picture(title="C", values=whole)]
    svg = sheet_svg(pictures, limit=100, columns=1, dark=False, title="Both")
    first, second = pictures_of(svg)
    assert first.shape == (112, 112)
    assert (first[0, 0], second[0, 0]) == (128, 255)
    assert "A &amp; B" in svg and ">50<" in svg


def test_a_signed_sheet_cuts_off_what_is_beyond_its_limit():
    values = np.zeros((28, 28))
    values[0, 0] = -500
    svg = sheet_svg(
        [Picture(title="x", values=values)],
        limit=100,
        columns=1,
        dark=True,
        title="x",
        side=28,
        signed=True,
    )
    assert pictures_of(svg)[0][0, :2].tolist() == [[121, 170, 255], [0, 0, 0]]
