"""The drawing on the Build page: it follows the theme and the draft, and is taken along."""

import xml.etree.ElementTree as ET

import pytest
from PIL import Image
from playwright.sync_api import expect

from fmnist_core.model import link, presets

pytestmark = pytest.mark.browser

SMALL = presets.load("small").experiment.model
DEEP = presets.load("r3-vgg").experiment.model


@pytest.fixture
def drawing(app):
    """The frame of the drawing of the preset small."""
    return open_drawing(app, SMALL)


def open_drawing(app, model):
    page = app.open(f"build?net={link.encode(model)}")
    frame = page.get_by_role("region", name="Drawing of the network")
    frame.locator("svg").wait_for()
    return frame


def download(page, kind, folder):
    with page.expect_download() as started:
        page.get_by_role("button", name=f"Download as {kind}").click()
    path = folder / started.value.suggested_filename
    started.value.save_as(path)
    return path


def width_of(frame):
    return frame.locator("svg").bounding_box()["width"]


def view_box(frame):
    box = frame.locator("svg").get_attribute("viewBox").split()
    return float(box[2]), float(box[3])


def test_it_shows_every_layer_as_text_and_says_what_it_is(drawing):
    shown = drawing.locator("svg text").all_text_contents()

    assert {layer.name for layer in SMALL.layers} <= set(shown)
    picture = drawing.get_by_role("img")
    assert picture.locator("> title").text_content() == (
        "The network small: 7 layers, 56,714 parameters"
    )


def test_it_is_downloaded_as_svg(drawing, tmp_path):
    path = download(drawing.page, "SVG", tmp_path)

    assert path.name == "small-drawing.svg"
    root = ET.parse(path).getroot()
    assert root.get("viewBox") == drawing.locator("svg").get_attribute("viewBox")
    assert "conv2d_1" in list(root.itertext())


@pytest.mark.parametrize(("scheme", "background"), [("light", 255), ("dark", 17)])
def test_it_is_downloaded_as_png_on_the_background_of_the_theme(app, tmp_path, scheme, background):
    app.page.emulate_media(color_scheme=scheme)
    frame = open_drawing(app, SMALL)

    with Image.open(download(app.page, "PNG", tmp_path)) as image:
        colors = image.convert("RGB").getcolors(maxcolors=1 << 24)
        assert image.format == "PNG"
        assert image.size == tuple(round(2 * side) for side in view_box(frame))
        assert image.getpixel((0, 0))[0] == background
    assert len(colors) > 100  # edges and letters are smooth
    assert max(count for count, _ in colors) < 0.95 * image.width * image.height


def test_it_follows_a_switch_of_the_theme(app):
    app.page.emulate_media(color_scheme="light")
    words = open_drawing(app, SMALL).locator("text").first
    expect(words).to_have_attribute("fill", "#0f1722")

    app.page.emulate_media(color_scheme="dark")
    expect(words).to_have_attribute("fill", "#e6eaf0")


def test_it_is_enlarged_and_fitted_again_by_keyboard(drawing):
    fitted = width_of(drawing)
    button = drawing.page.get_by_role("button", name="Enlarge")

    button.press("Enter")
    assert button.get_attribute("aria-pressed") == "true"
    assert width_of(drawing) == pytest.approx(1.7 * view_box(drawing)[0], abs=1)
    button.press("Enter")
    assert width_of(drawing) == pytest.approx(fitted, abs=1)


def test_on_a_phone_it_is_scrolled_rather_than_made_unreadable(app):
    app.page.set_viewport_size({"width": 350, "height": 800})
    frame = open_drawing(app, DEEP)

    assert width_of(frame) == pytest.approx(0.85 * view_box(frame)[0], abs=1)
    visible, whole = frame.evaluate("element => [element.clientWidth, element.scrollWidth]")
    assert visible < 330 < whole
    assert app.page.evaluate("document.documentElement.scrollWidth") <= 350


def test_the_cost_of_each_layer_is_drawn_too(app):
    page = app.open(f"build?net={link.encode(SMALL)}")
    page.get_by_role("radio", name="Cost").click()

    bars = page.get_by_role("region", name="Parameters and multiply-adds by layer")
    expect(bars.get_by_text("51,264", exact=True)).to_be_visible()  # dense_1: 800·64 + 64
    expect(bars.get_by_text("90.4 %", exact=True)).to_be_visible()
