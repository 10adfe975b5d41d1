"""The Inside page under a finger: a tap shows what a pointer shows, and a swipe moves the page."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.finger import touching
from tests.browser.test_inside import on_a_grid, opened, shipped, tile

pytestmark = pytest.mark.browser
__all__ = ["on_a_grid", "shipped"]  # fixtures


def brought_up(place: Locator) -> tuple[float, float]:
    """Bring an element to the middle of the screen, and return its own middle."""
    place.evaluate("node => node.scrollIntoView({ block: 'center' })")
    place.page.wait_for_timeout(300)
    box = place.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def swipe(page: Page, x: float, y: float, *places: tuple[float, float]) -> None:
    """Put a finger down, move it through places relative to that, and lift it."""
    with touching(page) as touch:
        touch("touchStart", x, y)
        before = (0.0, 0.0)
        for place in places:
            for step in range(1, 7):
                dx, dy = (a + (b - a) * step / 6 for a, b in zip(before, place, strict=True))
                touch("touchMove", x + dx, y + dy)
                page.wait_for_timeout(16)
            before = place
        touch("touchEnd")


def top_of(place: Locator) -> float:
    return place.bounding_box()["y"]


def test_a_tap_on_the_map_names_the_image_and_chooses_those_around_it(phone, on_a_grid):
    page = opened(phone, "look=embedding", ".map .over")
    expect(page.locator(".readout")).to_contain_text("With a finger, begin to draw sideways")
    map_, picture = page.locator(".map .over"), page.locator(".map .near")
    for shift in (0, 40):
        x, y = brought_up(map_)
        page.touchscreen.tap(x + shift, y)
        expect(page.locator(".readout")).to_have_text(re.compile(r"^Image 6[45],\d\d\d: "))
        expect(picture).to_be_visible()
        expect(page.get_by_role("heading", name=re.compile(r"^\d+ images chosen$"))).to_be_visible()
        phone.settle()
        expect(picture).to_be_visible()
    page.get_by_role("button", name="Zoom to the chosen").tap()
    expect(picture).to_be_hidden()


def test_on_the_map_a_finger_draws_sideways_and_moves_the_page_up_and_down(phone, on_a_grid):
    page = opened(phone, "look=embedding", ".map .over")
    map_ = page.locator(".map .over")
    x, y = brought_up(map_)
    swipe(page, x - 60, y, (60, 0), (60, 60), (0, 60))
    heading = page.get_by_role("heading", name=re.compile(r"^\d+ images chosen$"))
    expect(heading).to_be_visible()
    phone.settle()
    chosen = heading.inner_text()

    x, y = brought_up(map_)
    before = top_of(map_)
    for distance in (-100, -200):
        swipe(page, x, y, (0, distance))
        page.wait_for_timeout(500)
        assert top_of(map_) < before
        before = top_of(map_)
    assert heading.inner_text() == chosen


def test_a_tap_on_a_value_shows_its_arithmetic_and_a_swipe_moves_the_page(phone):
    page = opened(phone, "look=arithmetic&layer=conv2d_2&channel=7", ".sum")
    values, result = page.locator(".to canvas"), page.locator(".result")
    for corner, named in ((0.02, "Row 0, column 0: "), (0.98, "Row 10, column 10: ")):
        brought_up(values)
        box = values.bounding_box()
        page.touchscreen.tap(box["x"] + corner * box["width"], box["y"] + corner * box["height"])
        expect(result).to_have_text(re.compile(f"^{named}"))
    x, y = brought_up(values)
    swipe(page, x - 60, y, (100, 0))
    expect(result).to_have_text(re.compile(r"^Row 5, column [678]: "))
    before = top_of(values)
    swipe(page, x, y, (0, -150))
    page.wait_for_timeout(500)
    assert top_of(values) < before


def test_a_tap_chooses_a_map_and_a_tap_on_it_says_what_a_value_sees(phone):
    page = opened(phone, "layer=conv2d_1", ".maps")
    shown = page.locator(".tiles button")
    for channel in [shown.nth(place).get_attribute("data-channel") for place in (3, 5)]:
        tile(page, channel).scroll_into_view_if_needed()
        tile(page, channel).tap()
        expect(page.get_by_role("heading", name=f"Map {channel} of conv2d_1")).to_be_visible()
        expect(page).to_have_url(re.compile(f"channel={channel}(&|$)"))
    map_ = page.get_by_role("application", name="over the image")
    x, y = brought_up(map_)
    page.touchscreen.tap(x, y)
    expect(page.locator(".readout")).to_have_text(re.compile(r"^Row 1[23], column 1[23]: "))
    numbers = page.locator(".detail pre")
    expect(numbers).to_be_hidden()
    page.get_by_text("As numbers").tap()
    expect(numbers).to_be_visible()
    assert [len(row.split()) for row in numbers.inner_text().splitlines()] == [3, 3, 3]
