"""A report as whoever gets the file sees it: opened from a disk, without app and network."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from fmnist_core.data.files import load
from fmnist_core.report import comparison_report, run_report
from fmnist_core.runs.store import RunStore
from tests.browser.access import serious

pytestmark = pytest.mark.browser

SHIPPED = RunStore(Path(__file__).parents[2] / "saved_runs")


@pytest.fixture
def opened(page, tmp_path):
    """Open a report from disk, offline; whatever it complains of or asks for fails the test."""
    troubles: list[str] = []
    page.on("console", lambda message: troubles.append(message.text))
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("requestfailed", lambda request: troubles.append(request.url))
    page.on("request", lambda request: troubles.extend(_foreign(request.url)))
    page.context.set_offline(True)

    def open_it(text: str):
        (tmp_path / "report.html").write_text(text, encoding="utf-8")
        page.goto((tmp_path / "report.html").as_uri())
        expect(page.locator(".chart .main-svg").first).to_be_visible()
        return page

    yield open_it
    assert troubles == []


def _foreign(url: str) -> list[str]:
    return [] if url.startswith(("file:", "data:", "blob:")) else [url]


def test_a_run_is_read_offline(opened):
    run = SHIPPED.get("20261121-073649-b08929")
    page = opened(run_report(run, lambda: load().images))
    expect(page.locator(".chart")).to_have_count(5)
    page.wait_for_function("document.querySelectorAll('.chart .main-svg').length >= 10")

    line = page.locator("[data-figure=data-roc] .js-line").first
    expect(line).to_have_css("stroke", "rgb(31, 95, 191)")  # T-shirts' on light

    cell = page.locator("td[title^='true Shirt, predicted T-shirt/top']:visible")
    expect(cell).to_have_text("68")
    page.get_by_label("% of actual").check()
    expect(cell).to_have_text("11.3")
    cell.get_by_role("link").click()
    expect(page.get_by_role("heading", name=re.compile("^Shirt → T-shirt.top"))).to_be_in_viewport()

    rows = page.get_by_role("table", name="Figures of each class.").get_by_role("row")
    rows.nth(0).get_by_role("button", name="Recall").click()
    expect(rows.nth(1)).to_contain_text("Trouser")
    rows.nth(0).get_by_role("button", name="Recall").click()
    expect(rows.nth(1)).to_contain_text("Shirt")

    axis = page.locator("[data-figure=data-loss] .xaxislayer-above")
    before = axis.inner_html()
    box = page.locator("[data-figure=data-loss] .nsewdrag").first
    box.scroll_into_view_if_needed()
    place = box.bounding_box()
    page.mouse.move(place["x"] + 40, place["y"] + 60)
    page.mouse.down()
    page.mouse.move(place["x"] + 140, place["y"] + 140, steps=4)
    page.mouse.up()
    page.wait_for_function(
        "before => document.querySelector('[data-figure=data-loss] .xaxislayer-above')"
        ".innerHTML !== before",
        arg=before,
    )


@pytest.mark.parametrize(("scheme", "width"), [("light", 390), ("dark", 1280)])
def test_a_comparison_is_read_by_everybody(opened, page, scheme, width):
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 844})
    runs = [SHIPPED.get(run_id) for run_id in ("20261121-073649-7", "20261121-073649-b")]
    opened(comparison_report(*runs, lambda: load().images))

    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert serious(page) == []
