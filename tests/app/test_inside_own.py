"""The Inside page with a picture of somebody's own, which has no number and no true class."""

import numpy as np
import pytest

from tests.app.page_text import texts
from tests.app.test_inside_page import network, run  # noqa: F401
from ui.inside.choice import Choice, Own

OWN = Own(name="my ![x](y) shirt.png", pixels=np.full((28, 28), 200, np.uint8))


def open_own(open_page, run, view):  # noqa: F811
    page = open_page("inside", look="health", run=run.run_id)
    page.session_state["inside-choice"] = Choice(view=view, own=OWN)
    page.run()
    assert not page.exception
    return page


@pytest.mark.parametrize("view", ("saliency", "time", "health"))
def test_an_own_picture_is_shown_in_a_view(open_page, run, view):  # noqa: F811
    page = open_own(open_page, run, view)

    assert "Taken for Shirt" in texts(page)  # as nobody has said what it is
    assert "predicted rightly" not in texts(page)


def test_of_an_own_picture_nothing_speaks_against_the_prediction(open_page, run):  # noqa: F811
    page = open_own(open_page, run, "saliency")

    assert page.selectbox(key="inside-against-None-6").value == "No other class"


def test_its_time_was_not_recorded(open_page, run):  # noqa: F811
    said = texts(open_own(open_page, run, "time"))

    assert "Your picture: my ![x](y) shirt.png is not a validation image" in said


def test_an_own_picture_goes_when_an_image_is_chosen(open_page, run):  # noqa: F811
    page = open_own(open_page, run, "health")
    page.number_input(key="inside-index").set_value(60_001).run()

    assert page.session_state["inside-choice"].own is None
    assert page.session_state["inside-choice"].image == 60_001


def test_there_is_a_way_back_to_the_data_set(open_page, run):  # noqa: F811
    page = open_own(open_page, run, "health")
    page.button(key="inside-own-away").click().run()

    assert page.session_state["inside-choice"].own is None and not page.exception
    assert "Taken for" not in texts(page)
