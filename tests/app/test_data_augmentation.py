"""The Data page's augmentation: the plan's settings, warnings, and pictures of draws."""

from __future__ import annotations

from tests.app.component import data_of
from tests.app.page_text import texts

PICTURE = "fmnist_picture"


def field(widgets, name):
    return next(each for each in widgets if (each.key or "").endswith(f".augment.{name}"))


def drawn(page) -> str:
    return data_of(page, PICTURE)["light"]


def test_one_image_stands_before_24_draws_of_it(open_page):
    page = open_page("data", data="augmentation", **{"class": "7"})
    assert drawn(page).count("<image") == 25
    assert data_of(page, PICTURE)["alt"] == "Sneaker before, and under 24 draws"
    assert "Nothing is changed yet" in texts(page)


def test_the_image_that_was_opened_stands_there(open_page):
    page = open_page("data", data="augmentation", shown="1")  # a T-shirt
    assert data_of(page, PICTURE)["alt"].startswith("T-shirt/top before")
    assert "Image 1, which was opened." in texts(page)
    opened = drawn(page)

    for label in (7, 0):
        page.selectbox(key="data-augmentation-class").set_value(label).run()
        assert "the most typical of its class" in texts(page)
    assert drawn(page) != opened


def test_settings_change_the_draws_and_warn(open_page):
    page = open_page("data", data="augmentation")
    before = drawn(page)
    field(page.number_input, "rotation").set_value(180.0).run()
    assert drawn(page) != before
    assert any("Sandal upside down" in each.value for each in page.warning)
    field(page.number_input, "rotation").set_value(10.0).run()
    assert not page.warning
    field(page.toggle, "horizontal_flip").set_value(True).run()
    assert any("Good news" in each.value for each in page.success)
    field(page.toggle, "horizontal_flip").set_value(False).run()
    assert not page.success


def test_other_draws_are_others(open_page):
    page = open_page("data", data="augmentation")
    field(page.number_input, "noise").set_value(0.2).run()
    before = drawn(page)
    next(each for each in page.button if each.key == "data-other-draws").click().run()
    assert drawn(page) != before


def test_a_class_is_chosen_twice(open_page):
    page = open_page("data", data="augmentation")
    for label, name in ((8, "Bag"), (0, "T-shirt/top")):
        box = next(each for each in page.selectbox if each.key == "data-augmentation-class")
        box.set_value(label).run()
        assert data_of(page, PICTURE)["alt"].startswith(name)


def test_train_has_the_same_settings(open_page):
    page = open_page("data", data="augmentation")
    field(page.number_input, "zoom").set_value(0.1).run()
    next(each for each in page.button if each.key == "data-use-augmentation").click().run()
    assert page.title[0].value == "Train"
    assert field(page.number_input, "zoom").value == 0.1
