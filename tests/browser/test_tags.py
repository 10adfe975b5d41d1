"""Images are tagged by keys and by chips, on a really trained run, and stay tagged."""

from __future__ import annotations

import re
import shutil

import pytest
from playwright.sync_api import Locator, Page, expect

from fmnist_core.runs.image_tags import FILE_NAME
from tests.browser.access import serious
from tests.browser.test_errors import RUN, SHIPPED, card, cell, tiles

pytestmark = pytest.mark.browser


@pytest.fixture(autouse=True)
def untagged(store):
    """A shipped run in the store, and no tags."""
    store.root.mkdir(exist_ok=True)
    if not (store.root / RUN).exists():
        shutil.copytree(SHIPPED / RUN, store.root / RUN)
    yield
    (store.root / FILE_NAME).unlink(missing_ok=True)


def chip(page: Page, name: str) -> Locator:
    return card(page).get_by_role("button", name=name)


def test_a_key_tags_the_opened_image_and_the_tag_stays(app):
    page = app.open(f"errors?run={RUN}")
    cell(page, "Shirt", "Coat").click()
    expect(page.get_by_role("heading", name="Shirt → Coat")).to_be_visible()
    expect(tiles(page).nth(2)).to_have_attribute("aria-label", re.compile("Shirt, predicted Coat"))
    tiles(page).nth(2).click()
    expect(tiles(page).nth(2)).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("1")
    page.keyboard.press("3")  # before the server has heard of the first
    expect(chip(page, "1 ambiguous")).to_have_attribute("aria-pressed", "true")
    expect(chip(page, "3 cropped")).to_have_attribute("aria-pressed", "true")
    label = re.compile("wrong, tagged ambiguous, cropped$")
    expect(tiles(page).nth(2)).to_have_attribute("aria-label", label)
    expect(tiles(page).nth(2)).to_be_focused()

    app.reload()
    expect(chip(page, "1 ambiguous")).to_have_attribute("aria-pressed", "true")
    chip(page, "3 cropped").click()
    expect(chip(page, "3 cropped")).to_have_attribute("aria-pressed", "false")
    page.keyboard.press("4")
    expect(chip(page, "4 unusual")).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("ArrowRight")
    expect(tiles(page).nth(3)).to_have_attribute("aria-pressed", "true")
    expect(chip(page, "4 unusual")).to_have_attribute("aria-pressed", "false")
    expect(chip(page, "3 cropped")).to_be_focused()

    label = re.compile("wrong, tagged ambiguous, unusual$")
    expect(tiles(page).nth(2)).to_have_attribute("aria-label", label)
    page.get_by_role("combobox", name="Tagged").click()
    page.keyboard.type("ambig")
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")  # while the list is open, the rest is hidden from roles
    expect(tiles(page)).to_have_count(1)
    expect(tiles(page).first).to_have_attribute("aria-label", label)


def test_a_slice_survives_a_reload(app):
    page = app.open(f"errors?run={RUN}&true=6&predicted=4")
    tiles(page).first.focus()
    page.keyboard.press("1")
    expect(chip(page, "1 ambiguous")).to_have_attribute("aria-pressed", "true")
    page.get_by_role("combobox", name="Tagged").click()
    page.keyboard.type("ambig")
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    expect(tiles(page)).to_have_count(1)
    page.wait_for_url(re.compile("tagged=ambiguous"))
    app.reload()
    expect(tiles(page)).to_have_count(1)
    expect(tiles(page).first).to_have_attribute("aria-label", re.compile("tagged ambiguous$"))


def test_a_focused_image_that_is_not_opened_is_opened_and_tagged(app):
    page = app.open(f"errors?run={RUN}&true=6&predicted=4")
    tiles(page).first.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("2")
    expect(tiles(page).nth(1)).to_have_attribute("aria-label", re.compile("tagged label wrong$"))
    expect(tiles(page).nth(1)).to_have_attribute("aria-pressed", "true")
    expect(chip(page, "2 label wrong")).to_have_attribute("aria-pressed", "true")
    expect(tiles(page).first).not_to_have_attribute("aria-label", re.compile("tagged"))


def test_an_own_word_takes_the_next_key(app):
    page = app.open(f"errors?run={RUN}")
    page.get_by_role("button", name="Tags", exact=True).click()
    page.get_by_role("textbox", name=re.compile("^Add an own word")).fill("worn out")
    page.keyboard.press("Enter")
    expect(chip(page, "5 worn out")).to_be_visible()
    page.keyboard.press("Escape")
    app.settle()  # the gallery hears of the word after the card
    page.wait_for_timeout(500)
    tiles(page).first.focus()
    page.keyboard.press("5")
    expect(chip(page, "5 worn out")).to_have_attribute("aria-pressed", "true")


@pytest.mark.parametrize("scheme", ("light", "dark"))
def test_axe_finds_nothing_serious_where_images_are_tagged(app, scheme):
    app.page.emulate_media(color_scheme=scheme)
    page = app.open(f"errors?run={RUN}")
    tiles(page).first.focus()
    page.keyboard.press("1")
    expect(chip(page, "1 ambiguous")).to_have_attribute("aria-pressed", "true")
    app.settle()

    assert serious(page) == []
