"""Networks as JSON files: there and back, and files that nobody vouches for."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fmnist_core.exceptions import SpecError
from fmnist_core.model.exchange import MAX_BYTES, from_json, to_json
from fmnist_core.model.presets import PRESETS, load
from fmnist_core.model.shapes import trace
from fmnist_core.specs import Experiment, LayerSpec, ModelSpec
from fmnist_core.specs.model import MAX_LAYERS
from tests.strategies import json_values, stacks

SMALL = load("small").experiment.model
NETWORK = "a network that this app exported, or the experiment.json of a run"


def model_of(*layers: str) -> str:
    return '{"format": 1, "model": {"layers": [' + ", ".join(layers) + "]}}"


def refusal(text: bytes | str) -> str:
    with pytest.raises(SpecError) as caught:
        from_json(text)
    return str(caught.value)


# There and back -----------------------------------------------------------------------------------


def test_every_preset_survives_the_file():
    for preset in PRESETS:
        model = preset.experiment.model
        assert from_json(to_json(model)) == model
        assert from_json(to_json(model).encode()) == model


@given(stacks())
def test_a_network_that_does_not_fit_survives_too(model):
    assert from_json(to_json(model)) == model


def test_a_file_is_short_lines_with_its_format_first():
    assert to_json(ModelSpec(name="empty")).splitlines() == [
        "{",
        ' "format": 1,',
        ' "model": {',
        '  "layers": [],',
        '  "name": "empty"',
        " }",
        "}",
    ]


def test_the_largest_network_that_is_allowed_fits_into_a_file():
    settings = {"l1": 0.12345678901234567, "l2": 0.12345678901234567, "activation": "leaky_relu"}
    layers = tuple(
        LayerSpec(type="SeparableConv2D", name=f"{'n' * 37}_{i:02}", settings=settings)
        for i in range(MAX_LAYERS)
    )

    assert len(to_json(ModelSpec(layers=layers))) < MAX_BYTES / 3


def test_the_experiment_of_a_run_and_a_bare_model_are_read():
    experiment = {"format": 1, "created": 0.0, "experiment": Experiment(model=SMALL).to_dict()}

    assert from_json(json.dumps(experiment)) == SMALL
    assert from_json(json.dumps(SMALL.to_dict())) == SMALL


def test_the_experiments_of_the_shipped_runs_are_read():
    files = sorted(Path(__file__).parents[2].glob("saved_runs/*/experiment.json"))

    assert files
    for file in files:
        assert trace(from_json(file.read_bytes())).problem is None


def test_a_byte_order_mark_is_left_out():
    assert from_json("\ufeff" + to_json(SMALL)) == SMALL
    assert from_json(b"\xef\xbb\xbf" + to_json(SMALL).encode()) == SMALL


# Files that nobody vouches for --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "The file must be JSON; the first mistake is in line 1, column 1; you gave ''."),
        ("{\n 1}", "The file must be JSON; the first mistake is in line 2, column 2; you gave "),
        (b"\xff{}", "The file must be text in UTF-8, as this app exports it; you gave b'\\xff{}'."),
        ('{"layers": NaN}', "The file must be JSON, which has no NaN and no Infinity; you gave "),
        (
            '{"layers": [-Infinity]}',
            "The file must be JSON, which has no NaN and no Infinity; you ",
        ),
        ("9" * 5000, "The file must be JSON with numbers of fewer digits; you gave '999"),
        ('{"layers": [], "layers": []}', "The file must be JSON in which no object names a field "),
        ("null", f"The file must be {NETWORK}; you gave None."),
        ("[1, 2]", f"The file must be {NETWORK}; you gave [1, 2]."),
        ('{"format": 1, "experiment": 7}', f"The file must be {NETWORK}; you gave 7."),
        ('{"format": 1, "experiment": {}}', f"The file must be {NETWORK}; you gave None."),
        ('{"format": 2, "model": {"layers": []}}', "Format of the file must be 1, the only one "),
        (
            '{"format": true, "model": {"layers": []}}',
            "Format of the file must be 1, the only one ",
        ),
        ('{"layers": {}}', "Layers must be a list of layers; you gave {}."),
        ('{"layers": [], "name": 7}', "Model name must be at most 60 letters, digits, spaces, "),
        ('{"layers": [], "weights": 7}', "Model field must be one of layers, name; you gave "),
        (model_of("7"), "Layer must be an object with named fields; you gave 7."),
        (model_of('{"type": "Dense"}'), "Layer must be given with its field name; you gave ['ty"),
        (model_of('{"type": "Conv9D", "name": "a"}'), "Layer type must be one of Conv2D, "),
        (model_of('{"type": ["Dense"], "name": "a"}'), "Layer type must be one of Conv2D, "),
        (model_of('{"type": "Flatten", "name": "<b>"}'), "Layer name must be 1 to 40 small "),
        (model_of('{"type": "Flatten", "name": "\\ud800"}'), "Layer name must be 1 to 40 small "),
        (model_of(*['{"type": "Flatten", "name": "a"}'] * 2), "Layer name must be different from "),
        (
            model_of('{"type": "Dense", "name": "a", "settings": {"units": 1000000000}}'),
            "Units of a must be a whole number from 1 to 8,192; you gave 1000000000.",
        ),
        (
            model_of('{"type": "Dropout", "name": "a", "settings": {"rate": 1e999}}'),
            "Rate of a must be a number from 0 to 0.95; you gave inf.",
        ),
        (
            model_of('{"type": "Add", "name": "a", "inputs": [["b"]]}'),
            "Inputs of a must be names of earlier layers; you gave ['b'].",
        ),
    ],
)
def test_a_bad_file_is_one_sentence(text, message):
    assert refusal(text).startswith(message)


@pytest.mark.parametrize(
    "text",
    [
        "[" * MAX_BYTES,
        '{"a":' * (MAX_BYTES // 5),
        "[" + "{}," * (MAX_BYTES // 3 - 1) + "{}]",
        "[" + "1," * (MAX_BYTES // 2 - 1) + "1]",
        "{" + ",".join(f'"{i}":1' for i in range(20_000)) + ',"19999":2}',
        '{"layers": "' + "x" * 260_000 + '"}',
        model_of(*["{}"] * 60_000),
        model_of(*[f'{{"type":"Flatten","name":"a{i}"}}' for i in range(6_000)]),
        model_of('{"type":"Dense","name":"a","settings":{"units":' + "9" * 4000 + "}}"),
        '{"layers": ' + "[" * 900 + "]" * 900 + "}",
    ],
    ids=lambda text: text[:12],
)
def test_a_huge_or_deep_file_is_one_short_sentence(text):
    message = refusal(text)

    assert len(message) < 200
    assert message.endswith(".")


def test_ten_thousand_layers_are_too_many():
    assert refusal(model_of(*["{}"] * 10_000)) == (
        "Number of layers must be at most 100; you gave 10000."
    )


def test_a_file_of_256_kib_is_read_and_a_byte_more_is_not():
    text = to_json(SMALL)
    full = text + " " * (MAX_BYTES - len(text))

    assert from_json(full) == SMALL
    assert refusal(full + " ") == (
        "Size of the file must be at most 262,144 bytes, more than any network needs; you gave "
        "262145."
    )


@pytest.mark.parametrize("joined", ["a", "b", "elsewhere"])
def test_a_merge_of_itself_a_later_or_an_unknown_layer_is_read_and_named_by_the_walk(joined):
    add = f'{{"type": "Add", "name": "a", "inputs": ["{joined}"]}}'
    model = from_json(model_of(add, '{"type": "Flatten", "name": "b"}'))

    assert str(trace(model).problem) == f'a: there is no earlier layer called "{joined}".'


@given(json_values)
def test_json_of_any_shape_is_a_network_or_a_sentence(value):
    for data in (value, {"model": value}, {"experiment": {"model": value}}, {"layers": value}):
        text = json.dumps(data)
        try:
            assert isinstance(from_json(text), ModelSpec)
        except SpecError as error:
            assert str(error).endswith(".")


@given(st.binary(max_size=60) | st.text(max_size=60))
def test_any_bytes_or_characters_are_a_sentence(data):
    assert refusal(data).endswith(".")


@given(st.data())
def test_a_network_with_any_value_in_any_place_is_a_network_or_a_sentence(data):
    tree = json.loads(to_json(SMALL))
    layer = data.draw(st.sampled_from(tree["model"]["layers"]))
    place = data.draw(st.sampled_from([tree, tree["model"], layer, layer["settings"]]))
    key = data.draw(st.sampled_from([*place, "new"]))
    place[key] = data.draw(json_values)
    try:
        trace(from_json(json.dumps(tree)))
    except SpecError as error:
        assert str(error).endswith(".")
