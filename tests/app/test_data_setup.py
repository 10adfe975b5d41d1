"""The Data page's set-up: the plan's own settings, with what they make of the images."""

from __future__ import annotations

from tests.app.component import data_of, is_drawn, send_to
from tests.app.page_text import texts
from ui import cache

GALLERY = "fmnist_gallery"


def field(widgets, name):
    return next(each for each in widgets if (each.key or "").endswith(f".data.{name}"))


def tiles(page) -> list[str]:
    return [each.value for each in page.metric]


def test_the_counts_follow_the_form(open_page):
    page = open_page("data", data="setup")
    assert tiles(page) == ["54,000", "6,000", "10,000", "0"]
    field(page.number_input, "subset").set_value(1_000).run()
    assert tiles(page)[0] == "1,000"
    field(page.number_input, "subset").set_value(500).run()
    assert tiles(page)[0] == "500"
    field(page.selectbox, "split").set_value("resplit").run()
    assert tiles(page) == ["500", "7,000", "7,000", "0"]
    assert "a little too good" in texts(page)
    field(page.selectbox, "split").set_value("last").run()
    assert tiles(page)[1] == "6,000"


def test_label_noise_is_counted_and_shown(open_page):
    page = open_page("data", data="setup")
    assert not is_drawn(page, GALLERY)
    field(page.number_input, "label_noise").set_value(20.0).run()
    assert tiles(page)[3] == "10,800"
    field(page.text_input, "noise_pairs").set_value("6-0").run()
    assert tiles(page)[3] == "2,160"  # 20 % of 10,800 tops
    shown = data_of(page, GALLERY)["tiles"]
    assert {(tile["truth"], tile["taken"]) for tile in shown} == {
        ("T-shirt/top", "→ Shirt"),
        ("Shirt", "→ T-shirt/top"),
    }
    field(page.number_input, "label_noise").set_value(0.0).run()
    assert not is_drawn(page, GALLERY)


def test_pairs_that_are_none_are_a_sentence(open_page):
    page = open_page("data", data="setup")
    field(page.text_input, "noise_pairs").set_value("shirt").run()
    assert [error.value.replace("\\", "") for error in page.error] == [
        "Noise pairs must be empty, or pairs of two classes from 0 to 9, such as 0-6 2-4; you gave "
        "'shirt'."
    ]
    field(page.text_input, "noise_pairs").set_value("").run()
    assert not page.error


def test_normalisation_says_what_the_network_reads(open_page):
    page = open_page("data", data="setup")
    assert "reads black as 0 and white as 1" in texts(page)
    field(page.selectbox, "normalisation").set_value("standardised").run()
    assert "mean 0.28" in texts(page) and "from −0.81" in texts(page)
    field(page.selectbox, "normalisation").set_value("per-pixel").run()
    assert "each of the 784 places by itself" in texts(page)


def test_train_has_the_same_settings_and_what_it_changes_comes_back(open_page):
    page = open_page("data", data="setup")
    field(page.number_input, "subset").set_value(2_000).run()
    next(each for each in page.button if each.key == "data-use").click().run()
    assert page.title[0].value == "Train"
    assert field(page.number_input, "subset").value == 2_000
    field(page.number_input, "subset").set_value(3_000).run()
    page.switch_page("data.py").run()
    assert tiles(page)[0] == "3,000"


def test_the_images_and_the_counts_are_those_of_the_set_up(open_page):
    page = open_page("data", data="setup")
    field(page.number_input, "label_noise").set_value(50.0).run()
    field(page.number_input, "subset").set_value(300).run()
    view = next(each for each in page.segmented_control if each.key == "data-view")
    view.set_value("statistics").run()
    assert "training 300" in texts(page) and "training, noisy labels 300" in texts(page)
    view = next(each for each in page.segmented_control if each.key == "data-view")
    view.set_value("images").run()
    part = next(each for each in page.segmented_control if each.key == "data-part")
    part.set_value("training").run()
    assert "100 of 300 images in training" in texts(page)


def test_a_wrongly_labelled_image_opens_with_its_true_class(open_page):
    page = open_page("data", data="setup")
    field(page.number_input, "label_noise").set_value(5.0).run()
    image = data_of(page, GALLERY)["tiles"][0]["image"]
    page = send_to(page, GALLERY, {"opened": {"image": image}})
    label = cache.data_set().labels[image]
    assert data_of(page, "fmnist_image_card")["image"] == image and label < 10
