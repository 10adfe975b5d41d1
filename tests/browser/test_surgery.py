"""Filters of a really trained run switched off by keys, by buttons and by the slider."""

from __future__ import annotations

import re
import shutil

import numpy as np
import pytest
from playwright.sync_api import expect

from fmnist_core.analysis.usefulness import LayerUsefulness, stops, write_usefulness
from fmnist_core.derived.kinds import USEFULNESS
from fmnist_core.derived.place import result_path
from fmnist_core.model.shapes import convolutions
from tests.browser.access import serious, too_wide
from tests.browser.test_errors import RUN, SHIPPED
from tests.browser.test_inside import opened, tile

pytestmark = pytest.mark.browser


@pytest.fixture(autouse=True)
def ranked(store):
    """The shipped run, and a ranking of its filters by their numbers, made up."""
    store.root.mkdir(exist_ok=True)
    if not (store.root / RUN).exists():
        shutil.copytree(SHIPPED / RUN, store.root / RUN)
    run = store.get(RUN)
    folder = result_path(store.root, run, USEFULNESS)
    folder.mkdir(parents=True, exist_ok=True)
    layers = [made_up(each.name, each.output[-1]) for each in convolutions(run.experiment.model)]
    write_usefulness(folder, layers)


def made_up(layer: str, filters: int) -> LayerUsefulness:
    numbers, curve = np.arange(filters), np.linspace(1_800, 200, len(stops(filters)))
    return LayerUsefulness(
        layer=layer,
        images=2_000,
        correct=1_800,
        loss=0.25,
        loss_rise=numbers.astype(np.float32) / 100,
        loss_error=np.full(filters, 0.001, np.float32),
        fixed=np.zeros(filters, np.int32),
        broken=numbers.astype(np.int32),
        least_first=curve.astype(np.int32),
        most_first=curve.astype(np.int32),
    )


def test_filters_are_switched_off_by_keys_by_a_list_and_by_the_slider(app):
    page = opened(app, "look=surgery&layer=conv2d_1", ".tiles")
    expect(page.get_by_text("All 32 filters are on.")).to_be_visible()
    expect(tile(page, 0)).to_have_attribute("aria-pressed", "false")
    tile(page, 0).focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(tile(page, 1)).to_have_attribute("aria-pressed", "true")
    expect(tile(page, 1)).to_be_focused()
    verdict = page.get_by_text(re.compile(r"^With 1 of 32 filters off, the network is "))
    expect(verdict).to_have_text(re.compile(r" [\d,]+ validation images"))
    expect(page).to_have_url(re.compile("off=1(&|$)"))

    page.get_by_role("button", name=re.compile(r"Filter 31: loss \+0\.310")).click()
    expect(page).to_have_url(re.compile(r"off=1(%2C|,)31"))
    slider = page.get_by_role("slider", name="Least useful filters off")
    slider.focus()
    page.keyboard.press("ArrowRight")
    expect(page).to_have_url(re.compile("off=0(&|$)"))
    for channel, pressed in ((0, "true"), (1, "false"), (31, "false")):
        expect(tile(page, channel)).to_have_attribute("aria-pressed", pressed)
    for scheme in app.schemes():
        assert serious(page) == [], scheme

    app.reload()
    expect(tile(page, 0)).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="All on", exact=True).click()
    expect(page.get_by_text("All 32 filters are on.")).to_be_visible()
    page.set_viewport_size({"width": 390, "height": 844})
    app.settle()
    assert too_wide(page) == []


def test_of_quick_clicks_none_is_lost(app):
    page = opened(app, "look=surgery&layer=conv2d_1", ".tiles")
    for channel in (1, 2, 3, 2, 4):
        tile(page, channel).click()
    expect(page).to_have_url(re.compile(r"off=1(%2C|,)3-4(&|$)"))
    expect(page.get_by_text(re.compile("^With 3 of 32 filters off, "))).to_be_visible()
    for channel, pressed in ((1, "true"), (2, "false"), (3, "true"), (4, "true")):
        expect(tile(page, channel)).to_have_attribute("aria-pressed", pressed)
