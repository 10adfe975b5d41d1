"""Settings accept what they say and refuse the rest with a sentence."""

import math

import pytest

from fmnist_core.exceptions import SpecError
from fmnist_core.settings import Choice, Number, Switch, Text, Weights

FILTERS = Number(label="", help="", default=32, minimum=1, maximum=2048, integer=True)
RATE = Number(label="", help="", default=0.25, minimum=0, maximum=0.95)
LEARNING_RATE = Number(label="", help="", default=0.001, minimum=0, above=True, maximum=10)
SEED = Number(label="", help="", default=7, minimum=0, maximum=2**31 - 1, integer=True)
SUBSET = Number(
    label="",
    help="",
    default=None,
    minimum=10,
    maximum=70_000,
    integer=True,
    optional=True,
    none_label="all images",
)
PADDING = Choice(label="", help="", default="valid", choices=("valid", "same"))
BIAS = Switch(label="", help="", default=True)
NAME = Text(label="", help="", default="")
CLASS_WEIGHTS = Weights(label="", help="", default=(), length=3, maximum=100)

NOT_A_NUMBER = (None, True, False, "3", b"3", [3], {"3": 3}, math.nan, 3 + 0j, object())


HUGE = pytest.param(10**400, id="10**400")


def refusal(setting, value, name="some_setting"):
    with pytest.raises(SpecError) as caught:
        setting.check(name, value)
    return str(caught.value)


@pytest.mark.parametrize("value", [1, 2, 2048, 2048.0])
def test_filters_take_whole_numbers_from_1_to_2048(value):
    checked = FILTERS.check("filters", value)

    assert checked == value
    assert type(checked) is int


@pytest.mark.parametrize("value", [0, -1, 2049, 1.5, math.inf, -math.inf, HUGE, *NOT_A_NUMBER])
def test_filters_refuse_everything_else(value):
    sentence = "Filters must be a whole number from 1 to 2,048; you gave "

    assert refusal(FILTERS, value, "filters").startswith(sentence)


@pytest.mark.parametrize("value", [0, 0.5, 0.95])
def test_a_rate_takes_both_ends_and_becomes_a_float(value):
    checked = RATE.check("rate", value)

    assert checked == value
    assert type(checked) is float


@pytest.mark.parametrize("value", [-1e-9, 0.9501, math.inf, -math.inf, HUGE, *NOT_A_NUMBER])
def test_a_rate_refuses_everything_outside(value):
    sentence = "Rate must be a number from 0 to 0.95; you gave "

    assert refusal(RATE, value, "rate").startswith(sentence)


def test_an_open_lower_end_refuses_0_itself():
    assert LEARNING_RATE.check("learning_rate", 5e-324) == 5e-324
    assert LEARNING_RATE.check("learning_rate", 10) == 10
    assert refusal(LEARNING_RATE, 0, "learning_rate") == (
        "Learning rate must be a number above 0 and at most 10; you gave 0."
    )


def test_large_limits_are_written_in_full():
    assert refusal(SEED, -1, "seed") == (
        "Seed must be a whole number from 0 to 2,147,483,647; you gave -1."
    )


def test_an_optional_number_takes_none_and_says_what_it_means():
    assert SUBSET.check("subset", None) is None
    assert SUBSET.check("subset", 10) == 10
    assert refusal(SUBSET, 9, "subset") == (
        "Subset must be a whole number from 10 to 70,000, or none (all images); you gave 9."
    )


def test_a_choice_takes_its_words_only():
    assert PADDING.check("padding", "same") == "same"
    assert refusal(PADDING, "Same", "padding") == (
        "Padding must be one of valid, same; you gave 'Same'."
    )
    for value in (None, 1, ["same"], {"same": 1}, ("valid", "same")):
        refusal(PADDING, value)


def test_a_switch_takes_no_0_and_no_1():
    assert BIAS.check("use_bias", False) is False
    assert refusal(BIAS, 1, "use_bias") == "Use bias must be true or false; you gave 1."
    for value in (0, "true", None, []):
        refusal(BIAS, value)


@pytest.mark.parametrize("value", ["", "a", "Run 3 - 0.1_b", "x" * 60])
def test_a_text_takes_60_plain_characters(value):
    assert NAME.check("name", value) == value


@pytest.mark.parametrize(
    "value", ["x" * 61, "a\n", "<b>", "a/b", "../x", "é", "\x00", "\u202e", 1, None, ["a"]]
)
def test_a_text_refuses_markup_paths_and_control_characters(value):
    sentence = (
        "Name must be at most 60 letters, digits, spaces, dots, underscores or hyphens; you gave "
    )

    assert refusal(NAME, value, "name").startswith(sentence)


def test_weights_are_empty_or_one_a_class():
    assert CLASS_WEIGHTS.check("class_weights", []) == ()
    assert CLASS_WEIGHTS.check("class_weights", [1, 0, 100]) == (1.0, 0.0, 100.0)
    assert refusal(CLASS_WEIGHTS, [0, 0, 0], "class_weights") == (
        "Class weights must be empty, or 3 numbers from 0 to 100, not all 0; you gave [0, 0, 0]."
    )


@pytest.mark.parametrize(
    "value",
    [
        [1, 1],
        [1, 1, 1, 1],
        [1, 1, -0.1],
        [1, 1, 100.1],
        [1, 1, math.nan],
        [1, 1, math.inf],
        pytest.param([1, 1, 10**400], id="10**400"),
        [1, 1, True],
        [1, 1, "1"],
        [1, 1, [1]],
        "111",
        {0: 1, 1: 1, 2: 1},
        None,
        1,
    ],
)
def test_weights_refuse_wrong_lengths_signs_and_types(value):
    refusal(CLASS_WEIGHTS, value)


def test_a_layers_name_stands_in_a_message_as_it_is():
    assert refusal(FILTERS, 0, "filters of conv2d_1") == (
        "Filters of conv2d_1 must be a whole number from 1 to 2,048; you gave 0."
    )


def nested(depth):
    value = []
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize(
    "value",
    ["x" * 10_000, 10**400, 10**5000, list(range(10_000)), nested(100_000), {"x" * 999: 1}],
    ids=["long text", "10**400", "10**5000", "long list", "deep list", "long key"],
)
def test_a_message_shows_at_most_60_characters_of_what_arrived(value):
    message = refusal(Text(label="", help="", default="", max_length=9), value, "name")

    given = message.partition("; you gave ")[2]
    assert 1 < len(given) <= 61  # and a full stop
