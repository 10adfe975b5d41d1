"""The main path on the Data page: a class, a page of it, one image with its numbers, the set-up."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.access import serious, too_wide

pytestmark = pytest.mark.browser


def tiles(page):
    return page.get_by_role("group", name="Images of the data set").get_by_role("button")


def test_from_a_class_to_the_numbers_of_one_image(app):
    page = app.open("data")
    expect(tiles(page)).to_have_count(100)
    page.get_by_role("group", name=re.compile("^Classes")).get_by_role(
        "button", name=re.compile("Sneaker")
    ).click()
    expect(page.get_by_text(re.compile("100 of 7,000 images of class Sneaker"))).to_be_visible()
    page.get_by_role("button", name="Next page").click()
    expect(page).to_have_url(re.compile("page=2"))

    tile = tiles(page).nth(3)
    name = tile.get_attribute("aria-label")
    tile.click()
    card = page.get_by_role("region", name=name)
    expect(card).to_be_visible()
    matrix = page.get_by_role("application", name=re.compile("28 rows of 28 numbers"))
    matrix.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowUp")
    expect(page.get_by_text(re.compile(r"^Row 13, column 14: \d+ of 255"))).to_be_visible()
    card.get_by_role("button", name="1 ambiguous").click()
    expect(tile).to_have_attribute("aria-label", re.compile("tagged ambiguous"))

    app.reload()
    expect(page.get_by_role("region", name=name)).to_be_visible()
    assert serious(page) == []


@pytest.mark.parametrize(
    "view", ("statistics", "statistics&figure=difference", "map", "setup", "augmentation")
)
def test_everyone_can_use_a_view(app, view):
    page = app.open(f"data?data={view}")
    page.wait_for_timeout(500)  # pictures and charts draw themselves
    for scheme in app.schemes():
        assert serious(page) == [], scheme
    page.set_viewport_size({"width": 390, "height": 844})
    app.settle()
    page.wait_for_timeout(500)
    assert too_wide(page) == []


def test_a_chart_is_saved_as_a_picture(app):
    page = app.open("data?data=statistics")
    for name in ("SVG", "PNG"):
        with page.expect_download() as download:
            page.get_by_role("button", name=f"Download as {name}").click()
        assert download.value.suggested_filename == f"class-counts.{name.lower()}"


def test_the_map_shows_the_picture_at_the_pointer_and_what_is_drawn_around(app):
    page = app.open("data?data=map")
    over = page.get_by_role("application", name=re.compile("^Map of 5,000"))
    box = over.bounding_box()
    left, top = box["x"] + box["width"] * 0.35, box["y"] + box["height"] * 0.35
    page.mouse.move(left, top)
    page.mouse.move(left + box["width"] * 0.2, top + 20)
    expect(page.locator("img.near")).to_have_attribute("src", re.compile(r"^/picture/\d+$"))
    for ending in ("png", "svg"):
        with page.expect_download() as download:
            page.get_by_role("button", name=f"Download as {ending.upper()}").click()
        assert download.value.suggested_filename == f"map.{ending}"
    text = download.value.path().read_text()
    assert text.count("<circle ") + text.count("<rect ") == 5_000 + 1  # and the paper
    page.mouse.move(left, top)
    page.mouse.down()
    for dx, dy in ((90, 0), (90, 90), (0, 90), (0, 0)):
        page.mouse.move(left + dx, top + dy, steps=4)
    page.mouse.up()
    expect(page.get_by_text(re.compile(r"^\d+ images chosen$"))).to_be_visible()


def test_the_set_up_is_used_in_train(app):
    page = app.open("data?data=setup")
    noise = page.get_by_role("spinbutton", name="Label noise")
    noise.fill("20")
    noise.press("Enter")
    expect(page.get_by_text("10,800", exact=True)).to_be_visible()
    page.get_by_role("button", name="Use in Train").click()
    expect(page.get_by_role("heading", name="Train", exact=True)).to_be_visible()
    page.get_by_text("More settings").click()
    expect(page.get_by_role("spinbutton", name="Label noise")).to_have_value("20")
