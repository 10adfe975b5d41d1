"""Bars of cost: their lengths, numbers and shares, and what is folded."""

import xml.etree.ElementTree as ET

import pytest
from hypothesis import given, settings

from fmnist_core.model import edit, presets
from fmnist_core.model.colors import KIND_COLORS
from fmnist_core.model.cost_bars import cost_bars_svg
from fmnist_core.model.drawing.svg import text_width
from fmnist_core.model.shapes import trace
from fmnist_core.specs import LayerSpec, ModelSpec
from tests.strategies import stacks

SVG = "{http://www.w3.org/2000/svg}"


def stack(*layers):
    model = ModelSpec()
    for layer_type, values in layers:
        model = edit.add_layer(model, layer_type)
        model = edit.change_settings(model, model.layers[-1].name, **values)
    return model


def draw(model, **options):
    return ET.fromstring(cost_bars_svg(model, trace(model), **options))


def texts(root):
    return [text.text for text in root.iter(f"{SVG}text")]


def lengths(root):
    """The lengths of all bars, without the two of the legend."""
    return [float(bar.get("width")) for bar in root.iter(f"{SVG}rect")][2:]


# 784 → 30 → 10: 30·784 + 30 = 23,550 and 10·30 + 10 = 310 parameters, 23,860 together.
MLP = stack(("Flatten", {}), ("Dense", {"units": 30}), ("Dense", {"units": 10}))


def test_totals_numbers_and_shares_are_written():
    assert texts(draw(MLP)) == [
        *("Parameters", "23,860", "Multiply-adds an image", "23,820"),
        *("dense_1", "23,550", "98.7 %", "23,520", "98.7 %"),
        *("dense_2", "310", "1.3 %", "300", "1.3 %"),
        "Without cost: flatten_1.",
    ]


def test_bars_are_as_long_as_their_numbers():
    half = stack(("Flatten", {}), *[("Dense", {"units": 784, "use_bias": False})] * 2)
    half = edit.add_layer(half, "Dense")
    half = edit.change_settings(half, "dense_3", units=392, use_bias=False)

    first, mult_adds, second, _, third, _ = lengths(draw(half))
    assert first == second == mult_adds
    assert third == pytest.approx(first / 2, abs=0.01)


def test_bars_of_parameters_are_full_and_those_of_multiply_adds_outlined():
    bars = list(draw(MLP).iter(f"{SVG}rect"))

    assert [bar.get("fill-opacity") for bar in bars] == [None, "0.25"] * 3  # the first two: legend
    assert {bar.get("fill") for bar in bars[2:]} == {KIND_COLORS["dense"][0]}


def test_a_layer_with_parameters_but_no_multiply_adds_has_one_bar():
    model = stack(("Flatten", {}), ("BatchNormalization", {}), ("Dense", {"units": 10}))

    assert len(lengths(draw(model))) == 3


def test_a_tiny_share_is_not_called_nothing():
    model = stack(("BatchNormalization", {}), ("Flatten", {}), ("Dense", {"units": 8192}))

    assert "<0.1 %" in texts(draw(model))
    assert min(lengths(draw(model))) == 1.5


def test_many_layers_without_cost_are_counted_instead_of_named():
    model = stack(*[("Dropout", {})] * 98, ("Flatten", {}), ("Dense", {"units": 10}))

    assert texts(draw(model))[-1] == "Without cost: 99 layers."


def test_a_bar_tells_how_its_number_comes_about():
    titles = [group.findtext(f"{SVG}title") for group in draw(MLP).iter(f"{SVG}g")]

    assert "784·30 + 30 = 23,550" in titles


def test_a_network_without_cost_has_totals_of_nothing():
    assert texts(draw(ModelSpec())) == ["Parameters", "0", "Multiply-adds an image", "0"]


@pytest.mark.parametrize("preset", presets.PRESETS, ids=lambda preset: preset.name)
def test_bars_and_numbers_of_every_preset_have_room(preset):
    root = draw(preset.experiment.model)

    for group in root.findall(f"{SVG}g"):
        if (bar := group.find(f"{SVG}rect")) is not None:
            number, share = group.findall(f"{SVG}text")
            ends = [float(text.get("x")) for text in (number, share)]
            begins = [
                end - text_width(text.text, 10)
                for end, text in zip(ends, (number, share), strict=True)
            ]
            bar_end = float(bar.get("x")) + float(bar.get("width"))
            assert bar_end < begins[0] < ends[0] < begins[1] < ends[1] < 372
    assert root.findall(f"{SVG}g") or not preset.experiment.model.layers


@given(stacks())
@settings(max_examples=40, deadline=None)
def test_any_stack_gives_well_formed_xml_that_adds_up(model):
    written = texts(draw(model))

    total = trace(model).total if trace(model).layers else (0, 0, 0)
    assert f"{total[0] + total[1]:,}" == written[written.index("Parameters") + 1]


def test_a_long_name_loses_its_middle():
    layer = LayerSpec(type="Dense", name="a" * 20 + "b" * 20, settings={"units": 10})
    model = ModelSpec(layers=(LayerSpec(type="Flatten", name="flat"), layer))

    assert f"{'a' * 10}…{'b' * 10}" in texts(draw(model))
