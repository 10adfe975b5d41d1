"""The view of arithmetic: layers and channels are chosen, and what the browser is given."""

import base64

import numpy as np
import pytest

from tests.app.component import data_of, is_drawn
from tests.app.inside_fakes import trained_run
from tests.app.page_text import texts

NAME = "fmnist_arithmetic"


@pytest.fixture
def page(open_page, store, network):
    return open_page("inside", look="arithmetic", run=trained_run(store).run_id, image="3")


def asked(network):
    task, arguments = network.asked[-1]
    assert task == "arithmetic"
    return arguments["layer"], arguments["channel"]


def test_layer_and_channel_are_chosen_twice(page, network):
    assert asked(network) == ("conv2d_1", 0)
    for layer, channel in (("conv2d_2", 31), ("max_pooling2d_1", 5)):
        page.selectbox(key="inside-sum-layer").select(layer).run()
        assert asked(network) == (layer, 0)
        page.number_input(key="inside-sum-channel").set_value(channel).run()
        assert asked(network) == (layer, channel)
        assert data_of(page, NAME)["title"] == f"Map {channel} of {layer}"


def test_words_say_what_arrives(page):
    first = data_of(page, NAME)
    assert (first["from"], first["unit"], first["arriving"]) == ("The image", "image", 1)
    page.selectbox(key="inside-sum-layer").select("conv2d_2").run()
    second = data_of(page, NAME)
    assert (second["from"], second["unit"], second["arriving"]) == ("max_pooling2d_1", "map", 16)


def test_what_ends_in_logits_has_probabilities_by_class(page, network):
    page.selectbox(key="inside-sum-layer").select("Probabilities").run()
    assert asked(network) == ("Probabilities", 0)  # the fake finds all classes alike
    page.number_input(key="inside-sum-channel").set_value(6).run()
    assert data_of(page, NAME)["title"] == "Unit 6 (Shirt) of Probabilities"


def test_a_network_that_ends_in_probabilities_has_no_such_step(open_page, store, network):
    layers = [("Flatten", {}), ("Dense", {"units": 10, "activation": "softmax"})]
    run = trained_run(store, *layers)
    page = open_page("inside", look="arithmetic", run=run.run_id, image="3", layer="layer_1")

    assert "Probabilities" not in page.selectbox(key="inside-sum-layer").options
    assert data_of(page, NAME)["title"] == "Unit 0 (T-shirt/top) of layer_1"


def test_arrays_arrive_as_they_are(page, network):
    network.changes = {"channels": np.array([2, 5], np.int32), "bias": np.float32(0.5)}
    page.run()
    found = data_of(page, NAME)["arrays"]

    channels = np.frombuffer(base64.b64decode(found["channels"]["text"]), np.int32)
    assert found["channels"]["whole"] and channels.tolist() == [2, 5]
    bias = np.frombuffer(base64.b64decode(found["bias"]["text"]), np.float32)
    assert found["bias"]["shape"] == [] and bias.tolist() == [0.5]


def test_values_that_are_no_numbers_are_a_sentence(open_page, store, network):
    network.changes = {"before": np.full((26, 26), np.inf, np.float32)}
    page = open_page("inside", look="arithmetic", run=trained_run(store).run_id, image="3")

    assert "no numbers: the training has diverged" in texts(page)
    assert not is_drawn(page, NAME)
