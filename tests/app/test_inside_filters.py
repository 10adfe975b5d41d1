"""The filters of the Inside page: which are drawn, twins and dead ones, and what each lets pass."""

import base64

import numpy as np
import pytest

from fmnist_core.analysis.filters import Passes, Twins
from tests.app.component import data_of, is_drawn, send_to
from tests.app.inside_fakes import trained_run
from tests.app.page_text import texts
from ui.inside.filters import passes_text, twins_text

NAME = "fmnist_feature_maps"
SOBEL = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]], float)
pytestmark = pytest.mark.usefixtures("network")


def run_of(store, *layers):
    return trained_run(
        store, *layers, ("Flatten", {}), ("Dense", {"units": 10, "activation": "softmax"})
    )


def opened(open_page, run, **more):
    return open_page("inside", look="filters", run=run.run_id, image="3", **more)


@pytest.fixture
def edges(network):
    """An edge filter, its negative, a mean and one that is 0 everywhere."""
    kernel = np.stack([SOBEL, -SOBEL, np.full((3, 3), 1 / 9), np.zeros((3, 3))], axis=-1)
    network.changes = {"kernel": kernel[:, :, np.newaxis]}


def test_filters_are_drawn_on_one_scale_with_twins_and_dead_ones(open_page, store, edges):
    page = opened(open_page, run_of(store, ("Conv2D", {"filters": 4})))

    data = data_of(page, NAME)
    drawn = np.frombuffer(base64.b64decode(data["codes"]), np.uint8).reshape(4, 3, 3)
    assert drawn[0].tolist() == [[64, 127, 190], [0, 127, 254], [64, 127, 190]]
    assert [tile["lines"][1] for tile in data["tiles"]] == [
        "norm 3.46",
        "norm 3.46",
        "norm 0.333",
        "norm 0",
    ]
    assert data["legend"]["high"] == "2.00"
    said = texts(page)
    assert "**Twins** (1 pair among 4 filters" in said and "0 and −1 (−1.00)" in said
    assert "**Dead** (1 filter of 4, 0 for each of 1,000 validation images): 1." in said
    assert "It sees edges only: even areas give 0 %" in said
    assert "It is the negative of filter 1" in said


def test_another_filter_is_chosen_twice(open_page, store, edges):
    page = opened(open_page, run_of(store, ("Conv2D", {"filters": 4})))
    for channel, text in ((2, "It lets even areas pass best"), (3, "It is 0 everywhere")):
        send_to(page, NAME, {"opened": {"channel": channel, "at": channel}})
        assert data_of(page, NAME)["chosen"] == channel
        assert f"**Filter {channel}**" in texts(page) and text in texts(page)


def test_the_input_map_is_chosen_twice(open_page, store, network):
    network.changes = {"kernel": np.arange(1, 9.0).reshape(1, 1, 4, 2)}
    page = opened(
        open_page,
        run_of(store, ("Conv2D", {"filters": 4}), ("Conv2D", {"filters": 2, "kernel_size": 1})),
        layer="layer_1",
    )
    for channel in (3, 1):
        page.number_input(key="inside-filters-input").set_value(channel).run()
        assert f"**Filter 0, input map {channel}**" in texts(page)
        codes = np.frombuffer(base64.b64decode(data_of(page, NAME)["codes"]), np.uint8)
        assert codes[1] == round(127 + 127 * (2 * channel + 2) / 8)
    assert "Twins" in texts(page)


def test_of_40_filters_16_are_drawn_until_all_are_asked_for(open_page, store):
    page = opened(open_page, run_of(store, ("Conv2D", {"filters": 40})))
    for asked, number in ((True, 40), (False, 16)):
        page.toggle(key="inside-filters-all").set_value(asked).run()
        assert len(data_of(page, NAME)["tiles"]) == number


def test_a_network_without_a_convolution_says_so(open_page, store):
    page = opened(open_page, run_of(store))

    assert not is_drawn(page, NAME)
    assert "This network has no convolution" in texts(page)


def test_weights_that_are_no_numbers_are_not_drawn(open_page, store, network):
    network.changes = {"kernel": np.full((3, 3, 1, 4), np.nan)}
    page = opened(open_page, run_of(store, ("Conv2D", {"filters": 4})))

    assert not is_drawn(page, NAME)
    assert "the training has diverged" in texts(page)


def test_more_than_eight_pairs_are_counted():
    pairs = [Twins(one=0, other=other, cosine=0.96) for other in range(1, 12)]

    assert twins_text(pairs, 12).endswith("0 and 8 (0.960) and 3 more.")
    assert twins_text([], 12) == ""


def test_a_filter_that_passes_some_of_everything_is_described():
    text = passes_text(Passes(even=1.0, most=2.0, period=4.0, angle=90.0))

    assert text.startswith("Stripes of 4.00 pixels at 90° pass best")
    assert text.endswith("Even areas give 50 % of that.")
