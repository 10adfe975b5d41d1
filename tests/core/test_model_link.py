import base64
import contextlib
import json
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fmnist_core.exceptions import SpecError
from fmnist_core.model import edit, link
from fmnist_core.model.catalogue import CATALOGUE
from fmnist_core.model.presets import PRESETS, load
from fmnist_core.settings import Choice, Number, Switch
from fmnist_core.specs import ModelSpec
from tests.strategies import json_values, stacks


def packed(data: object) -> str:
    text = json.dumps(data).encode()
    return link.VERSION + base64.urlsafe_b64encode(zlib.compress(text)).decode().rstrip("=")


@given(stacks())
def test_a_network_comes_back_as_it_was(model):
    text = link.encode(model)

    assert link.decode(text) == model
    assert set(text) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.")


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.name)
def test_a_preset_takes_a_few_lines_at_most(preset):
    assert len(link.encode(preset.experiment.model)) < 400


def test_twenty_layers_with_every_setting_changed_fit_into_2_000_characters():
    model = ModelSpec(name="a network that is as long as possible")
    for number in range(20):
        model = edit.add_layer(model, "Conv2D")
        name = model.layers[-1].name
        for key, setting in CATALOGUE["Conv2D"].settings.items():
            match setting:
                case Switch():
                    value = not setting.default
                case Choice():
                    value = setting.choices[number % len(setting.choices)]
                case Number(integer=True):
                    value = int(setting.minimum + number % (setting.maximum - 1))
                case _:
                    value = 0.000123 * (number + 1)
            model = edit.change_settings(model, name, **{key: value})

    assert len(link.encode(model)) <= 2_000
    assert link.decode(link.encode(model)) == model


GOOD = link.encode(load("r2-3-layer").experiment.model)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1.",
        "2." + GOOD[2:],
        GOOD[2:],
        GOOD[:-5],
        GOOD + "AAAA",
        GOOD.replace(GOOD[20], "!"),
        GOOD + " ",
        "1." + "A" * 30_000,
        "1.é",
        packed(None),
        packed({}),
        packed(["name", 7]),
        packed(["name", [["Conv2D"]]]),
        packed(["name", [["Conv2D", "a", {}, [], "more"]]]),
        packed(["name", [7]]),
        packed(["name", [[["Conv2D"], "a"]]]),
    ],
)
def test_a_damaged_link_is_one_sentence(text):
    with pytest.raises(SpecError, match=r"must be .*; you gave .*\.$"):
        link.decode(text)


def test_a_link_that_asks_for_too_much_says_what_is_allowed():
    with pytest.raises(SpecError, match="Filters of a must be a whole number from 1 to 2,048"):
        link.decode(packed(["name", [["Conv2D", "a", {"filters": 10**9}]]]))
    with pytest.raises(SpecError, match="Model name must be at most 60 letters"):
        link.decode(packed(["![x](http://a)", []]))


def test_a_bomb_is_refused_before_it_unpacks():
    bomb = zlib.compress(b"[" + b" " * 20_000_000 + b"]", 9)
    text = link.VERSION + base64.urlsafe_b64encode(bomb).decode().rstrip("=")
    with pytest.raises(SpecError, match="The link must be"):
        link.decode(text)
    nested = zlib.compress(b"[" * 200_000, 9)
    with pytest.raises(SpecError, match="The link must be"):
        link.decode(link.VERSION + base64.urlsafe_b64encode(nested).decode().rstrip("="))


@given(json_values | st.lists(json_values, min_size=2, max_size=2))
def test_any_packed_value_is_a_network_or_a_sentence(data):
    with contextlib.suppress(SpecError):
        link.decode(packed(data))


@given(st.text(max_size=200), st.integers(0, len(GOOD)))
def test_any_text_is_a_network_or_a_sentence(text, place):
    for candidate in (text, link.VERSION + text, GOOD[:place] + text + GOOD[place:]):
        with contextlib.suppress(SpecError):
            link.decode(candidate)
