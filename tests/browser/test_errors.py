"""From the matrix to the images to one image, by mouse and by keyboard, on really trained runs."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.access import serious, too_wide

pytestmark = pytest.mark.browser

SHIPPED = Path(__file__).parents[2] / "saved_runs"
RUN, OTHER = "20261121-073649-b08929", "20261121-073649-46b3d2"


@pytest.fixture(scope="module", autouse=True)
def trained(store) -> None:
    """Two shipped runs in the store of the browser tests."""
    store.root.mkdir(exist_ok=True)
    for name in (RUN, OTHER):
        shutil.copytree(SHIPPED / name, store.root / name)


def cell(page: Page, true: str, predicted: str) -> Locator:
    return page.get_by_role("button", name=re.compile(f"^true {true}, predicted {predicted}:"))


def tiles(page: Page) -> Locator:
    return page.get_by_role("group").get_by_role("button", name=re.compile("^Image "))


def card(page: Page) -> Locator:
    return page.get_by_role("region", name=re.compile("^Image "))


def test_a_cell_leads_to_its_images_and_one_of_them_survives_a_reload(app):
    page = app.open(f"errors?run={RUN}")
    number = int(cell(page, "Shirt", "Coat").inner_text())
    cell(page, "Shirt", "Coat").click()
    expect(page.get_by_role("heading", name="Shirt → Coat")).to_be_visible()
    expect(tiles(page)).to_have_count(number)
    expect(tiles(page).filter(has_text="→ Coat")).to_have_count(number)
    expect(cell(page, "Shirt", "Coat")).to_have_attribute("aria-pressed", "true")

    name = tiles(page).nth(2).get_attribute("aria-label")
    tiles(page).nth(2).click()
    title = re.match(r"Image [\d,]+", name).group()
    expect(card(page).get_by_role("heading", name=title, exact=True)).to_be_visible()
    expect(card(page).get_by_role("row").nth(1)).to_contain_text(re.compile("right|wrong"))

    app.reload()
    expect(card(page).get_by_role("heading", name=title, exact=True)).to_be_visible()
    expect(tiles(page)).to_have_count(number)
    expect(tiles(page).nth(2)).to_have_attribute("aria-pressed", "true")
    card(page).get_by_role("button", name="Next image").click()
    expect(tiles(page).nth(3)).to_have_attribute("aria-pressed", "true")


def test_the_keyboard_does_it_all(app):
    page = app.open(f"errors?run={RUN}")
    page.locator("[data-row='1'][data-column='1']").focus()
    for key in ("ArrowRight", "ArrowRight", "ArrowDown", "ArrowLeft", "ArrowLeft", "ArrowLeft"):
        page.keyboard.press(key)
    row = page.get_by_role("button", name=re.compile("^all 600 images that are Trouser"))
    expect(row).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Trouser, whatever it is taken for")).to_be_visible()
    expect(row).to_be_focused()

    page.keyboard.press("Escape")
    expect(page.get_by_role("group", name="All classes")).to_be_visible()  # not yet Trouser's tiles
    tiles(page).first.focus()
    page.keyboard.press("ArrowRight")
    expect(tiles(page).nth(1)).to_be_focused()
    page.keyboard.press("Enter")
    expect(tiles(page).nth(1)).to_have_attribute("aria-pressed", "true")
    expect(tiles(page).nth(1)).to_be_focused()


def test_a_choice_leaves_the_address_of_other_pages_alone(app):
    page = app.open(f"errors?run={RUN}&true=6&predicted=0")
    expect(page.get_by_role("heading", name="Shirt → T-shirt/top")).to_be_visible()
    page.get_by_role("link", name="Runs").click()
    expect(page.get_by_role("heading", name="Runs")).to_be_visible()
    app.settle()
    page.wait_for_timeout(300)
    assert "true=" not in page.url
    page.get_by_role("link", name="Errors").click()
    expect(page.get_by_role("heading", name="Shirt → T-shirt/top")).to_be_visible()
    expect(page).to_have_url(re.compile("true=6"))


def test_a_phone_shows_the_whole_matrix_and_the_image_that_was_opened(app):
    app.page.set_viewport_size({"width": 390, "height": 844})
    page = app.open(f"errors?run={RUN}&true=6")
    for place in (cell(page, "Shirt", "Ankle boot"), tiles(page).nth(4), card(page)):
        box = place.bounding_box()
        assert box["x"] >= 0 and box["x"] + box["width"] <= 390
        assert box["width"] >= 24
    tiles(page).nth(40).click()  # far below the card
    expect(tiles(page).nth(40)).to_have_attribute("aria-pressed", "true")
    expect(card(page).get_by_role("img")).to_be_in_viewport()


def test_two_runs_are_compared_and_a_link_shows_the_same(app):
    page = app.open(f"errors?run={RUN}&view=two&with={OTHER}")
    sentence = re.compile(r"is (better|worse) than .* points on 6,000 validation images; .* fixed")
    expect(page.get_by_text(sentence)).to_be_visible()
    page.get_by_role("button", name=re.compile("^true Shirt, predicted T-shirt.*, now")).click()
    expect(tiles(page).filter(has_text="→ T-shirt/top").first).to_be_visible()
    expect(tiles(page).filter(has_not_text="→ T-shirt/top")).to_have_count(0)
    app.settle()

    title = re.match(r"Image [\d,]+", tiles(page).last.get_attribute("aria-label")).group()
    tiles(page).last.click()
    expect(tiles(page).last).to_have_attribute("aria-pressed", "true")
    expect(card(page).get_by_role("heading", name=title, exact=True)).to_be_visible()
    app.reload()
    expect(card(page).get_by_role("heading", name=title, exact=True)).to_be_visible()
    expect(page.get_by_text(sentence)).to_be_visible()


@pytest.mark.parametrize("view", ("classes", "calibration", "two", "pair"))
def test_everyone_can_use_the_other_views(app, view):
    page = app.open(f"errors?run={RUN}&view={view}&with={OTHER}&true=6&predicted=0")
    expect(page.get_by_role("radio", name="Two runs")).to_be_visible()
    for scheme in app.schemes():
        assert serious(page) == [], scheme

    page.set_viewport_size({"width": 390, "height": 844})
    app.settle()
    page.wait_for_timeout(500)
    assert too_wide(page) == []
