"""Whose fault mistakes are, on really trained runs: a kind is chosen, and a tag overrules."""

from __future__ import annotations

import re
import shutil

import pytest
from playwright.sync_api import Locator, Page, expect

from fmnist_core.runs.image_tags import FILE_NAME
from tests.browser.access import serious
from tests.browser.test_errors import OTHER, RUN, SHIPPED, card, tiles

pytestmark = pytest.mark.browser


@pytest.fixture(autouse=True)
def shipped(store):
    """Two shipped runs in the store, and no tags."""
    for name in (RUN, OTHER):
        shutil.copytree(SHIPPED / name, store.root / name, dirs_exist_ok=True)
    yield
    (store.root / FILE_NAME).unlink(missing_ok=True)


def ways(page: Page) -> Locator:
    return page.get_by_role("button", name=re.compile("^See the "))


def test_a_kind_is_chosen_and_a_tag_overrules_the_rule(app):
    page = app.open(f"errors?run={RUN}&view=faults")
    expect(page.get_by_role("heading", name="Label suspect: All classes")).to_be_visible()
    expect(ways(page)).to_have_count(3)
    app.settle()
    counts = [int(text.split()[-1]) for text in ways(page).all_inner_texts()]
    label, ambiguous, _ = counts  # without features no image is called unusual
    ways(page).nth(1).click()
    expect(page.get_by_role("heading", name="Ambiguous: All classes")).to_be_visible()
    expect(page).to_have_url(re.compile("kind=ambiguous"))
    tiles(page).nth(1).click()
    expect(card(page)).to_contain_text(re.compile(r"Ambiguous: the \d+ runs together give"))

    page.keyboard.press("2")
    expect(card(page)).to_contain_text('Label suspect, by your tag "label wrong". The rules say:')
    expect(ways(page).nth(0)).to_have_text(f"See the {label + 1}")
    expect(ways(page).nth(1)).to_have_text(f"See the {ambiguous - 1}")
    app.reload()
    expect(card(page)).to_contain_text('by your tag "label wrong"')
    expect(page.get_by_role("heading", name="Ambiguous: All classes")).to_be_visible()
    assert serious(page) == []
