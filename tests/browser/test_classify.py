"""A garment drawn by mouse and by keys, files and the clipboard, with a really trained network."""

from __future__ import annotations

import re
import shutil

import pytest
from playwright.sync_api import Page, expect

from tests.app.pictures import png
from tests.browser.access import serious, too_wide
from tests.browser.test_errors import RUN, SHIPPED
from tests.browser.test_inside import FIRST_MS

pytestmark = pytest.mark.browser
STEPS = 7


@pytest.fixture(autouse=True)
def shipped(store):
    store.root.mkdir(exist_ok=True)
    if not (store.root / RUN).exists():
        shutil.copytree(SHIPPED / RUN, store.root / RUN)


def stroke(page: Page, *points: tuple[float, float]) -> None:
    """Draw between points, as shares of the sheet."""
    box = page.locator(".pad canvas").bounding_box()
    assert box
    places = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in points]
    page.mouse.move(*places[0])
    page.mouse.down()
    for place in places[1:]:
        page.mouse.move(*place, steps=3)
    page.mouse.up()


def ink(page: Page) -> int:
    """How many pixels of the sheet are dark."""
    return page.locator(".pad canvas").evaluate(
        "canvas => canvas.getContext('2d').getImageData(0, 0, 280, 280).data"
        ".filter((level, place) => place % 4 === 0 && level < 100).length"
    )


def answered(page: Page) -> None:
    expect(page.locator(".strip li")).to_have_count(STEPS, timeout=FIRST_MS)


def test_a_trouser_is_drawn_by_mouse_mirrored_filled_and_taken_back(app):
    page = app.open(f"classify?run={RUN}")
    page.get_by_role("button", name="Mirror").click()
    stroke(page, (0.5, 0.1), (0.36, 0.1), (0.36, 0.9), (0.46, 0.9), (0.48, 0.4), (0.5, 0.4))
    answered(page)
    outlined = ink(page)
    page.get_by_role("button", name="Fill").click()
    stroke(page, (0.42, 0.5))
    app.settle()
    filled = ink(page)
    assert filled > outlined
    page.locator(".pad canvas").click(position={"x": 0.42 * 280, "y": 0.5 * 280})
    assert ink(page) == filled  # a second click does not let it grow
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("heading", name=re.compile("^Trouser, "))).to_be_visible()

    page.get_by_role("button", name="Undo").click()
    assert ink(page) == outlined
    page.locator(".pad canvas").press("Control+z")
    assert ink(page) == 0
    expect(page.get_by_text("Draw one garment, filled")).to_be_visible()


def test_a_stroke_cannot_be_undone_before_it_is_drawn(app):
    page = app.open(f"classify?run={RUN}")
    box = page.locator(".pad canvas").bounding_box()
    page.mouse.move(box["x"] + 50, box["y"] + 50)
    page.mouse.down()
    page.mouse.move(box["x"] + 150, box["y"] + 50)
    page.keyboard.press("Control+z")
    page.mouse.move(box["x"] + 150, box["y"] + 150)
    page.mouse.up()
    whole = ink(page)
    page.keyboard.press("Control+z")

    assert whole > 2 * 18 * 70  # both halves of it, as wide as the brush
    assert ink(page) == 0


def test_a_line_is_drawn_by_keys(app):
    page = app.open(f"classify?run={RUN}")
    page.locator(".pad canvas").focus()
    page.keyboard.press("ArrowUp")
    assert ink(page) == 0
    page.keyboard.press("Space")
    for _ in range(6):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")

    assert ink(page) > 18 * 6 * 7 / 2  # as wide as the brush, as long as six steps
    answered(page)


def test_a_drawing_outlives_another_page_and_a_reload(app):
    page = app.open(f"classify?run={RUN}")
    stroke(page, (0.3, 0.3), (0.7, 0.7))
    answered(page)
    drawn = ink(page)
    page.get_by_role("link", name="Runs").click()
    expect(page.get_by_role("heading", name="Runs", exact=True)).to_be_visible()
    page.get_by_role("link", name="Classify").click()
    answered(page)

    expect(page.locator(".pad canvas")).to_be_visible()
    page.wait_for_timeout(300)  # the drawing is decoded
    assert ink(page) == drawn

    app.reload()
    answered(page)
    assert ink(page) == drawn
    page.get_by_role("button", name="Clear").click()
    app.reload()
    expect(page.get_by_text("Draw one garment, filled")).to_be_visible()
    assert ink(page) == 0


