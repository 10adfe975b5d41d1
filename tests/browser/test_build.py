"""The layer stack: a network is made by mouse, by keyboard and by touch; no edit is lost."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from fmnist_core.model import edit, link
from fmnist_core.specs import ModelSpec
from tests.browser.app_page import AppPage
from tests.browser.app_server import serve
from tests.browser.finger import touching

pytestmark = pytest.mark.browser

# 5·5·1·6+6 = 156, 5·5·6·16+16 = 2,416, 400·120+120 = 48,120, 120·84+84 = 10,164, 84·10+10 = 850
TALL = {"width": 1280, "height": 1600}  # all of a small network is in view
LENET_PARAMETERS = "61,706"
LENET = (
    ("Conv2D", {"Filters": "6", "Kernel size": "5", "Padding": "same"}),
    ("MaxPooling2D", {}),
    ("Conv2D", {"Filters": "16", "Kernel size": "5"}),
    ("MaxPooling2D", {}),
    ("Flatten", {}),
    ("Dense", {"Units": "120"}),
    ("Dense", {"Units": "84"}),
    ("Dense", {"Units": "10", "Activation": "linear"}),
)
SMALL = ModelSpec()
for _layer_type in ("Conv2D", "MaxPooling2D", "Dropout", "Flatten"):
    SMALL = edit.add_layer(SMALL, _layer_type)
SMALL = edit.add_layer(SMALL, "Dense", units=10, activation="linear")

# A slow connection: what the page says goes out together, every 1.5 s.
SLOW = """
const send = WebSocket.prototype.send, held = [];
WebSocket.prototype.send = function (message) { held.push(() => send.call(this, message)); };
setInterval(() => held.splice(0).forEach((go) => go()), 1500);
"""


def open_network(app: AppPage, network: ModelSpec) -> Page:
    page = app.open(f"build?net={link.encode(network)}")
    expect(page.locator(".item")).to_have_count(len(network.layers))
    app.settle()
    return page


def parameters(page: Page, text: str) -> None:
    """The total is this."""
    expect(page.get_by_test_id("stMetricValue").filter(has_text=text)).to_be_visible()


def centre(locator) -> tuple[float, float]:
    box = locator.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def number_of(app: AppPage, layer: str):
    """What is dragged and has the focus when a card is meant: its number."""
    return app.card(layer).locator(".handle")


@pytest.mark.slow
def test_lenet_is_built_by_mouse(app):
    page = open_network(app, ModelSpec())
    for count, (layer_type, settings) in enumerate(LENET, start=1):
        page.get_by_role("button", name="Add a layer").click()
        page.get_by_role("option", name=re.compile(f"^{layer_type}\\b")).click()
        expect(page.locator(".item")).to_have_count(count)
        card = page.locator(".item").last
        for label, value in settings.items():
            field = card.get_by_label(label, exact=True)
            if value.isdigit():
                field.fill(value)
                field.press("Enter")
            else:
                field.select_option(value)

    parameters(page, LENET_PARAMETERS)
    expect(page.get_by_role("button", name="Train this network")).to_be_enabled()


def test_lenet_is_built_by_keyboard_alone(app):
    page = open_network(app, ModelSpec())
    keyboard = page.keyboard
    page.get_by_role("button", name="Add a layer").focus()
    for count, (layer_type, settings) in enumerate(LENET, start=1):
        keyboard.press("Enter")  # on "Add a layer" at first, then on the number of a card
        expect(page.get_by_role("combobox", name="Find a layer")).to_be_focused()
        keyboard.type(layer_type)
        keyboard.press("Enter")
        expect(page.locator(".item")).to_have_count(count)
        card = page.locator(".item").last
        first = next(iter(settings), None)
        if first:
            expect(card.get_by_label(first, exact=True)).to_be_focused()
            for value in settings.values():
                keyboard.type(value)
                keyboard.press("Tab")
        handle = card.locator(".handle")
        while not handle.evaluate("node => node.getRootNode().activeElement === node"):
            keyboard.press("Shift+Tab")

    parameters(page, LENET_PARAMETERS)


def test_a_broken_network_is_mended_by_the_button_on_its_card(app):
    page = open_network(app, SMALL)
    app.card("max_pooling2d_1").get_by_label("Pool size", exact=True).fill("27")
    page.keyboard.press("Enter")

    wrong = app.card("max_pooling2d_1")
    expect(wrong).to_contain_text("A 27×27 window does not fit a 26×26 map.")
    expect(app.card("flatten_1")).to_contain_text("waits for the layer above")
    expect(page.get_by_role("button", name="Train this network")).to_be_disabled()
    expect(page.locator(".stack [aria-live]")).to_contain_text("27×27 window does not fit")

    wrong.get_by_role("button", name="Set pool size of max_pooling2d_1 to 26").click()
    expect(wrong).to_contain_text("1×1×32")
    expect(page.get_by_role("button", name="Train this network")).to_be_enabled()


def test_a_card_is_dragged_by_the_mouse_and_escape_puts_it_back(app):
    app.page.set_viewport_size(TALL)
    app.page.emulate_media(reduced_motion="reduce")  # a card that glides is hard to hit
    page = open_network(app, SMALL)
    x, y = centre(number_of(app, "dropout_1"))
    _, above = centre(number_of(app, "conv2d_1"))
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, above - 20, steps=6)
    page.keyboard.press("Escape")
    page.mouse.up()
    app.settle()
    assert app.layers()[:3] == ["conv2d_1", "max_pooling2d_1", "dropout_1"]

    x, y = centre(number_of(app, "dropout_1"))
    _, above = centre(number_of(app, "conv2d_1"))
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, above - 20, steps=6)
    page.mouse.up()
    expect(page.locator(".item").first).to_have_attribute("data-layer", "dropout_1")
    expect(app.card("dropout_1")).to_contain_text("28×28×1")
    expect(number_of(app, "dropout_1")).to_be_focused()
    app.reload()
    expect(page.locator(".item")).to_have_count(5)
    assert app.layers()[:3] == ["dropout_1", "conv2d_1", "max_pooling2d_1"]


def test_a_card_is_dragged_by_a_finger(phone):
    page = open_network(phone, SMALL)
    number_of(phone, "conv2d_1").scroll_into_view_if_needed()
    x, y = centre(number_of(phone, "conv2d_1"))
    _, below = centre(number_of(phone, "max_pooling2d_1"))
    with touching(page) as touch:
        touch("touchStart", x, y)
        for step in range(1, 9):
            touch("touchMove", x, y + (below - y + 30) * step / 8)
        touch("touchEnd")

    expect(page.locator(".item").first).to_have_attribute("data-layer", "max_pooling2d_1")
    expect(phone.card("max_pooling2d_1")).to_contain_text("14×14×1")


def test_the_page_scrolls_along_while_a_card_is_dragged(app):
    page = open_network(app, SMALL)
    page.set_viewport_size({"width": 1280, "height": 500})
    number_of(app, "conv2d_1").scroll_into_view_if_needed()
    x, y = centre(number_of(app, "conv2d_1"))
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, 480, steps=5)
    scrolled = "document.querySelector('[data-testid=stMain]')"
    page.wait_for_function(
        f"() => {{ const main = {scrolled};"
        "return main.scrollTop + main.clientHeight > main.scrollHeight - 5 }"
    )
    page.mouse.up()
    expect(page.locator(".item").last).to_have_attribute("data-layer", "conv2d_1")


def test_a_double_click_removes_one_card_and_copies_one(app):
    page = open_network(app, SMALL)
    app.card("dropout_1").get_by_role("button", name="Remove").dblclick()
    expect(page.locator(".item")).to_have_count(4)
    app.card("conv2d_1").get_by_role("button", name="Duplicate").dblclick()
    expect(app.card("conv2d_2")).to_be_visible()
    app.settle()
    page.wait_for_timeout(500)

    names = ["conv2d_1", "conv2d_2", "max_pooling2d_1", "flatten_1", "dense_1"]
    assert app.layers() == names
    app.reload()
    expect(page.locator(".item")).to_have_count(5)
    assert app.layers() == names


def test_a_double_click_on_up_moves_the_same_card_twice(app):
    page = open_network(app, SMALL)
    app.card("dropout_1").scroll_into_view_if_needed()
    up = centre(app.card("dropout_1").get_by_role("button", name="Up", exact=True))
    page.mouse.click(*up)
    page.wait_for_timeout(220)  # another card has come under the pointer
    page.mouse.click(*up)
    app.settle()
    page.wait_for_timeout(300)
    assert app.layers()[:3] == ["dropout_1", "conv2d_1", "max_pooling2d_1"]


def test_what_was_typed_counts_when_a_button_is_clicked_at_once(app):
    page = open_network(app, SMALL)
    # 3·3·1·7 + 7 = 70 parameters.
    app.card("conv2d_1").get_by_label("Filters", exact=True).fill("7")
    app.card("dropout_1").get_by_role("button", name="Remove").click()
    expect(app.card("conv2d_1")).to_contain_text("70 params")
    expect(app.card("dropout_1")).to_have_count(0)

    app.card("conv2d_1").get_by_label("Filters", exact=True).fill("8")
    page.get_by_role("button", name="Train this network").click()
    expect(page.get_by_role("heading", name="Train", exact=True)).to_be_visible()
    page.get_by_role("link", name="Build").click()
    expect(app.card("conv2d_1").get_by_label("Filters", exact=True)).to_have_value("8")


def test_edits_that_leave_together_on_a_slow_line_all_arrive(app):
    app.page.add_init_script(SLOW)
    page = open_network(app, SMALL)
    app.card("conv2d_1").get_by_label("Filters", exact=True).fill("9")
    page.keyboard.press("Tab")
    app.card("conv2d_1").get_by_label("Padding", exact=True).select_option("same")
    for _ in range(3):
        app.card("conv2d_1").get_by_role("button", name="More Kernel size").click()
    app.card("flatten_1").get_by_role("button", name="Duplicate").click()
    # 6·6·1·9 + 9 = 333 parameters.
    expect(app.card("conv2d_1")).to_contain_text("28×28×9")
    expect(app.card("conv2d_1")).to_contain_text("333 params")
    page.wait_for_timeout(3_000)
    assert app.layers().count("flatten_2") == 1
    assert len(app.layers()) == 6


def test_what_is_being_typed_survives_an_answer_of_the_server(app):
    app.page.add_init_script(SLOW)
    page = open_network(app, SMALL)
    app.card("conv2d_1").get_by_label("Padding", exact=True).select_option("same")
    filters = app.card("conv2d_1").get_by_label("Filters", exact=True)
    filters.click()
    filters.press("End")
    page.keyboard.type("1")
    expect(app.card("conv2d_1")).to_contain_text("28×28×32")  # the answer to the first edit
    expect(filters).to_have_value("321")
    page.keyboard.press("Enter")
    expect(app.card("conv2d_1")).to_contain_text("28×28×321")


def test_a_refused_value_goes_back_with_a_sentence_on_the_card(app):
    page = open_network(app, SMALL)
    card = app.card("conv2d_1")
    for wrong, named in (("0", "0"), ("many", "'many'")):
        card.get_by_label("Filters", exact=True).fill(wrong)
        page.keyboard.press("Enter")
        expect(card).to_contain_text(f"a whole number from 1 to 2,048; you gave {named}.")
        expect(card.get_by_label("Filters", exact=True)).to_have_value("32")
    card.get_by_label("Filters", exact=True).fill("5")
    page.keyboard.press("Enter")
    expect(card).to_contain_text("26×26×5")
    expect(card).not_to_contain_text("you gave")


def test_the_keyboard_moves_copies_removes_and_takes_back(app):
    page = open_network(app, SMALL)
    keyboard = page.keyboard
    number_of(app, "dropout_1").focus()
    keyboard.press("Alt+ArrowUp")
    keyboard.press("Alt+ArrowUp")
    expect(page.locator(".item").first).to_have_attribute("data-layer", "dropout_1")
    expect(number_of(app, "dropout_1")).to_be_focused()
    expect(page.locator(".stack [aria-live]")).to_have_text(re.compile("moved to position 1 of 5"))
    app.settle()
    keyboard.press("Control+d")
    expect(number_of(app, "dropout_2")).to_be_focused()
    keyboard.press("Delete")
    expect(app.card("dropout_2")).to_have_count(0)
    expect(number_of(app, "conv2d_1")).to_be_focused()
    for _ in range(2):
        keyboard.press("Control+z")
    expect(page.locator(".item")).to_have_count(5)
    keyboard.press("Control+Shift+z")
    expect(app.card("dropout_2")).to_be_visible()


def test_a_renamed_layer_keeps_its_card_and_is_still_joined(app):
    joined = edit.change_inputs(edit.add_layer(SMALL, "Add", 3), "add_1", ["max_pooling2d_1"])
    page = open_network(app, joined)
    expect(app.card("add_1")).to_contain_text("13×13×32")
    app.card("max_pooling2d_1").get_by_role("button", name="More", exact=True).click()
    app.card("max_pooling2d_1").get_by_label(re.compile("^Name of layer")).fill("halved")
    page.keyboard.press("Enter")

    expect(app.card("add_1").get_by_role("button", name="Joins")).to_contain_text("halved")
    expect(app.card("halved").get_by_label("Strides", exact=True)).to_be_visible()
    app.card("halved").get_by_label(re.compile("^Name of layer")).fill("conv2d_1")
    page.keyboard.press("Enter")
    expect(app.card("halved")).to_contain_text("different from all others")


def test_a_skip_is_chosen_from_the_earlier_layers(app):
    page = open_network(app, edit.add_layer(SMALL, "Add", 3))
    card = app.card("add_1")
    card.get_by_role("button", name="Joins").click()
    expect(page.get_by_role("checkbox", name="conv2d_1")).to_be_visible()
    expect(page.locator(".joins").last).to_contain_text("26×26×32, does not fit")
    page.get_by_role("checkbox", name="max_pooling2d_1").check()
    expect(card).to_contain_text("13×13×32")
    page.keyboard.press("Escape")
    expect(card.get_by_role("button", name="Joins")).to_contain_text("max_pooling2d_1")


def test_the_formula_shows_by_hovering_and_by_focus(app):
    page = open_network(app, SMALL)
    strip = app.card("conv2d_1").locator(".strip")
    strip.hover()
    expect(page.get_by_role("tooltip")).to_contain_text("3·3·1·32 + 32 = 320")
    page.mouse.move(0, 0)
    expect(page.get_by_role("tooltip")).to_be_hidden()
    app.card("conv2d_1").get_by_role("button", name="Remove").focus()
    page.keyboard.press("Tab")
    expect(strip).to_be_focused()
    expect(page.get_by_role("tooltip")).to_contain_text("26·26·3·3·1·32 = 194,688")
    page.keyboard.press("Escape")
    expect(page.get_by_role("tooltip")).to_be_hidden()


def test_an_edit_after_a_reload_goes_on_from_there(app):
    page = open_network(app, SMALL)
    app.card("dense_1").get_by_label("Units", exact=True).fill("11")
    page.keyboard.press("Enter")
    expect(app.card("dense_1")).to_contain_text("it has to give 10")
    app.reload()
    expect(app.card("dense_1").get_by_label("Units", exact=True)).to_have_value("11")
    app.card("dense_1").get_by_label("Units", exact=True).fill("10")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Train this network")).to_be_enabled()


def test_after_a_restart_of_the_server_no_edit_is_lost_and_none_is_repeated(page, tmp_path):
    (tmp_path / "runs").mkdir()
    with serve(tmp_path / "runs", tmp_path / "first.log") as url:
        app = AppPage(page, url)
        open_network(app, SMALL)
        app.card("conv2d_1").get_by_role("button", name="Duplicate").click()
        expect(app.card("conv2d_2")).to_contain_text("24×24×32")
        app.settle()
        page.wait_for_timeout(300)  # the address is brought up to date
    app.card("conv2d_1").get_by_label("Filters", exact=True).fill("7")
    page.keyboard.press("Tab")
    port = int(url.rpartition(":")[2])
    with serve(tmp_path / "runs", tmp_path / "second.log", port):
        expect(app.card("conv2d_1")).to_contain_text("26×26×7", timeout=30_000)
        page.wait_for_timeout(1_000)
        assert len(app.layers()) == 6
        assert app.layers()[:2] == ["conv2d_1", "conv2d_2"]
        app.check()


def serious(page: Page) -> list[tuple[str, str]]:
    found = Axe().run(page, context={"include": [".stBidiComponent"]}).response["violations"]
    return [(each["id"], node["html"][:200]) for each in found for node in each["nodes"]]


@pytest.mark.parametrize("scheme", ("light", "dark"))
def test_axe_finds_nothing_in_a_broken_stack_nor_in_the_palette(app, scheme):
    app.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    broken = edit.change_settings(SMALL, "max_pooling2d_1", pool_size=27)
    page = open_network(app, edit.add_layer(broken, "Add", 2))
    app.card("conv2d_1").get_by_role("button", name="More", exact=True).click()
    assert serious(page) == []
    page.get_by_role("button", name="Add a layer").click()
    expect(page.get_by_role("listbox")).to_be_visible()
    assert serious(page) == []


def test_a_phone_shows_the_palette_over_its_whole_width_and_nothing_is_cut_off(phone):
    page = open_network(phone, edit.add_layer(SMALL, "Add", 3))
    phone.card("conv2d_1").get_by_role("button", name="More", exact=True).tap()
    wide = page.evaluate(
        """() => [...document.querySelector('.stBidiComponent [data-testid]').shadowRoot
             .querySelectorAll('.stack *')]
             .filter(e => e.getBoundingClientRect().right > innerWidth + 1)
             .map(e => e.outerHTML.slice(0, 120))"""
    )
    assert wide == []

    page.get_by_role("button", name="Insert a layer below conv2d_1").tap()
    box = page.get_by_role("dialog").bounding_box()
    assert (box["x"], box["width"]) == (0, 390)
    page.get_by_role("option", name=re.compile("^BatchNormalization")).tap()
    expect(phone.card("batch_normalization_1")).to_contain_text("128 params")
    assert phone.layers()[:2] == ["conv2d_1", "batch_normalization_1"]
