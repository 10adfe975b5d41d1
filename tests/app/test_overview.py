"""The Overview before and after the first run."""

from __future__ import annotations

from tests.app import run_folders


def test_an_empty_store_leads_to_the_first_step(open_page):
    page = open_page("overview")

    assert [step.value for step in page.subheader] == [
        "1. Build a network",
        "2. Train it",
        "3. Compare",
    ]
    assert page.button(key="go-build.py").click().run().title[0].value == "Build"


def test_the_overview_shows_what_runs_and_what_was_best(open_page, full_store):
    page = open_page("overview")
    figures = {metric.label: metric.value for metric in page.metric}

    assert figures == {
        "Running or waiting": "2 of 8 runs",
        "Finished": "2 of 8 runs",
        "Best validation accuracy": "90.00 %",
    }
    progress = [element.proto.text for element in page.get("progress")]
    assert "Waits in the queue: place 1 of 1." in progress
    assert "Epoch 3 of 5, best validation accuracy 82.80 %, about 42 s left" in progress


def test_watch_opens_the_run(open_page, full_store):
    page = open_page("overview")
    (live,) = (run for run in full_store.summaries() if run.state == "running")
    page.button(key=f"watch-{live.run_id}").click().run()

    assert page.title[0].value == "Train"
    assert page.session_state["run"] == live.run_id


def test_a_run_that_validated_on_test_images_is_not_the_best(open_page, store):
    run_folders.finished_run(store, "honest", correct=5_400)
    run_folders.finished_run(store, "flattered", correct=5_700, split="resplit")
    page = open_page("overview")
    figures = {metric.label: metric.value for metric in page.metric}

    assert figures["Best validation accuracy"] == "90.00 %"
    assert list(page.dataframe[0].value["name"]) == ["honest"]
    assert "Left out: 1 run that validated on test images." in page.caption[-1].value
