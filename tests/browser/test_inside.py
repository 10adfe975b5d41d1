"""What the Inside page draws of a really trained run, in a browser."""

from __future__ import annotations

import re
import shutil

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from fmnist_core.analysis.embedding import Embedding, Map, Source, write_embedding
from fmnist_core.derived.kinds import EMBEDDING
from fmnist_core.derived.place import result_path
from fmnist_core.runs.image_tags import read_tags
from tests.browser.access import serious, too_wide
from tests.browser.test_errors import RUN, SHIPPED

pytestmark = pytest.mark.browser
FIRST_MS = 60_000  # TensorFlow is loaded for the first question
RETRIES = 3


@pytest.fixture(autouse=True)
def shipped(store):
    store.root.mkdir(exist_ok=True)
    if not (store.root / RUN).exists():
        shutil.copytree(SHIPPED / RUN, store.root / RUN)


def opened(app, address: str, drawn: str, image: int = 61_000) -> Page:
    """Open the page; on a busy machine the first question may be given up, and is asked again."""
    page = app.open(f"inside?run={RUN}&image={image}&{address}")
    for _ in range(RETRIES):
        expect(page.locator(drawn).or_(page.get_by_text("That took longer"))).to_be_visible(
            timeout=FIRST_MS
        )
        if page.locator(drawn).count():
            break
        app.reload()
    app.settle()
    return page


def tile(page: Page, channel: int) -> Locator:
    return page.locator(f".tiles [data-channel='{channel}']")


def test_a_map_is_chosen_by_keys_and_a_value_names_what_it_sees(app):
    page = opened(app, "layer=conv2d_1", ".maps")
    expect(page.locator(".tiles button")).to_have_count(16)
    page.locator(".tiles button").first.focus()
    page.keyboard.press("ArrowRight")
    channel = page.evaluate("document.activeElement.shadowRoot.activeElement.dataset.channel")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=f"Map {channel} of conv2d_1")).to_be_visible()
    expect(tile(page, channel)).to_be_focused()
    expect(page).to_have_url(re.compile(f"channel={channel}"))

    map_ = page.get_by_role("application", name="over the image")
    map_.focus()
    page.keyboard.press("ArrowRight")  # into the middle of 26 × 26 values
    page.keyboard.press("ArrowDown")
    expect(page.locator(".readout")).to_have_text(
        re.compile(r"^Row 14, column 13: .*rows 14 to 16 and columns 13 to 15 of the image\.$")
    )
    map_.hover(position={"x": 1, "y": 1})
    expect(page.locator(".readout")).to_have_text(re.compile("^Row 0, column 0: .* rows 0 to 2"))
    assert serious(page) == []
    page.set_viewport_size({"width": 390, "height": 844})
    assert too_wide(page) == []


def test_what_stands_beside_survives_a_reload_and_a_link_elsewhere_and_back(app):
    page = opened(app, "layer=conv2d_1", ".maps")
    page.get_by_role("radio", name="An image").click()
    box = page.get_by_label("Image beside", exact=True)
    for image, title in (("60001", "Image 60,001: "), ("60000", "Image 60,000: Ankle boot")):
        box.fill(image)
        box.press("Enter")
        expect(page.get_by_text(title)).to_be_visible()
        expect(page).to_have_url(re.compile(f"beside={image}(&|$)"))
    app.reload()
    expect(page.get_by_text("Image 60,000: Ankle boot")).to_be_visible()
    expect(page.locator(".maps")).to_have_count(2)

    page.get_by_role("link", name="Overview").click()
    expect(page.get_by_role("heading", name="Overview")).to_be_visible()
    page.get_by_role("link", name="Inside").click()
    expect(page.get_by_text("Image 60,000: Ankle boot")).to_be_visible()
    expect(page).to_have_url(re.compile("beside=60000(&|$)"))
    page.get_by_role("radio", name="Nothing").click()
    expect(page.locator(".maps")).to_have_count(1)
    app.settle()
    expect(page).not_to_have_url(re.compile("beside="))


def test_what_the_browser_works_out_is_what_the_network_gave(app):
    page = opened(app, "look=arithmetic&layer=conv2d_2&channel=7", ".sum")
    values = page.get_by_role("application", name="Map 7 of conv2d_2, 11×11 values")
    values.focus()
    result = page.locator(".result")
    seen = set()
    for key in ("ArrowLeft", "ArrowDown", "ArrowDown", "ArrowRight"):
        page.keyboard.press(key)
        worked, given = (float(result.get_attribute(f"data-{name}")) for name in ("value", "given"))
        assert worked == pytest.approx(given, rel=1e-4, abs=1e-5)
        seen.add(result.text_content())
    assert len(seen) == 4
    values.hover(position={"x": 1, "y": 1})
    expect(result).to_have_text(re.compile("^Row 0, column 0: "))

    before = result.text_content()
    page.get_by_role("button", name="Play").click()
    expect(result).not_to_have_text(before)
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_role("button", name="Play")).to_be_visible()
    assert serious(page) == []
    page.set_viewport_size({"width": 390, "height": 844})
    assert too_wide(page) == []


