"""The nearest training images of a really trained run: asked for, watched, shown."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from fmnist_core.derived.kinds import FEATURES
from fmnist_core.derived.results import DONE, state
from fmnist_core.jobs import train
from fmnist_core.model import presets
from fmnist_core.specs import DataSpec, Experiment, TrainSpec
from tests.browser.access import serious, too_wide

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def run(store):
    """A tiny run that was trained by a worker."""
    asked = Experiment(
        model=presets.load("small").experiment.model,
        data=DataSpec(subset=300, validation=300),
        train=TrainSpec(epochs=2),
    )
    return train(asked, store=store)


def test_the_nearest_images_are_computed_once_and_stand_at_each_image(app, store, run):
    page = app.open(f"errors?run={run.run_id}")
    page.get_by_role("button", name="Find the nearest training images").click()
    expect(page.get_by_role("button", name="Cancel")).to_be_visible()

    card = page.get_by_role("region", name=re.compile("^Image "))
    expect(card.get_by_role("heading", name="Nearest training images")).to_be_visible(
        timeout=90_000
    )
    assert state(run, FEATURES, store).state == DONE
    pictures = card.get_by_role("listitem").get_by_role("img")
    expect(pictures).to_have_count(8)
    expect(pictures.first).to_have_attribute(
        "aria-label",
        re.compile(r"^Image [\d,]+: .*(its own|another) class, similarity [01]\.\d{3}"),
    )
    expect(card.get_by_text(re.compile(r"\d of 8 (is|are) .*its own"))).to_be_visible()
    expect(page.get_by_role("button", name="Find the nearest training images")).to_have_count(0)

    title = card.get_attribute("aria-label")
    card.get_by_role("button", name="Next image").click()
    expect(page.get_by_role("region", name=title, exact=True)).to_have_count(0)
    expect(pictures).to_have_count(8)
    assert serious(page) == []
    page.set_viewport_size({"width": 390, "height": 844})
    app.settle()
    assert too_wide(page) == []
