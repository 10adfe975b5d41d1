"""The view of feature maps: each choice twice, and networks of every kind."""

import base64
import json

import numpy as np
import pytest

from tests.app.component import data_of, is_drawn, send_to
from tests.app.inside_fakes import trained_run
from tests.app.page_text import texts

GRID, DETAIL = "fmnist_feature_maps", "fmnist_map_detail"
END = ("Dense", {"units": 10, "activation": "linear"})


@pytest.fixture
def page(open_page, store, network):
    return open_page("inside", run=trained_run(store).run_id, image="3")


def channels(page):
    return [tile["channel"] for tile in data_of(page, GRID)["tiles"]]


def codes(page):
    data = data_of(page, GRID)
    pixels = np.frombuffer(base64.b64decode(data["codes"]), np.uint8)
    return pixels.reshape(len(data["tiles"]), data["height"], data["width"])


def test_the_first_layer_is_shown_the_most_active_map_first(page, network):
    maps = network.maps(network.store.get(page.query_params["run"][0]).experiment.model)
    means = maps.arrays["conv2d_1"].mean((0, 1))

    assert channels(page) == np.argsort(-means, kind="stable").tolist()
    assert data_of(page, GRID)["chosen"] == means.argmax()
    assert codes(page).shape == (16, 26, 26) and codes(page).max() == 255
    assert data_of(page, DETAIL)["title"] == f"Map {means.argmax()} of conv2d_1"
    assert "each sees 3×3 pixels of the image" in texts(page)


def test_layers_are_chosen_twice(page):
    for name, side in (("conv2d_2", 11), ("max_pooling2d_1", 13)):
        page.selectbox(key="inside-maps-layer").select(name).run()
        assert data_of(page, GRID)["height"] == side
        assert page.query_params.get("layer", [name]) == [name]


def test_order_scale_and_activation_are_chosen_twice(page):
    for order, expected in (("Number", True), ("Mean", False), ("Number", True)):
        page.button_group(key="inside-maps-order").set_value(order).run()
        assert (channels(page) == list(range(16))) == expected
    texts_of_scales = [data_of(page, GRID)["legend"]["text"]]
    for scale in ("Map", "Network"):
        page.button_group(key="inside-maps-scale").set_value(scale).run()
        texts_of_scales.append(data_of(page, GRID)["legend"]["text"])
        brightest = codes(page).max((1, 2))
        assert (brightest == 255).all() == (scale == "Map")
    assert len(set(texts_of_scales)) == 3
    for bend, signed in (("Before relu", True), ("After relu", False)):
        page.button_group(key="inside-maps-bend-relu").set_value(bend).run()
        assert data_of(page, GRID)["signed"] == signed


def test_a_map_is_opened_twice_and_nonsense_opens_none(page):
    for message, expected in (({"channel": 5}, 5), ({"channel": 11}, 11), ({"channel": "x"}, 11)):
        send_to(page, GRID, {"opened": message})
        assert data_of(page, GRID)["chosen"] == expected
        assert data_of(page, DETAIL)["title"].startswith(f"Map {expected} ")
    send_to(page, GRID, {"opened": {"channel": 99_999}})
    assert data_of(page, GRID)["chosen"] in channels(page)


def test_dead_maps_are_named(open_page, store, network):
    dead = np.ones((26, 26, 16), np.float32)
    dead[..., [3, 12]] = 0
    network.changes = {"conv2d_1": dead}
    page = open_page("inside", run=trained_run(store).run_id, image="3")

    assert "2 of 16 maps are dead for this image (3, 12)" in texts(page)
    assert "12 % of 10,816 values are exactly 0" in texts(page)
    assert [tile["lines"][1] for tile in data_of(page, GRID)["tiles"]][-2:] == ["dead", "dead"]


def test_values_that_are_no_numbers_are_a_sentence(open_page, store, network):
    network.changes = {"conv2d_1": np.full((26, 26, 16), np.nan, np.float32)}
    page = open_page("inside", run=trained_run(store).run_id, image="3")

    assert "no numbers: the training has diverged" in texts(page)


def test_of_512_maps_16_are_sent_until_all_are_asked_for(open_page, store, network):
    layers = [("Conv2D", {"filters": 512}), ("GlobalMaxPooling2D", {}), END]
    page = open_page("inside", run=trained_run(store, *layers).run_id, image="3")

    assert page.toggle(key="inside-maps-all").label == "Show all 512 maps"
    for every, number in ((True, 512), (False, 16)):
        page.toggle(key="inside-maps-all").set_value(every).run()
        assert len(channels(page)) == number


def test_maps_of_one_value_are_drawn(open_page, store, network):
    layers = [("Conv2D", {"filters": 4, "kernel_size": 28}), ("Flatten", {}), END]
    page = open_page("inside", run=trained_run(store, *layers).run_id, image="3")

    assert codes(page).shape == (4, 1, 1)
    assert data_of(page, DETAIL)["sight"] == {"start": 0, "step": 1, "one": 28}


@pytest.mark.parametrize("layers", ([("Flatten", {}), ("Dense", {"units": 20}), END], [END]))
def test_a_network_without_convolutions_shows_its_units(open_page, store, network, layers):
    layers = layers if len(layers) > 1 else [("Flatten", {}), END]
    page = open_page("inside", run=trained_run(store, *layers).run_id, image="3")

    assert not is_drawn(page, GRID)
    assert page.toggle(key="inside-units-all").label == "Show all 784 units"
    for every, number in ((True, 784), (False, 32)):
        page.toggle(key="inside-units-all").set_value(every).run()
        figure = json.loads(data_of(page, "fmnist_plotly")["figure"])
        assert len(figure["data"][0]["x"]) == number
    for name in (f"layer_{len(layers) - 1}", "layer_0"):
        page.selectbox(key="inside-maps-layer").select(name).run()
        figure = json.loads(data_of(page, "fmnist_plotly")["figure"])
        assert (figure["data"][0]["x"][0] == "T-shirt/top") == (name != "layer_0")


def test_a_channel_in_an_address_is_opened(open_page, store, network):
    run = trained_run(store)
    page = open_page("inside", run=run.run_id, image="3", layer="conv2d_2", channel="31")
    assert data_of(page, GRID)["chosen"] == 31
    for wrong in ("32", "-1", "x", "123456"):
        page = open_page("inside", run=run.run_id, image="3", layer="conv2d_2", channel=wrong)
        assert data_of(page, GRID)["chosen"] == channels(page)[0]
