"""The Build page: presets, cards, the palette, the draft and its link."""

from __future__ import annotations

import pytest

from fmnist_core.model import edit, link
from fmnist_core.model.presets import PRESETS, load
from fmnist_core.specs import LayerSpec, ModelSpec
from tests.app.page_text import texts
from ui.draft import EDITED


def draft_of(page) -> ModelSpec:
    return page.session_state["draft_model"]


def layer_of(page, name: str) -> LayerSpec:
    return draft_of(page).layers[edit.position_of(draft_of(page), name)]


def figures(page) -> dict[str, str]:
    return {metric.label: metric.value for metric in page.metric}


def field(widgets, name: str):
    """The widget of a setting, whatever its generation."""
    return next(widget for widget in widgets if widget.key.startswith(f"{name}."))


def filters(page) -> int:
    return field(page.number_input, "conv2d_1.filters").value


def press(page, key: str):
    return page.button(key=key).click().run()


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.name)
def test_a_preset_becomes_the_draft_with_its_figures(open_page, preset):
    page = press(open_page("build"), f"preset-{preset.name}")

    assert draft_of(page) == preset.experiment.model
    expected = {
        "small": "56,714",
        "1_Layer": "173,738",
        "2_Layer": "515,146",
        "3_Layer": "1,421,194",
    }
    assert figures(page)["Parameters"] == expected[preset.name]
    assert figures(page)["Output"] == "10 logits"


def test_each_card_says_what_its_layer_makes_and_costs(open_page):
    # 3·3·1·16 + 16 = 160 parameters; 26·26·144 = 97,344 multiply-adds.
    page = open_page("build")

    assert "26×26×16 · 160 parameters · 97k mult-adds" in texts(page)


def test_every_number_on_a_card_follows_two_changes(open_page):
    page = open_page("build")
    for key, first, second in (
        ("conv2d_1.filters", 8, 9),
        ("conv2d_1.kernel_size", 5, 3),
        ("max_pooling2d_1.pool_size", 3, 2),
        ("dense_1.units", 12, 13),
    ):
        layer, setting = key.split(".")
        for value in (first, second):
            field(page.number_input, key).set_value(value).run()
            assert layer_of(page, layer).settings[setting] == value
            assert field(page.number_input, key).value == value


def test_every_choice_on_a_card_follows_two_changes(open_page):
    page = open_page("build")
    for key, first, second in (
        ("conv2d_1.padding", "same", "valid"),
        ("conv2d_1.activation", "tanh", "elu"),
        ("dense_1.activation", "selu", "gelu"),
    ):
        layer, setting = key.split(".")
        for value in (first, second):
            field(page.selectbox, key).select(value).run()
            assert layer_of(page, layer).settings[setting] == value
            assert field(page.selectbox, key).value == value


def test_a_preset_also_resets_the_widgets(open_page):
    page = open_page("build")
    field(page.number_input, "conv2d_1.filters").set_value(5).run()

    assert filters(press(page, "preset-small")) == 16
    assert filters(press(page, "preset-1_Layer")) == 32


def test_only_the_layers_of_a_preset_bear_its_name(open_page):
    page = open_page("build")
    field(page.number_input, "conv2d_1.filters").set_value(5).run()
    assert draft_of(page).name == "small" + EDITED
    field(page.number_input, "conv2d_1.filters").set_value(16).run()
    assert draft_of(page).name == "small"
    field(page.text_input, "network-name").set_value("mine").run()
    field(page.text_input, "network-name").set_value("mine 2").run()
    assert draft_of(page).name == "mine 2"


def test_layers_are_moved_copied_and_removed_and_it_is_undone(open_page):
    page = open_page("build")
    before = [layer.name for layer in draft_of(page).layers]
    press(page, "conv2d_2.up")
    assert [layer.name for layer in draft_of(page).layers][:3] == [
        "conv2d_1",
        "conv2d_2",
        "max_pooling2d_1",
    ]
    press(page, "conv2d_2.duplicate")
    assert layer_of(page, "conv2d_3").settings == layer_of(page, "conv2d_2").settings
    press(page, "conv2d_3.remove")
    press(page, "conv2d_2.down")
    assert [layer.name for layer in draft_of(page).layers] == before
    for _ in range(4):
        page.button(key="undo").click().run()
    assert draft_of(page) == load("small").experiment.model
    assert page.button(key="undo").disabled


def test_the_palette_inserts_below_the_card(open_page):
    page = press(open_page("build"), "conv2d_1.add-below")
    page = press(page, "add-BatchNormalization")

    names = [layer.name for layer in draft_of(page).layers]
    assert names[:3] == ["conv2d_1", "batch_normalization_1", "max_pooling2d_1"]


def test_a_layer_that_does_not_fit_says_so_and_later_ones_wait(open_page):
    page = open_page("build")
    field(page.number_input, "max_pooling2d_2.pool_size").set_value(12).run()

    assert "a 12×12 window does not fit a 11×11 map" in texts(page)
    assert texts(page).count("waits for the layer above") == 3
    assert page.button(key="train-this").disabled
    field(page.number_input, "max_pooling2d_2.pool_size").set_value(2).run()
    assert not page.button(key="train-this").disabled


def test_a_merge_joins_the_layers_that_are_chosen(open_page):
    page = press(open_page("build"), "conv2d_1.add-below")
    press(page, "add-Concatenate")
    assert "it joins nothing yet" in texts(page)

    field(page.multiselect, "concatenate_1.inputs").select("input").run()
    assert layer_of(page, "concatenate_1").inputs == ("input",)
    assert "heights and widths must agree: 26×26×16 and 28×28×1" in texts(page)
    field(page.selectbox, "conv2d_1.padding").select("same").run()
    assert "28×28×17" in texts(page)  # 16 channels of the convolution, 1 of the image
    field(page.multiselect, "concatenate_1.inputs").unselect("input").run()
    assert layer_of(page, "concatenate_1").inputs == ()


def test_a_merge_whose_layer_was_removed_says_what_is_missing(open_page):
    network = load("small").experiment.model
    network = edit.add_layer(network, "Add", 2)
    network = edit.change_inputs(network, "add_1", ["conv2d_1"])
    network = edit.remove_layer(network, "conv2d_1")
    page = open_page("build", net=link.encode(network))

    assert 'there is no earlier layer called "conv2d_1"' in texts(page)
    assert field(page.multiselect, "add_1.inputs").value == ["conv2d_1"]


def test_a_value_out_of_range_is_refused_with_a_sentence(open_page):
    page = open_page("build")
    field(page.text_input, "network-name").set_value("<script>").run()

    assert "Model name must be at most 60 letters" in texts(page)
    assert draft_of(page).name == "small"


def test_a_shared_link_brings_the_network_on_build_and_train(open_page):
    network = edit.change_settings(load("3_Layer").experiment.model, "dense_1", units=99)

    for name in ("build", "train"):
        page = open_page(name, net=link.encode(network))
        assert draft_of(page) == network
        assert not page.warning


@pytest.mark.parametrize("name", ("build", "train"))
def test_a_damaged_link_says_so_until_the_draft_is_changed(open_page, name):
    page = open_page(name, net="1.broken")

    assert "is damaged" in page.warning[0].value
    assert draft_of(page) == load("small").experiment.model
    if name == "build":
        assert not press(page, "preset-1_Layer").warning
