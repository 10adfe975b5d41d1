"""Pixels with their numbers, as SVG."""

from xml.etree import ElementTree

import numpy as np

from fmnist_core.figures.pixel_numbers import CELL, numbers_svg

SVG = "{http://www.w3.org/2000/svg}"


def test_each_pixel_but_black_has_its_grey_and_its_number():
    pixels = np.array([[0, 255, 7], [128, 0, 0]], np.uint8)
    root = ElementTree.fromstring(numbers_svg(pixels, "Image 3: <Dress>"))
    ground, *cells = root.findall(f"{SVG}rect")

    assert root.get("viewBox") == f"0 0 {3 * CELL} {2 * CELL}"
    assert root.find(f"{SVG}title").text == "Image 3: <Dress>"
    assert ground.get("fill") == "#000000"
    assert [cell.get("fill") for cell in cells] == ["#ffffff", "#070707", "#808080"]
    assert [(cell.get("x"), cell.get("y")) for cell in cells] == [
        (f"{CELL}", "0"),
        (f"{2 * CELL}", "0"),
        ("0", f"{CELL}"),
    ]
    numbers = root.findall(f"{SVG}text")
    assert [(each.text, each.get("fill")) for each in numbers] == [
        ("255", "#000"),
        ("7", "#fff"),
        ("128", "#000"),
    ]
