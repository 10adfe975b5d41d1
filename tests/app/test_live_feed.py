"""What browsers that follow a run are told once a second."""

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from starlette.requests import Request

from fmnist_core.runs.status import Status
from tests.app import run_folders
from ui import live_feed
from ui.live_data import live_data


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    """A clock that the test turns, and no answers from earlier ones."""
    times = [100.0]
    monkeypatch.setattr(live_feed.time, "monotonic", lambda: times[0])
    monkeypatch.setattr(live_feed, "_answers", type(live_feed._answers)())
    return times


def ask(run_id, tag=""):
    headers = [(b"if-none-match", tag.encode())] if tag else []
    scope = {"type": "http", "path_params": {"run_id": run_id}, "headers": headers}
    with ThreadPoolExecutor(1) as thread:  # this one may have an event loop, of a browser's test
        return thread.submit(asyncio.run, live_feed.live_feed(Request(scope))).result()


def test_it_tells_how_a_run_gets_on(store):
    run = run_folders.live_run(store)
    answer = ask(run.run_id)

    assert answer.status_code == 200
    assert json.loads(answer.body) == json.loads(json.dumps(live_data(run)))


def test_who_knows_it_already_is_sent_nothing_until_it_changes(store, clock):
    run = run_folders.live_run(store)
    tag = ask(run.run_id).headers["etag"]
    clock[0] += 1
    again = ask(run.run_id, tag)
    assert (again.status_code, again.body) == (304, b"")

    clock[0] += 1
    run_folders.append_batches(run.folder, before=1_044, count=10)
    changed = ask(run.run_id, tag)
    assert changed.status_code == 200
    assert json.loads(changed.body)["tiles"][0]["note"] == "step 1,054 of 2,110"


def test_many_watchers_share_an_answer_for_most_of_a_second(store, clock, monkeypatch):
    run = run_folders.live_run(store)
    made = []
    make = live_feed.live_data
    monkeypatch.setattr(live_feed, "live_data", lambda run: made.append(1) or make(run))
    for _ in range(10):
        ask(run.run_id)
        clock[0] += 0.05
    assert len(made) == 1

    clock[0] += 0.5
    ask(run.run_id)
    assert len(made) == 2


def test_the_version_changes_when_the_page_must_be_drawn_anew(store):
    run = run_folders.live_run(store)
    before = live_data(run)["version"]
    run_folders.append_batches(run.folder, before=1_044, count=10)
    assert live_data(run)["version"] == before

    Status(state="paused", attempt=1, epoch=2, step=1_054).write(run.folder)
    assert live_data(run)["version"] != before


def test_the_first_batch_has_the_page_draw_its_charts(store):
    run = run_folders.queued_run(store)
    before = live_data(run)
    run_folders.append_batches(run.folder, before=0, count=1)

    assert before["figures"] == {}
    assert set(live_data(run)["figures"]) == {f"loss-{run.run_id}", f"accuracy-{run.run_id}"}
    assert live_data(run)["version"] != before["version"]


@pytest.mark.parametrize("run_id", ("20260101-000000-abcdef", "../etc", "<script>"))
def test_a_run_that_does_not_exist_is_not_found(store, run_id):
    answer = ask(run_id)

    assert answer.status_code == 404
    assert json.loads(answer.body)["problem"].startswith("No run begins with")


def test_a_damaged_run_says_what_is_wrong(store):
    run = run_folders.damaged_run(store)
    answer = ask(run.run_id)

    assert answer.status_code == 409
    assert "experiment.json cannot be read" in json.loads(answer.body)["problem"]
