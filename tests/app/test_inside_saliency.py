"""The view of saliency: what is asked of the network, and what is said of the map."""

import shutil

import numpy as np
import pytest

from fmnist_core.analysis.saliency import METHODS, ZOOM, paint
from tests.app.fake_inference import FakeInference
from tests.app.inside_fakes import trained_run
from tests.app.page_text import texts

SHIRT, TOP = 6, 0


@pytest.fixture
def network(answer_with):
    return answer_with(FakeInference())


@pytest.fixture
def open_view(open_page, store, network):
    """Open the view on a shirt or on an image of another class, which is taken for a shirt."""
    run = trained_run(store)
    return lambda image: open_page("inside", run=run.run_id, look="saliency", image=str(image))


def asked(network):
    """The last two questions but for which network: the trained and the untrained one."""
    (one, trained), (other, untrained) = network.asked[-2:]
    assert one == other == "saliency"
    assert trained | {"random": True} == untrained
    return {name: value for name, value in trained.items() if name != "random"}


def image_of(label):
    from fmnist_core.data.files import load

    return int(np.argmax(load().labels == label))


def test_of_a_mistake_it_explains_what_was_predicted_rather_than_what_is_true(open_view, network):
    page = open_view(image_of(TOP))

    expected = {"method": "grad-cam", "target": SHIRT, "against": TOP}
    assert asked(network) == {**expected, "layer": "conv2d_2", "baseline": "black"}
    assert "What speaks for Shirt rather than T-shirt/top" in [
        each.value for each in page.subheader
    ]


def test_of_what_is_right_it_explains_the_class_alone(open_view, network):
    open_view(image_of(SHIRT))

    assert (asked(network)["target"], asked(network)["against"]) == (SHIRT, None)


def test_each_choice_is_asked_for_twice(open_view, network):
    page = open_view(image_of(TOP))
    key = f"{image_of(TOP)}-{SHIRT}"
    for method in ("layercam", "integrated", "occlusion"):
        page.selectbox(key="inside-method").select(method).run()
        assert asked(network)["method"] == method
    for baseline in ("white", "mean"):
        page.selectbox(key="inside-baseline").select(baseline).run()
        assert asked(network)["baseline"] == baseline
    for name, label in (("Bag", 8), ("Coat", 4)):
        page.selectbox(key=f"inside-target-{key}").select(name).run()
        assert asked(network)["target"] == label
    for name, label in (("No other class", None), ("Dress", 3)):
        page.selectbox(key=f"inside-against-{key}").select(name).run()
        assert asked(network)["against"] == label
    page.selectbox(key="inside-method").select("grad-cam").run()
    for layer in ("conv2d_1", "max_pooling2d_2"):
        page.selectbox(key="inside-saliency-layer").select(layer).run()
        assert asked(network)["layer"] == layer
    assert set(METHODS) > {"grad-cam", "occlusion"}


def test_integrated_gradients_say_how_far_they_add_up(open_view, network):
    page = open_view(image_of(SHIRT))
    page.selectbox(key="inside-method").select("integrated").run()

    assert "Score (logit) of Shirt: 2.50. Of the baseline: −1.00." in texts(page)
    assert "but for a gap of 0.010" in texts(page)


def test_an_empty_map_says_why(open_view, network):
    network.map = np.full((28, 28), -1, np.float32)
    page = open_view(image_of(SHIRT))
    assert not page.info
    for _ in range(2):
        page.toggle(key="inside-signed").set_value(False).run()
        assert "nothing here speaks for Shirt; all of it speaks against" in page.info[0].value
        page.toggle(key="inside-signed").set_value(True).run()
        assert not page.info

    network.map = np.zeros((28, 28), np.float32)
    assert "does not depend on the image here" in page.run().info[0].value


def test_a_map_of_a_diverged_network_is_not_drawn(open_view, network):
    network.map = np.full((28, 28), np.nan, np.float32)
    page = open_view(image_of(SHIRT))

    assert page.warning[0].value == "The map's values are no numbers: the training has diverged."
    assert not page.subheader


def pictures(page):
    return [each.value for each in page.markdown if each.value.startswith("**")]


def test_another_image_is_set_beside_with_the_same_question(open_view, network):
    page = open_view(image_of(SHIRT))
    page.segmented_control(key="inside-beside").set_value("An image").run()
    for index in (image_of(TOP), 61_000):
        page.number_input(key="inside-beside-image").set_value(index).run()
        assert not page.exception
        (_, first), _, (_, second), _ = network.asked[-4:]
        assert first == second
        assert len([text for text in pictures(page) if text == "**Untrained**"]) == 2
        assert f"**Image {index:,}: " in texts(page)
    page.segmented_control(key="inside-beside").set_value("Nothing").run()
    assert pictures(page).count("**Untrained**") == 1


def test_a_run_beside_is_asked_about_a_layer_of_its_own(open_view, network, store):
    other = trained_run(
        store,
        ("Conv2D", {"filters": 4}),
        ("Flatten", {}),
        ("Dense", {"units": 10, "activation": "softmax"}),
    )
    page = open_view(image_of(SHIRT))
    ended = next(row.run_id for row in store.summaries() if row.result)
    shutil.copy(store.root / ended / "result.json", other.folder)
    page.run()
    page.segmented_control(key="inside-beside").set_value("A run").run()

    assert [each["layer"] for _, each in network.asked[-4:]] == ["conv2d_2"] * 2 + ["layer_0"] * 2
    assert "layer layer_0" in texts(page)


def test_maps_side_by_side_share_a_scale():
    image, map_ = np.zeros((28, 28), np.uint8), np.ones((28, 28))
    full, half = (paint(image, map_, signed=True, largest=largest) for largest in (1, 2))

    assert full[0, 0].tolist() == [217, 114, 46]
    assert half[0, 0].tolist() == [108, 57, 23]


def test_orange_speaks_for_it_and_blue_against():
    image, map_ = np.zeros((28, 28), np.uint8), np.zeros((28, 28))
    map_[0, 0], map_[0, 1] = 2, -1
    both, one = (paint(image, map_, signed=signed, largest=2) for signed in (True, False))

    assert both.shape == (28 * ZOOM, 28 * ZOOM, 3)
    assert both[0, 0].tolist() == [217, 114, 46]
    assert both[0, ZOOM].tolist() == [24, 51, 96]  # half of the blue
    assert one[0, ZOOM].tolist() == [0, 0, 0]