def test_files_are_listed_and_those_that_are_none_say_why(app):
    page = app.open(f"classify?run={RUN}&source=upload")
    page.locator("input[type=file]").set_input_files(
        [
            {"name": "box.png", "mimeType": "image/png", "buffer": png()},
            {"name": "page.png", "mimeType": "image/png", "buffer": b"<html></html>"},
        ]
    )
    expect(page.get_by_text("Look at one of 2 pictures, 1 of them not classified")).to_be_visible(
        timeout=FIRST_MS
    )
    answered(page)


def test_a_picture_is_pasted(app):
    page = app.open(f"classify?run={RUN}&source=upload")
    button = page.get_by_role("button", name="Paste a picture")
    button.focus()
    button.evaluate(
        """async (node) => {
          const canvas = new OffscreenCanvas(100, 100), pencil = canvas.getContext('2d');
          pencil.fillStyle = '#fff';
          pencil.fillRect(0, 0, 100, 100);
          pencil.fillStyle = '#000';
          pencil.fillRect(30, 10, 40, 80);
          const clipboardData = new DataTransfer();
          const blob = await canvas.convertToBlob();
          clipboardData.items.add(new File([blob], 'x.png', { type: 'image/png' }));
          node.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true }));
        }"""
    )
    answered(page)
    expect(page.get_by_text("pasted 1").first).to_be_visible()


def test_a_picture_is_looked_into_and_everyone_can_use_the_page(app):
    page = app.open(f"classify?run={RUN}&source=samples&sample=mug.jpg")
    answered(page)
    for scheme in app.schemes():
        assert serious(page) == [], scheme
    page.set_viewport_size({"width": 390, "height": 844})
    app.settle()
    page.wait_for_timeout(500)
    assert too_wide(page) == []
    seen, said, last = (
        found.bounding_box()
        for found in (
            page.get_by_role("img", name=re.compile("28 by 28 pixels, taken for")),
            page.get_by_role("heading", level=4),
            page.get_by_text("Keep it", exact=True),
        )
    )
    assert said["y"] < seen["y"] + seen["height"]  # the answer stands beside what is seen
    assert last["x"] + last["width"] < 390  # no view is cut off

    page.get_by_role("button", name="Look inside").click()
    expect(page.get_by_role("heading", name="Inside", exact=True)).to_be_visible()
    expect(page.get_by_text("Your picture: mug.jpg")).to_be_visible(timeout=FIRST_MS)
    expect(page.locator(".maps")).to_be_visible(timeout=FIRST_MS)


def test_a_picture_is_kept_and_runs_are_judged_by_it(app):
    page = app.open(f"classify?run={RUN}&source=samples&sample=dress.jpg&show=keep")
    field = page.get_by_role("combobox", name="True class")
    field.click(timeout=FIRST_MS)
    field.press_sequentially("Dress")
    field.press("Enter")
    page.get_by_role("button", name="Keep in the challenge set").click()
    expect(page.get_by_text("In the challenge set as Dress.")).to_be_visible()

    page.get_by_text("Challenge set", exact=True).click()
    page.get_by_role("button", name="Evaluate this run").click()
    expect(page.get_by_text("1 of 1, 95 % interval")).to_be_visible(timeout=FIRST_MS)
    expect(page.locator(".gallery button")).to_have_count(1)
    for scheme in app.schemes():
        assert serious(page) == [], scheme


def test_the_answer_is_looked_at_from_all_sides(app):
    page = app.open(f"classify?run={RUN}&source=samples&sample=mug.jpg&show=stability")
    expect(page.get_by_text("changed copies are taken for")).to_be_visible(timeout=FIRST_MS)
    for view, words in (
        ("Where it looks", "Grad-CAM weighs the maps"),
        ("Other runs", "No other run has weights yet"),
        ("Nearest images", "Computes what the network reads from all 70,000 images, once a run"),
    ):
        page.get_by_text(view, exact=True).click()
        expect(page.get_by_text(words).first).to_be_visible(timeout=FIRST_MS)
        app.settle()
        assert serious(page) == [], view
    expect(page.get_by_role("button", name="Compare with the training data")).to_be_visible()
