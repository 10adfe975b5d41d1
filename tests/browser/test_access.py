"""For everyone: axe finds nothing serious, a phone shows all, the keyboard reaches the buttons."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.app import run_folders
from tests.browser.access import serious, too_wide

pytestmark = pytest.mark.browser

PAGES = ("", "data", "build", "train", "runs", "errors", "references")


@pytest.fixture(scope="module")
def finished_id(store) -> str:
    run_folders.ended_run(store, "failed", "The loss is no longer a number.")
    run_folders.damaged_run(store)
    run = run_folders.finished_run(store, split="resplit")
    run_folders.add_predictions(run)
    return run.run_id


def address(page: str, run_id: str) -> str:
    return f"{page}?run={run_id}" if page in ("train", "errors") else page


@pytest.mark.parametrize("name", PAGES)
def test_everyone_can_use_a_page(app, finished_id, name):
    page = app.open(address(name, finished_id))
    for scheme in app.schemes():
        assert serious(page) == [], scheme

    page.set_viewport_size({"width": 390, "height": 844})
    app.settle()
    page.wait_for_timeout(500)
    assert too_wide(page) == []


def test_the_keyboard_moves_a_layer_and_the_focus_stays(app):
    page = app.open("build")
    button = app.card("conv2d_2").get_by_role("button", name="Up", exact=True)
    button.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".item").nth(1)).to_have_attribute("data-layer", "conv2d_2")
    expect(button).to_be_focused()
