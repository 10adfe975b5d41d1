"""The challenge set in the table of the Runs page."""

import pytest

from fmnist_core.challenge import evaluate
from tests.app.page_text import texts
from tests.app.run_folders import finished_run
from tests.challenge_pictures import FakeNetwork, keep

SHIRT, COAT = 6, 4
LABEL = "challenge_accuracy"


@pytest.fixture
def judged(store):
    """A run with one of two pictures right, and one that nobody has asked."""
    run = finished_run(store, "judged")
    (run.folder / "model.keras").write_bytes(b"weights")
    keep(store.challenge, SHIRT, COAT)
    evaluate(run, store.challenge, FakeNetwork(SHIRT))
    finished_run(store, "other", correct=5_300)
    return run


def frame(page):
    return page.dataframe[0].value


def test_the_share_stands_beside_its_interval_and_how_many_there_are(open_page, judged):
    found = frame(open_page("runs"))

    assert found[LABEL].tolist()[0] == 50.0 and found[LABEL].isna().tolist() == [False, True]
    assert found[f"{LABEL}_interval"].tolist()[0] == "9.5–90.5 of 2"


def test_a_share_of_an_older_set_is_left_blank_and_said(open_page, judged, store):
    keep(store.challenge, COAT, first=2)

    page = open_page("runs")

    assert LABEL not in frame(page)  # blank in all runs, so hidden
    assert (
        "1 run was judged before the challenge set, or the weights, changed, so that the figure is "
        "left blank: evaluate again."
    ) in texts(page)


def test_the_column_is_hidden_where_no_run_was_judged(open_page, store):
    finished_run(store, "first")
    assert LABEL not in frame(open_page("runs"))  # of a single run too
    finished_run(store, "second")

    page = open_page("runs")

    assert LABEL not in frame(page)
    assert "evaluate again" not in texts(page)


def test_a_single_run_that_was_judged_shows_it(open_page, judged, store):
    store.trash.put(store.get(store.run_ids()[1]))

    assert frame(open_page("runs"))[LABEL].tolist() == [50.0]
