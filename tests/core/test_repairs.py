"""Repairs that are offered: what they say, that they help, and in which order."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fmnist_core.exceptions import ModelError
from fmnist_core.model import edit
from fmnist_core.model.check import check, explain
from fmnist_core.model.presets import PRESETS
from fmnist_core.model.repairs import MAX_REPAIRS, repairs
from fmnist_core.model.rules import Cause
from fmnist_core.model.shapes import trace
from fmnist_core.specs import ModelSpec
from fmnist_core.specs.model import MAX_LAYERS
from tests.networks import network
from tests.strategies import layers, stacks


def offered(*given_layers):
    model = network(*given_layers)
    return [repair.text for repair in repairs(model, trace(model))]


def after(text, *given_layers):
    """The network after the repair of this text."""
    model = network(*given_layers)
    (repair,) = [repair for repair in repairs(model, trace(model)) if repair.text == text]
    return repair.model


CONV, POOL, FLATTEN = ("Conv2D", {"filters": 4}), ("MaxPooling2D", {}), ("Flatten", {})
SAME = ("Conv2D", {"filters": 4, "padding": "same"})
LOGITS = ("Dense", {"units": 10, "activation": "linear"})
END = (FLATTEN, LOGITS)


# What is offered ----------------------------------------------------------------------------------


def test_a_window_that_is_too_large():
    # 28 / 14 = 2 pixels are left for a window of 3
    assert offered(("MaxPooling2D", {"pool_size": 14}), CONV, *END) == [
        'set padding of b to "same"',
        "remove a",
        "set kernel size of b to 2",
        "remove b",
    ]


def test_a_window_after_strides():
    # 28 → (28 - 3) // 4 + 1 = 7 → (7 - 3) // 4 + 1 = 2; without the strides of b, 7 - 3 + 1 = 5
    strided = ("Conv2D", {"strides": 4})

    assert "set strides of b to 1" in offered(strided, strided, ("Conv2D", {"kernel_size": 5}))


def test_one_pooling_too_many():
    # 28 → 14 → 7 → 3 → 1 pixel
    assert offered(POOL, POOL, POOL, POOL, POOL, *END) == ["remove e", "remove c"]
    assert offered(POOL, POOL, POOL, ("MaxPooling2D", {"pool_size": 4}), *END)[:2] == [
        "remove d",
        "set pool size of d to 3",
    ]


def test_a_dilated_window():
    # 3 weights 13 apart reach 2 × 13 + 1 = 27 pixels, 14 apart 29
    assert offered(("Conv2D", {"dilation_rate": 14})) == [
        'set padding of a to "same"',
        "set dilation rate of a to 13",
        "remove a",
    ]


def test_strides_with_dilation():
    assert offered(("Conv2D", {"dilation_rate": 2, "strides": 2})) == [
        "set strides of a to 1",
        "set dilation rate of a to 1",
        "remove a",
    ]


def test_a_map_layer_after_the_vector():
    assert offered(CONV, FLATTEN, CONV, LOGITS) == ["move c before b", "remove c", "remove b"]
    assert offered(CONV, FLATTEN, ("GlobalMaxPooling2D", {}), LOGITS)[0] == "remove b"

    moved = after("move c before b", CONV, FLATTEN, CONV, LOGITS)
    assert [layer.name for layer in moved.layers] == ["a", "c", "b", "d"]


def test_a_merge_that_joins_nothing():
    assert offered(SAME, SAME, ("Add", []), *END) == ["join a", "join input", "remove c"]
    assert offered(("Add", []), *END) == ["remove a"]


def test_a_merge_of_a_layer_that_is_gone():
    assert offered(SAME, SAME, ("Add", ["gone"]), *END) == [
        "join a instead",
        "join input instead",
        "remove c",
    ]
    assert offered(SAME, SAME, ("Add", ["gone", "a"]), *END) == [
        "no longer join gone",
        "join input instead",
        "remove c",
    ]


def test_a_merge_of_a_layer_that_comes_later():
    assert offered(("Add", ["b"]), SAME, SAME, *END)[0] == "move a after b"


def test_a_merge_of_a_map_and_a_vector():
    assert offered(CONV, FLATTEN, ("Concatenate", ["a"]), LOGITS) == ["move c before b", "remove c"]


def test_a_sum_of_maps_of_two_sizes():
    assert offered(CONV, CONV, ("Add", ["a"]), *END) == ['set padding of b to "same"', "remove c"]
    assert offered(CONV, CONV, CONV, ("Add", ["a"]), *END)[0] == (
        'set padding to "same" between a and d'
    )
    assert offered(SAME, CONV, POOL, ("Add", ["a"]), *END)[0] == (
        'set padding to "same" and strides to 1 between a and d'
    )
    assert offered(SAME, SAME, POOL, ("Add", ["a"]), *END) == [
        'set padding of c to "same" and its strides to 1',
        "remove c",
        "remove d",
    ]


def test_a_sum_of_maps_with_other_channels():
    wide = ("Conv2D", {"filters": 8, "padding": "same"})
    choices = (SAME, wide, ("Add", ["a"]), *END)

    assert offered(*choices) == [
        "set filters of b to 4",
        "add 1×1 Conv2D with 4 filters before c",
        "join input instead",
        "remove c",
    ]
    wider = ("Conv2D", {"filters": 16, "padding": "same"})
    assert offered(SAME, wide, wider, ("Add", ["a"]), *END)[0] == "set filters of c to 4"
    projected = after("add 1×1 Conv2D with 4 filters before c", *choices)
    assert projected.layers[2].settings["activation"] == "linear"


def test_a_sum_of_maps_with_another_size_and_other_channels():
    assert offered(CONV, ("Conv2D", {"filters": 8}), ("Add", ["a"]), *END)[0] == (
        'set padding of b to "same" and set filters of b to 4'
    )


def test_a_sum_of_vectors():
    assert offered(FLATTEN, ("Dense", {}), ("Dense", {"units": 32}), ("Add", ["b"]), LOGITS) == [
        "set units of c to 64",
        "add Dense with 64 units before d",
        "remove d",
    ]


def test_channels_do_not_matter_side_by_side():
    assert offered(CONV, ("Concatenate", ["input"]), *END) == [
        'set padding of a to "same"',
        "remove b",
    ]


def test_another_layer_of_the_same_shape_is_joined_first():
    layers = (SAME, CONV, ("Activation", {}), ("Dropout", {}), ("Add", ["a"]), *END)

    assert offered(*layers)[0] == "join c instead"


def test_an_empty_network():
    (repair,) = repairs(ModelSpec(), trace(ModelSpec()))

    assert repair.text == "add Flatten and Dense with 10 units"
    assert [layer.name for layer in repair.model.layers] == ["flatten_1", "dense_1"]
    assert trace(repair.model).problem is None


def test_a_map_at_the_end():
    both = [
        "add Flatten and Dense with 10 units",
        "add GlobalAveragePooling2D and Dense with 10 units",
    ]

    assert offered(CONV) == both
    assert offered(CONV, LOGITS)[:2] == ["add Flatten before b", "add GlobalAveragePooling2D"]
    # 28 - 28 + 1 = 1 pixel of 10 channels
    pixel = ("Conv2D", {"filters": 10, "kernel_size": 28, "activation": "linear"})
    assert offered(pixel)[0] == "add Flatten"


def test_a_vector_at_the_end():
    assert offered(FLATTEN) == ["add Dense with 10 units"]
    assert offered(FLATTEN, ("Dense", {"activation": "softmax"})) == [
        "set units of b to 10",
        "add Dense with 10 units",
    ]
    assert offered(FLATTEN, ("Dense", {})) == [
        'set units of b to 10 and its activation to "linear"',
        "add Dense with 10 units",
    ]


def test_scores_that_are_bent_or_disturbed():
    assert offered(FLATTEN, ("Dense", {"units": 10})) == [
        'set activation of b to "linear"',
        'set activation of b to "softmax"',
        "add Dense with 10 units",
    ]
    assert offered(*END, ("Activation", {}))[0] == "remove c"
    assert offered(*END, ("Dropout", {})) == ["remove c", "add Dense with 10 units"]
    assert offered(*END, ("Dropout", {}), ("Dropout", {})) == [
        "add Dense with 10 units",
        "remove d",
    ]


def test_nothing_that_learns():
    assert offered(("Concatenate", ["input"] * 9), ("GlobalAveragePooling2D", {})) == [
        "add Dense with 10 units"
    ]


def test_too_many_parameters():
    # 26 × 26 × 128 × 4096 = 354 million; pooled by 2, 13 × 13 × … = 89 million; by 4, 6 × 6 × …
    layers = (("Conv2D", {"filters": 128}), FLATTEN, ("Dense", {"units": 4096}), LOGITS)

    assert offered(*layers) == [
        "add MaxPooling2D with pool size 4 before b",
        "use GlobalAveragePooling2D instead of b",
        "set units of c to 512",
        "divide all filters and units by 4",
    ]
    narrower = after("divide all filters and units by 4", *layers)
    assert [layer.settings.get("units") for layer in narrower.layers] == [None, None, 1024, 10]


def test_a_repair_that_leaves_too_many_parameters_is_not_offered():
    # 8192 × 8192 = 67 million, three times; a quarter of the units is a sixteenth of them
    wide = ("Dense", {"units": 8192})

    assert offered(FLATTEN, wide, wide, wide, wide, LOGITS) == ["divide all filters and units by 4"]


def test_too_large_maps():
    borders = [("ZeroPadding2D", {"padding": 14})] * 5
    wide = ("Conv2D", {"filters": 2048, "kernel_size": 1})

    # 168 × 168 × 2048 is 58 million, half of it fits
    assert "set filters of f to 1,024" in offered(*borders, wide, *END)


# All that are offered -----------------------------------------------------------------------------


@st.composite
def broken(draw):
    """Draw a network that mostly does not fit: a stack with other layers in it and behind it."""
    model = draw(stacks(max_layers=6))
    for number in range(draw(st.integers(0, 4))):
        earlier = {"input": (28, 28, 1), **{layer.name: (1,) for layer in model.layers}}
        layer = draw(layers(f"more_{number}", earlier))
        at = draw(st.integers(0, len(model.layers)))
        model = ModelSpec(layers=(*model.layers[:at], layer, *model.layers[at:]))
    if draw(st.booleans()):
        model = edit.add_layer(model, draw(st.sampled_from(["Add", "Concatenate", "Flatten"])))
    if draw(st.booleans()):
        activation = draw(st.sampled_from(["linear", "tanh"]))
        model = edit.add_layer(model, "Dense", units=10, activation=activation)
        model = edit.add_layer(model, draw(st.sampled_from(["Dropout", "Activation"])))
    return model


def test_every_repair_helps():
    causes: Counter[Cause] = Counter()

    @settings(max_examples=5 * settings().max_examples)
    @given(broken())
    def mend(model):
        found = trace(model)
        if found.problem is None:
            assert repairs(model, found) == ()
            return
        causes[found.problem.cause] += 1
        helped = [trace(repair.model) for repair in repairs(model, found)]
        assert 1 <= len(helped) <= MAX_REPAIRS
        for repair, then in zip(repairs(model, found), helped, strict=True):
            assert_better(model, found, repair.model, then)
        worth = [
            0 if then.problem is None else 1 + (not then.problem.cause.at_end) for then in helped
        ]
        assert worth == sorted(worth)
        texts = [repair.text for repair in repairs(model, found)]
        assert len(set(texts)) == len(texts)

    mend()
    rare = {Cause.EMPTY, Cause.TOO_MANY_PARAMETERS, Cause.TOO_MUCH_WORK, Cause.TOO_LARGE_MAPS}
    assert set(causes) >= set(Cause) - rare - {Cause.NOTHING_LEARNS}, causes


def assert_better(model, found, changed, then):
    """What fitted still fits, and the problem is at a later layer; or the end is nearer."""
    places = [layer.name for layer in model.layers]
    if not found.problem.cause.at_end:
        fits = {layer.name for layer in then.layers}
        names = {layer.name for layer in changed.layers}
        assert {layer.name for layer in found.layers} & names <= fits
        if then.problem is not None and not then.problem.cause.at_end:
            assert places.index(then.problem.layer) > places.index(found.problem.layer)
    elif then.problem is not None:
        assert then.problem.cause.at_end
        ends = found.problem.cause, then.problem.cause
        removed = len(changed.layers) < len(model.layers)
        assert ends[1] > ends[0] or (removed and min(ends) >= Cause.DISTURBED_SCORES)


def test_any_preset_with_any_layer_more_is_mended_by_the_repairs():
    """From every broken network a person gets to a sound one by pressing the first button."""

    @given(st.data())
    def mend(data):
        model = data.draw(st.sampled_from(PRESETS)).experiment.model
        added = data.draw(st.sampled_from(("MaxPooling2D", "Flatten", "Conv2D", "Add", "Dropout")))
        model = edit.add_layer(model, added, data.draw(st.integers(0, len(model.layers))))
        for _ in range(len(model.layers) + 3):
            found = trace(model)
            if not found.problem:
                return
            model = repairs(model, found)[0].model
        pytest.fail(f"still broken: {found.problem}")

    mend()


def test_a_full_network_is_offered_no_layer_more():
    model = ModelSpec()
    while len(model.layers) < MAX_LAYERS:
        model = edit.add_layer(model, "Dropout")

    assert repairs(model, trace(model)) == ()  # it needs a Flatten and a Dense


# The sentence -------------------------------------------------------------------------------------


def test_a_refusal_names_the_layer_the_reason_and_what_would_help():
    with pytest.raises(ModelError) as caught:
        check(network(FLATTEN, ("Conv2D", {}), LOGITS))

    assert str(caught.value) == (
        "b: it needs a map (height × width × channels), but a vector of 784 arrives. You could "
        "move b before a, or remove b, or remove a."
    )


def test_a_sound_network_needs_no_explanation():
    model = network(*END)

    assert explain(model, check(model)) == ""