def test_patches_that_excite_a_filter_are_computed_and_lead_to_their_images(app, store):
    page = opened(app, "look=filters&layer=conv2d_2", ".maps")
    page.get_by_role("radio", name="Exciting patches").click()
    page.get_by_role("button", name="Find the exciting patches").click()
    grid = page.get_by_role("group", name="Strongest patch of each filter")
    expect(grid.get_by_role("button")).to_have_count(16, timeout=FIRST_MS)
    grid.get_by_role("button").nth(1).click()
    expect(page.get_by_text("Filter 1", exact=True)).to_be_visible()
    best = page.get_by_role("group", name="What excites filter 1 most").get_by_role("button")
    expect(best).to_have_count(9)
    for scheme in app.schemes():
        assert serious(page) == [], scheme

    image = best.nth(2).get_attribute("data-channel")
    best.nth(2).click()
    expect(page).to_have_url(re.compile(f"image={image}(&|$)"))
    expect(page.get_by_label("Image", exact=True)).to_have_value(image)
    page.get_by_role("button", name="Pin").click()
    expect(page.get_by_role("button", name="Unpin")).to_be_visible()
    assert read_tags(store.root).images["pinned"] == {int(image)}
    page.set_viewport_size({"width": 390, "height": 844})
    app.settle()
    assert too_wide(page) == []


@pytest.fixture
def epochs(store):
    """Three epochs of the shipped run, after which its first validation image is taken for 0 to 2.

    Returns:
        The index of that image.
    """
    index = store.get(RUN).predictions["validation_index"]
    folder = store.root / RUN / "moments"
    folder.mkdir(exist_ok=True)
    for path in folder.iterdir():
        path.unlink()
    for epoch in (1, 2, 3):
        proba = np.zeros((len(index), 10), np.uint8)
        proba[:, epoch - 1] = 255
        confusion = np.full((10, 10), epoch, np.int32)
        filters = np.full((3, 3, 1, 4), 4 - epoch, np.float32)
        np.savez(
            folder / f"epoch-{epoch:04d}.npz",
            epoch=np.int32(epoch),
            confusion=confusion,
            val_proba=proba,
            first_filters=filters,
        )
    return int(index[0])


def test_a_slider_moves_through_the_epochs_and_plays(app, epochs):
    page = opened(app, "look=time", ".machine .now", image=epochs)
    machine = page.locator(".machine")
    expect(machine.locator(".now")).to_contain_text("Epoch 3 of 3")
    for scheme in app.schemes():
        assert serious(page) == [], scheme
    slider = machine.get_by_role("slider", name="Epoch")
    slider.focus()
    page.keyboard.press("ArrowLeft")
    expect(machine.locator(".now")).to_contain_text("Epoch 2 of 3 · validation accuracy 10.00 %")
    expect(machine.locator(".proba li").nth(1)).to_contain_text("100.0 %")
    expect(machine.locator("td").first).to_have_text("2")
    shade = "c => c.getContext('2d').getImageData(0, 0, 1, 1).data[0]"
    dark = machine.locator(".kernels canvas").first.evaluate(shade)
    page.keyboard.press("Home")
    expect(machine.locator(".now")).to_contain_text("Epoch 1 of 3")
    assert machine.locator(".kernels canvas").first.evaluate(shade) > dark

    machine.get_by_role("button", name="Play").click()
    expect(machine.get_by_role("button", name="Pause")).to_be_visible()
    expect(machine.locator(".now")).to_contain_text("Epoch 3 of 3")
    expect(machine.get_by_role("button", name="Play")).to_be_visible()
    page.set_viewport_size({"width": 390, "height": 844})
    app.settle()
    assert too_wide(page) == []


@pytest.fixture
def on_a_grid(store):
    """Maps of 10,000 test images on which they lie row by row, 100 in a row, the first on top."""
    folder = result_path(store.root, store.get(RUN), EMBEDDING)
    folder.mkdir(parents=True, exist_ok=True)
    row, column = np.divmod(np.arange(10_000), 100)
    points = np.stack([column, -row], axis=1).astype(np.float32)
    each = Map(points=points, kept=np.full(10_000, 5, np.uint8))
    found = Embedding(
        index=np.arange(60_000, 70_000, dtype=np.int32),
        same=np.full(10_000, 12, np.uint8),
        maps={"pca": each, "tsne": each},
        source=Source(layer="dense_2", size=64, projected=False, silent=0, explained=0.5),
    )
    write_embedding(folder, found)


def test_images_are_chosen_on_a_map_by_drawing_and_by_keys(app, on_a_grid):
    page = opened(app, "look=embedding", ".map .over")
    map_, tiles = page.locator(".over"), page.locator(".gallery button")
    box = map_.bounding_box()
    middle = [box["x"] + box["width"] / 2, box["y"] + box["height"] / 2]
    page.mouse.move(*middle)
    expect(page.locator(".readout")).to_have_text(re.compile(r"^Image 6[45],[09]\d\d: "))
    page.mouse.down()
    for x, y in ((60, 0), (60, 60), (0, 60)):
        page.mouse.move(middle[0] + x, middle[1] + y, steps=3)
    page.mouse.up()
    heading = page.get_by_role("heading", name=re.compile(r"^\d+ images chosen$"))
    expect(heading).to_be_visible()
    expect(tiles).to_have_count(24)  # of about 130, page by page
    drawn = int(heading.inner_text().split()[0])

    # What is hidden is not chosen.
    page.locator(".legend").get_by_role("button", name="Trouser").click()
    map_.focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".readout")).to_have_text(re.compile(r"^In the ring: \d+, most often "))
    page.keyboard.press("Enter")
    expect(heading).not_to_have_text(f"{drawn} images chosen")
    app.settle()
    assert int(heading.inner_text().split()[0]) < drawn
    expect(page.locator(".gallery").get_by_text("Trouser", exact=True)).to_have_count(0)
    tiles.first.click()
    image = tiles.first.get_attribute("data-image")
    expect(page).to_have_url(re.compile(f"image={image}"))
    for scheme in app.schemes():
        assert serious(page) == [], scheme

    page.get_by_role("button", name="Choose none").click()
    expect(tiles).to_have_count(0)
    page.set_viewport_size({"width": 390, "height": 844})
    app.settle()
    assert too_wide(page) == []
