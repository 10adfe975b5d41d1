"""The Runs table, and the Overview before and after the first run."""

from __future__ import annotations

from tests.app import run_folders
from tests.app.page_text import run_choice, texts


def test_the_table_lists_every_run_the_best_first(open_page, full_store):
    table = open_page("runs").dataframe[0].value

    assert len(table) == len(full_store.run_ids()) == 8
    assert table["name"].tolist()[:2] == ["better", "good"]
    assert table["validation"].tolist()[:2] == [92.0, 90.0]
    assert table["validation_interval"].tolist()[:2] == ["91.3–92.7", "89.2–90.7"]
    assert table["parameters"].tolist()[:2] == [1_421_194, 56_714]
    assert table["note"].tolist()[:2] == ["test set used for validation", ""]
    assert set(table["state"]) == {
        "finished",
        "failed",
        "interrupted",
        "stopped",
        "running",
        "queued",
        "damaged",
    }


def test_a_run_has_a_link_that_opens_it(open_page, store):
    run = run_folders.finished_run(store)
    table = open_page("runs").dataframe[0].value

    assert table["link"].tolist() == [f"train?run={run.run_id}"]


def test_a_damaged_run_is_listed_with_what_is_wrong(open_page, full_store):
    page = open_page("runs")

    assert "experiment.json cannot be read" in texts(page)
    notes = page.dataframe[0].value.set_index("state")["note"]
    assert "experiment.json cannot be read" in notes["damaged"]


def test_a_run_is_opened_from_the_list(open_page, full_store):
    page = open_page("runs")
    run_id = full_store.run_ids()[0]
    run_choice(page).select(run_id).run()
    page.button(key="open-run").click().run()

    assert page.title[0].value == "Train"
    assert page.session_state["run"] == run_id


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
        "Best validation accuracy": "92.00 %",
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
