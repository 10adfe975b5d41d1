"""The Inside page: what is chosen in it, and what it says where the network cannot be asked."""

import json

import pytest

from fmnist_core.labels import CLASS_NAMES
from fmnist_core.runs.image_tags import change_tags, read_tags
from tests.app import run_folders
from tests.app.component import data_of
from tests.app.fake_inference import FakeInference, layer
from tests.app.inside_fakes import trained_run
from tests.app.page_text import texts

SHIRT = 6


@pytest.fixture
def network(answer_with):
    return answer_with(FakeInference())


@pytest.fixture
def run(store, network):
    """A run with weights, which takes 20 of 100 validation shirts for T-shirts."""
    found = trained_run(store)
    run_folders.add_predictions(found)
    return found


def image(page):
    return page.number_input(key="inside-index").value


def test_the_first_image_is_one_that_the_network_gets_wrong(open_page, run):
    page = open_page("inside", look="health", run=run.run_id)
    from ui import cache

    index = image(page)
    right = cache.data_set().labels[index] == SHIRT  # the fake takes everything for one

    assert index < 1_000 and index % 10 in (2, 6)  # pullovers and shirts are mistaken
    verdict = "✓ predicted rightly" if right else "✗ taken for Shirt"
    assert verdict in texts(page)


def test_an_address_names_the_image(open_page, run):
    assert image(open_page("inside", look="health", run=run.run_id, image="69999")) == 69_999
    for wrong in ("70000", "-1", "x", "1e3"):
        assert 0 <= image(open_page("inside", look="health", run=run.run_id, image=wrong)) < 1_000


def test_another_image_is_chosen_twice(open_page, run):
    page = open_page("inside", look="health", run=run.run_id, image="3")
    for index in (60_001, 12):
        page.number_input(key="inside-index").set_value(index).run()
        assert image(page) == index


def test_a_random_image_is_a_test_image_of_the_wanted_class(open_page, run):
    from ui import cache

    page = open_page("inside", look="health", run=run.run_id, image="3")
    for name in ("Bag", "Coat"):
        page.selectbox(key="inside-class").select(name).run()
        page.button(key="inside-random").click().run()
        assert image(page) >= 60_000
        assert CLASS_NAMES[cache.data_set().labels[image(page)]] == name


def test_a_mistake_of_a_class_without_one_is_said(open_page, run):
    page = open_page("inside", look="health", run=run.run_id, image="3")
    page.selectbox(key="inside-class").select("Bag").run()
    page.button(key="inside-mistake").click().run()
    assert image(page) == 3
    assert page.toast[0].value == "This run has no such mistake, or no predictions yet."

    page.selectbox(key="inside-class").select("Shirt").run()
    page.button(key="inside-mistake").click().run()
    assert image(page) % 10 == SHIRT and image(page) < 1_000


def test_an_image_is_pinned_found_again_and_unpinned(open_page, run, store):
    page = open_page("inside", look="health", run=run.run_id, image="61000")
    assert "inside-tagged" not in [each.key for each in page.selectbox]
    page.button(key="inside-pin").click().run()
    assert read_tags(store.root).images == {"pinned": {61_000}}

    page.number_input(key="inside-index").set_value(12).run()
    change_tags(store.root, lambda tags: tags.with_tag([7], "ambiguous"))
    page.run()
    tagged = page.selectbox(key="inside-tagged")
    assert tagged.value is None and "7: Pullover · ambiguous" in tagged.options
    for index in (61_000, 7):
        page.selectbox(key="inside-tagged").set_value(index).run()
        assert image(page) == index

    page.number_input(key="inside-index").set_value(61_000).run()
    assert page.button(key="inside-pin").label == "Unpin"
    page.button(key="inside-pin").click().run()
    assert read_tags(store.root).images == {"ambiguous": {7}}
    assert page.button(key="inside-pin").label == "Pin"


def test_without_room_for_another_word_pinning_says_so(open_page, run, store):
    for word in "abcde":
        change_tags(store.root, lambda tags, word=word: tags.with_word(word))
    page = open_page("inside", look="health", run=run.run_id, image="3")
    page.button(key="inside-pin").click().run()

    assert "There is room for 5 own words" in page.error[0].value
    assert read_tags(store.root).images == {}


def test_a_network_that_cannot_be_asked_is_a_sentence(open_page, run, network):
    network.problem = "The process that computes ended without a word."

    page = open_page("inside", look="health", run=run.run_id)
    assert [each.value for each in page.error] == [
        "The process that computes ended without a word."
    ]


def test_a_run_without_weights_says_what_to_do(open_page, store, network):
    page = open_page("inside", run=run_folders.queued_run(store).run_id)

    assert "has no model yet: none of its epochs has ended" in texts(page)
    assert network.asked == []


def test_a_better_run_that_came_without_its_model_is_not_shown_first(open_page, store, run):
    better = run_folders.finished_run(store, "large", correct=5_900)
    page = open_page("inside", look="health")
    assert page.session_state["run"] == run.run_id

    page = open_page("inside", look="health", run=better.run_id)
    assert "has no model: it came without, to be small" in texts(page)


def test_a_sound_network_is_said_to_be_so(open_page, run):
    page = open_page("inside", look="health", run=run.run_id)

    assert "Nothing looks wrong" in page.success[0].value
    assert len(page.dataframe[0].value) == 7
    assert page.dataframe[0].value["layer"][0] == "conv2d_1 (Conv2D)"


def test_silent_units_and_uneven_gradients_are_named(open_page, run, network):
    network.layers[0] = layer("conv2d_1", silent=[3, 5], gradient=1e-6)
    network.layers[1] = layer(
        "max_pooling2d_1", silent=list(range(9))
    )  # has no weights: not its own fault
    page = open_page("inside", look="health", run=run.run_id)

    first, second = (each.value.replace("\\", "") for each in page.warning)
    assert first.startswith("conv2d_1: 2 of 20 units give 0 for every image")
    assert second.startswith("The gradient vanishes: it is 10,000 times as large at dense_2")


def test_the_layer_of_the_histograms_is_chosen_twice(open_page, run):
    page = open_page("inside", look="health", run=run.run_id, layer="dense_1")
    for name in ("dense_1", "flatten_1", "conv2d_2"):
        page.selectbox(key="inside-health-layer").select(name).run()
        assert page.selectbox(key="inside-health-layer").value == name
        figure = json.loads(data_of(page, "fmnist_plotly")["figure"])
        assert len(figure["data"][0]["y"]) == 40
    assert page.session_state["inside-choice"].layer == "conv2d_2"


def test_the_errors_page_leads_to_the_image_and_its_run(open_page, run, store):
    other = run_folders.finished_run(store, "other")
    page = open_page("errors", run=run.run_id, image="16")
    page.button(key="errors-inside").click().run()

    assert page.title[0].value == "Inside"
    assert image(page) == 16
    assert page.session_state["run"] == run.run_id != other.run_id
