"""A run's sign on the Errors page has the colour of its curve on the Runs page, in both themes."""

from __future__ import annotations

import re
import shutil

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.access import serious
from tests.browser.test_errors import OTHER, RUN, SHIPPED
from tests.browser.test_runs import tick_row

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module", autouse=True)
def trained(store) -> None:
    """Two shipped runs in the store of the browser tests."""
    store.root.mkdir(exist_ok=True)
    for name in (RUN, OTHER):
        shutil.copytree(SHIPPED / name, store.root / name)


def ink(place: Locator, name: str = "color") -> str:
    return place.evaluate(f"node => getComputedStyle(node).{name}")


def sign_colors(page: Page) -> dict[str, str]:
    """The colours of the signs before the names of the two runs."""
    found = {}
    for name in ("small", "2_Layer"):
        tile = page.get_by_test_id("stMetric").filter(has_text=re.compile(f"Accuracy of . {name}"))
        found[name] = ink(tile.get_by_text(re.compile("^[●■◆✚▲]$")).first)
    return found


def curve_colors(page: Page) -> dict[str, str]:
    """The colours of the curves of two ticked runs, in the order in which they are drawn."""
    chart = page.get_by_role("img", name=re.compile("^Validation accuracy by epoch of 2 runs"))
    lines = chart.locator(".scatterlayer .trace path.js-line")
    expect(lines).to_have_count(2)
    drawn = [ink(line, "stroke") for line in lines.all()]
    names = [words.text_content() for words in chart.locator(".legendtext").all()]
    return dict(zip(names, drawn, strict=True))


def test_a_run_has_the_colour_of_its_curve_whichever_page_comes_first(app):
    page = app.open(f"errors?run={RUN}&view=two&with={OTHER}")
    shown = {}
    for scheme in app.schemes():
        shown[scheme] = sign_colors(page)
        assert len(set(shown[scheme].values())) == 2
        assert serious(page) == [], scheme
    assert shown["light"] != shown["dark"]

    page.get_by_role("link", name="Runs").click()
    app.settle()
    for row in (0, 1):
        tick_row(app, row)
    assert curve_colors(page) == shown["dark"]
    page.reload()
    app.settle()
    page.get_by_role("link", name="Errors").click()
    app.settle()
    page.get_by_text("Two runs").click()
    app.settle()
    expect(page.get_by_text("Accuracy of").first).to_be_visible()
    assert sign_colors(page) == shown["dark"]
