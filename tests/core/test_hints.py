"""Advice: when it is given, when not, and that what it offers leaves the network sound."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from fmnist_core.model import edit
from fmnist_core.model.hints import hints
from fmnist_core.model.presets import load
from fmnist_core.model.shapes import trace
from fmnist_core.specs import ModelSpec
from tests.networks import network
from tests.strategies import stacks


def advice(*given_layers):
    """(layer, beginning of the text, repair) of each hint."""
    model = network(*given_layers)
    return [
        (hint.layer, hint.text.split(":")[0], hint.repair.text if hint.repair else None)
        for hint in hints(model, trace(model))
    ]


CONV, POOL, FLATTEN = ("Conv2D", {"filters": 4}), ("MaxPooling2D", {}), ("Flatten", {})
LINEAR = ("Conv2D", {"filters": 4, "activation": "linear"})
NORM = ("BatchNormalization", {})
LOGITS = ("Dense", {"units": 10, "activation": "linear"})
END = (FLATTEN, LOGITS)


def test_a_sound_small_network_gets_no_advice():
    assert advice(CONV, POOL, CONV, POOL, *END) == []
    assert hints(ModelSpec(), trace(ModelSpec())) == ()


# Where the parameters are -------------------------------------------------------------------------


def test_a_dense_layer_that_holds_nearly_all_parameters():
    # 26 × 26 × 4 = 2704; 2704 × 64 + 64 = 173,120 of 173,120 + 40 + 650 = 173,810
    model = network(CONV, FLATTEN, ("Dense", {}), LOGITS)
    (hint,) = hints(model, trace(model))

    assert hint.layer == "c"
    assert hint.text == (
        "Flatten → Dense holds 99 % of the parameters. Pooling before the Flatten, or "
        "GlobalAveragePooling2D instead of it, makes the network smaller, and it then learns fewer "
        "images by heart."
    )
    assert hint.repair.text == "add MaxPooling2D before b"
    assert trace(hint.repair.model).layers[1].output == (13, 13, 4)


def test_dropout_between_flatten_and_dense_changes_nothing_about_that():
    layers = (CONV, FLATTEN, ("Dropout", {}), ("Dense", {}), LOGITS)

    assert [layer for layer, *_ in advice(*layers)] == ["d"]


def test_a_network_of_100_000_parameters_or_without_convolutions_may_be_mostly_dense():
    # 26 × 26 × 4 × 36 + 36 = 97,380
    assert advice(CONV, FLATTEN, ("Dense", {"units": 36}), LOGITS) == []
    # 784 × 256 + 256 = 200,960
    assert advice(FLATTEN, ("Dense", {"units": 256}), LOGITS) == []


def test_the_layers_of_an_unfinished_network_that_fit_get_advice_too():
    assert advice(CONV, FLATTEN, ("Dense", {}), ("Conv2D", {})) == [
        (
            "c",
            "Flatten → Dense holds 99 % of the parameters. Pooling before the Flatten, or "
            "GlobalAveragePooling2D instead of it, makes the network smaller, and it then learns "
            "fewer images by heart.",
            "add MaxPooling2D before b",
        )
    ]


# Softmax ------------------------------------------------------------------------------------------


def repairs_of(*layers):
    return [(layer, repair) for layer, _, repair in advice(*layers)]


def test_softmax_at_the_end():
    softmax = ("Dense", {"units": 10, "activation": "softmax"})

    assert repairs_of(CONV, FLATTEN, softmax) == [("c", 'set activation of c to "linear"')]
    assert repairs_of(CONV, *END, ("Activation", {"activation": "softmax"})) == [("d", "remove d")]


def test_softmax_before_other_layers():
    softmax = ("Conv2D", {"filters": 4, "activation": "softmax"})

    assert repairs_of(softmax, POOL, *END) == [("a", 'set activation of a to "relu"')]
    assert repairs_of(softmax, POOL) == []  # nothing that learns comes after it, yet


# Activations --------------------------------------------------------------------------------------


def test_two_activations_in_a_row():
    text = "Two activations in a row"

    assert advice(CONV, ("LeakyReLU", {}), *END) == [
        (("b"), text, 'set activation of a to "linear"')
    ]
    assert advice(LINEAR, ("Activation", {}), ("LeakyReLU", {}), *END) == [("c", text, "remove c")]
    assert advice(CONV, NORM, ("Activation", {}), *END) == []
    assert advice(LINEAR, ("Activation", {}), *END) == []


def test_a_network_that_bends_nothing_is_one_linear_map():
    text = "This whole network is one linear map"
    average = ("AveragePooling2D", {})

    assert advice(*END) == [("b", text, None)]
    assert advice(LINEAR, average, *END) == [("a", text, 'set activation of a to "relu"')]
    assert advice(LINEAR, LINEAR, ("Dropout", {}), *END) == [
        ("a", text, 'set activation to "relu" in all layers but the last')
    ]


def test_a_maximum_or_a_layer_normalisation_bends_and_a_softmax_at_the_end_is_not_enough():
    softmax = ("Dense", {"units": 10, "activation": "softmax"})

    assert advice(LINEAR, POOL, *END) == []
    assert advice(LINEAR, ("LayerNormalization", {}), *END) == []
    assert advice(LINEAR, ("GlobalMaxPooling2D", {}), LOGITS) == []
    assert [layer for layer, *_ in advice(LINEAR, FLATTEN, softmax)] == ["a", "c"]


# Normalisation ------------------------------------------------------------------------------------


def test_dropout_before_batch_normalisation():
    dropout = ("Dropout", {})

    assert repairs_of(CONV, dropout, NORM, *END) == [("b", "move b after c")]
    assert repairs_of(CONV, dropout, POOL, NORM, *END) == [("b", "move b after d")]
    assert repairs_of(CONV, dropout, CONV, NORM, *END) == []
    assert repairs_of(CONV, NORM, dropout, *END) == []


def test_a_bias_before_batch_normalisation():
    relu = ("Activation", {})

    assert repairs_of(LINEAR, NORM, relu, *END) == [("a", "switch off the bias of a")]
    assert repairs_of(CONV, NORM, *END) == []  # relu comes between
    assert repairs_of(LINEAR, relu, NORM, *END) == []
    joined = (LINEAR, NORM, relu, ("Add", ["a"]), *END)
    assert repairs_of(*joined) == []  # the sum would miss it


# Layers that do nothing ---------------------------------------------------------------------------


def test_layers_that_change_nothing():
    idle = [
        ("Activation", {"activation": "linear"}),
        ("Dropout", {"rate": 0}),
        ("SpatialDropout2D", {"rate": 0}),
        ("GaussianNoise", {"stddev": 0}),
        ("LeakyReLU", {"negative_slope": 1}),
        ("ZeroPadding2D", {"padding": 0}),
        ("AveragePooling2D", {"pool_size": 1}),
    ]
    text = "This layer changes nothing"

    assert advice(CONV, *idle, *END) == [(name, text, f"remove {name}") for name in "bcdefgh"]
    assert advice(CONV, FLATTEN, FLATTEN, LOGITS) == [("c", text, "remove c")]
    assert advice(CONV, ("MaxPooling2D", {"pool_size": 1, "strides": 2}), *END) == []


def test_a_layer_that_changes_nothing_is_removed_from_the_merges_too():
    same = ("Conv2D", {"filters": 4, "padding": "same"})
    model = network(same, ("Dropout", {"rate": 0}), same, ("Add", ["b"]), *END)
    (hint,) = hints(model, trace(model))

    assert hint.repair.model.layers[2].inputs == ("a",)


# All of them --------------------------------------------------------------------------------------


def test_the_presets_for_beginners_get_no_advice():
    for name in ("small", "lenet", "residual", "depthwise"):
        model = load(name).experiment.model
        assert hints(model, trace(model)) == (), name


_TAIL = ("Conv2D", "Dropout", "BatchNormalization")


@st.composite
def finished(draw):
    """Draw a network that can be trained, or one whose last layer does not fit."""
    model = draw(stacks(max_layers=6))
    if draw(st.booleans()):
        return model
    model = replace(model, layers=model.layers[: len(trace(model).layers)])
    for layer_type in draw(st.lists(st.sampled_from(_TAIL), max_size=4)):
        kernel = {"activation": "linear", "padding": "same"} if layer_type == "Conv2D" else {}
        longer = edit.add_layer(model, layer_type, **kernel)
        model = longer if len(trace(longer).layers) > len(trace(model).layers) else model
    model = edit.add_layer(model, "Flatten")
    activation = draw(st.sampled_from(("linear", "softmax")))
    return edit.add_layer(model, "Dense", units=10, activation=activation)


def test_every_repair_of_a_hint_leaves_the_network_as_sound_as_it_was():
    begun: Counter[str] = Counter()

    @settings(max_examples=5 * settings().max_examples)
    @given(finished())
    def follow(model):
        found = trace(model)
        given_hints = hints(model, found)
        names = [layer.name for layer in model.layers]
        places = [names.index(hint.layer) for hint in given_hints]
        assert places == sorted(places)
        assert all(place < len(found.layers) for place in places)
        for hint in given_hints:
            begun[hint.text[:14]] += 1
            assert hint.text.endswith(".")
            if hint.repair is None:
                continue
            then = trace(hint.repair.model).problem
            assert then is None or (then.layer, then.cause) == (
                found.problem.layer,
                found.problem.cause,
            )
            assert hint.repair.model != model
            if not hint.text.startswith("Flatten → Dense"):  # may need a second pooling
                left = hints(hint.repair.model, trace(hint.repair.model))
                assert (hint.layer, hint.text) not in {(rest.layer, rest.text) for rest in left}

    follow()
    assert len(begun) >= 6, begun
