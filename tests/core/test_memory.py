"""The memory estimate: what it counts, and what it leads to."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fmnist_core.model.memory import (
    BASE_BYTES,
    SCATTER,
    fitting_batch_size,
    memory_needed,
    memory_text,
)
from fmnist_core.model.shapes import trace
from fmnist_core.specs import LayerSpec, ModelSpec, TrainSpec
from tests.strategies import stacks, train_specs

GIGABYTE = 2**30
PIXELS = 28 * 28 * 4
MAP = 28 * 28 * 64 * 4  # bytes of one image's map of 64 channels
POOL = ("GlobalAveragePooling2D", {})
SCORES = ("Dense", {"units": 10, "activation": "linear"})


def conv(activation="relu"):
    return "Conv2D", {"filters": 64, "padding": "same", "activation": activation}


def network(*layers, inputs=None):
    specs = [
        LayerSpec(
            type=kind,
            name=f"layer_{place}",
            settings=settings,
            inputs=(inputs or {}).get(place, ()),
        )
        for place, (kind, settings) in enumerate(layers)
    ]
    return ModelSpec(layers=tuple(specs))


def needed(*layers, batch_size=1000, inputs=None, **train):
    model = network(*layers, inputs=inputs)
    return memory_needed(model, trace(model), TrainSpec(batch_size=batch_size, **train))


def maps(*layers, **options):
    """Bytes of one image's maps in a batch of 1,000."""
    parameters = trace(network(*layers, inputs=options.get("inputs"))).parameters
    rest = needed(*layers, **options) - BASE_BYTES - 4 * 6 * parameters
    return rest / SCATTER / options.get("batch_size", 1000)


def test_one_convolution_holds_its_map_and_the_gradient_of_it():
    # 1,000 images; the map is kept and its gradient as large. The pooled 64 numbers come on top.
    assert maps(conv(), POOL, SCORES, optimizer="sgd") == pytest.approx(
        PIXELS + 2 * MAP + 64 * 4, abs=1
    )


def test_each_further_layer_adds_the_map_that_it_makes():
    two = maps(conv(), conv(), POOL, SCORES, optimizer="sgd")
    three = maps(conv(), conv(), conv(), POOL, SCORES, optimizer="sgd")

    assert three - two == pytest.approx(MAP, abs=1)


def test_some_layers_keep_more_than_what_they_make_and_flatten_nothing():
    plain = maps(conv(), POOL, SCORES, optimizer="sgd")
    dropout = ("Dropout", {"rate": 0.25})

    gelu = maps(conv("gelu"), POOL, SCORES, optimizer="sgd")
    blanked = maps(conv(), dropout, POOL, SCORES, optimizer="sgd")
    assert gelu - plain == pytest.approx(3 * MAP, abs=1)
    assert blanked - plain == pytest.approx(1.25 * MAP, abs=1)  # its output, and a byte a value
    flat = maps(("Flatten", {}), SCORES, optimizer="sgd", batch_size=10_000)
    assert flat == pytest.approx(
        2 * PIXELS + 40, abs=1
    )  # the pixels once more for Dense's gradient


def test_a_small_batch_needs_what_classifying_500_images_needs():
    # In evaluation a layer's input and output are held, 500 images at a time.
    small = maps(conv(), conv(), POOL, SCORES, optimizer="sgd", batch_size=10)

    assert small * 10 == pytest.approx(500 * 2 * MAP, abs=500)


def test_a_map_that_waits_for_a_later_merge_is_counted_in_evaluation_too():
    layers = conv(), conv(), conv(), ("Add", {}), POOL, SCORES
    plain = maps(*layers, optimizer="sgd", batch_size=1, inputs={3: ("layer_2",)})
    skip = maps(*layers, optimizer="sgd", batch_size=1, inputs={3: ("layer_0",)})

    assert skip - plain == pytest.approx(500 * MAP, abs=500)


def test_a_map_that_waits_is_counted_up_to_the_merge_and_not_where_it_arrives_anyway():
    # A map of 1 channel is joined to one of 64: at the merge lie 64 that wait, 1 and the 65 made.
    thin = "Conv2D", {"filters": 1, "padding": "same"}
    layers = conv(), thin, ("Concatenate", {}), POOL, SCORES
    joined = maps(*layers, optimizer="sgd", batch_size=1, inputs={2: ("layer_0",)})

    assert joined == pytest.approx(500 * (64 + 1 + 65) / 64 * MAP, abs=500)


def test_the_optimizer_keeps_figures_of_its_own_for_each_weight():
    # 7,850 weights of 4 bytes; Adam holds 2.7 copies more than plain gradient descent.
    linear = ("Flatten", {}), SCORES
    sgd, momentum, adam = (
        needed(*linear, **train)
        for train in (
            {"optimizer": "sgd"},
            {"optimizer": "sgd", "momentum": 0.9},
            {"optimizer": "adam"},
        )
    )

    assert adam - sgd == pytest.approx(2.7 * 4 * 7_850, abs=2)
    assert momentum - sgd == pytest.approx(4 * 7_850, abs=2)


@given(stacks(), train_specs, st.integers(1, 35_000))
def test_a_larger_batch_never_needs_less(model, train, batch_size):
    found = trace(model)
    small, large = (
        memory_needed(model, found, replace(train, batch_size=size))
        for size in (batch_size, 2 * batch_size)
    )

    assert BASE_BYTES < small <= large


@given(stacks(), train_specs, st.integers(1, 70_000), st.integers(1, 64))
def test_the_batch_size_that_is_offered_fits_and_twice_as_much_does_not(
    model, train, batch_size, gigabytes
):
    found, train = trace(model), replace(train, batch_size=batch_size)
    limit = gigabytes * GIGABYTE // 4

    def fits(size):
        return memory_needed(model, found, replace(train, batch_size=size)) <= limit

    offered = fitting_batch_size(model, found, train, limit)
    if offered is None:
        assert batch_size == 1 or not fits(1)
    else:
        assert offered < batch_size and fits(offered)
        assert 2 * offered >= batch_size or not fits(2 * offered)


@pytest.mark.parametrize(
    "size, text",
    [
        (850 * 2**20, "850 MB"),
        (1.25 * GIGABYTE, "1.2 GB"),
        (24 * GIGABYTE, "24 GB"),
        (1500 * GIGABYTE, "1,500 GB"),
    ],
)
def test_sizes_read_as_one_says_them(size, text):
    assert memory_text(int(size)) == text
