"""What a person can tell a run on the Train page, and the offer to resume what was interrupted."""

from __future__ import annotations

import pytest

from fmnist_core.runs import commands
from fmnist_core.runs.run import Run
from fmnist_core.runs.status import Status
from tests.app import run_folders
from tests.app.component import data_of
from tests.app.page_text import texts


def told(run: Run) -> list:
    """The orders that wait, with their values, and no longer wait afterwards."""
    found = commands.pending(run.folder)
    for command in found:
        command.done()
    return [(command.name, command.value) for command in found]


def click(page, name: str, run: Run):
    return page.button(key=f"{name}-{run.run_id}").click().run()


def names(page, run: Run) -> set[str]:
    """The orders that the page offers for a run."""
    keys = [button.key for button in page.button if button.key]
    found = {key.removesuffix(f"-{run.run_id}") for key in keys if key.endswith(run.run_id)}
    return found - {"build-on"}  # the way to the Build page is no order


def set_state(run: Run, state: str) -> None:
    Status(state=state, attempt=1, epoch=2, step=844).write(run.folder)


ADJUST = {"set-rate", "extend"}
OFFERED = {
    "queued": {"stop"},
    "running": {"pause", "step_epoch", "stop", *ADJUST},
    "paused": {"resume", "step_epoch", "stop", *ADJUST},
    "finished": {"extend"},
    "stopped": {"resume", "previous", "zero", "extend"},
    "interrupted": {"resume", "previous", "zero"},
    "failed": {"resume", "previous", "zero"},
}


@pytest.mark.parametrize("state", OFFERED)
def test_a_run_offers_what_its_state_allows(open_page, store, state):
    run = run_folders.ended_run(store, state)
    run_folders.add_checkpoints(run)

    assert names(open_page("train", run=run.run_id), run) == OFFERED[state]


@pytest.mark.parametrize("state", ("finished", "stopped", "failed"))
def test_without_a_checkpoint_there_is_nothing_to_go_on_from(open_page, store, state):
    run = run_folders.ended_run(store, state)

    assert names(open_page("train", run=run.run_id), run) == set()


def test_pause_resume_and_one_epoch_each_leave_their_command_twice(open_page, store):
    run = run_folders.live_run(store)  # 2 epochs done
    page = open_page("train", run=run.run_id)
    for _ in range(2):
        click(page, "pause", run)
        assert told(run) == [("pause", None)]
        page.run()
        click(page, "step_epoch", run)
        assert told(run) == [("step", 3)]
        set_state(run, "paused")
        page.run()
        click(page, "resume", run)
        assert told(run) == [("resume", "newest")]
        set_state(run, "running")
        page.run()


def test_an_order_that_was_not_yet_heard_says_so_and_cannot_be_repeated(open_page, store):
    run = run_folders.live_run(store)
    page = click(open_page("train", run=run.run_id), "pause", run)

    button = page.button(key=f"pause-{run.run_id}")
    assert (button.label, button.disabled) == ("Pause …", True)


def test_a_learning_rate_is_set_twice(open_page, store):
    run = run_folders.live_run(store)
    page = open_page("train", run=run.run_id)
    for rate in (0.01, 0.02):
        page.number_input(key=f"rate-{run.run_id}").set_value(rate)
        click(page, "set-rate", run)
        assert told(run) == [("rate", rate)]


def test_epochs_are_added_to_a_live_run_twice(open_page, store):
    # 5 epochs of 422 steps are planned.
    run = run_folders.live_run(store)
    page = open_page("train", run=run.run_id)
    for epochs in (1, 2):
        page.number_input(key=f"epochs-{run.run_id}").set_value(epochs)
        click(page, "extend", run)
        assert told(run) == [("plan", (5 + epochs) * 422)]


def test_a_finished_run_trains_longer(open_page, store):
    run = run_folders.finished_run(store)
    run_folders.add_checkpoints(run)
    page = open_page("train", run=run.run_id)
    page.number_input(key=f"epochs-{run.run_id}").set_value(3)
    click(page, "extend", run)

    assert (run.status.state, run.status.planned_steps) == ("queued", 8 * 422)


def test_a_bad_rate_is_refused_with_a_sentence_once(open_page, store):
    run = run_folders.live_run(store)
    page = open_page("train", run=run.run_id)
    page.number_input(key=f"rate-{run.run_id}").set_value(0.0)
    click(page, "set-rate", run)

    sentence = "Learning rate must be a number above 0 and at most 10; you gave 0.0."
    assert sentence in texts(page)
    assert told(run) == []
    assert sentence not in texts(page.run())


def test_an_order_that_comes_too_late_says_why(open_page, store):
    run = run_folders.live_run(store)
    page = open_page("train", run=run.run_id)
    set_state(run, "finished")
    click(page, "pause", run)

    assert "is finished and cannot be paused" in texts(page)


@pytest.mark.parametrize(
    ("button", "start"), [("resume", "newest"), ("previous", "previous"), ("zero", "zero")]
)
def test_an_interrupted_run_is_resumed_from_where_it_is_told(open_page, store, button, start):
    run = run_folders.ended_run(store, "interrupted")
    run_folders.add_checkpoints(run, 2)
    page = open_page("train", run=run.run_id)
    click(page, button, run)

    assert run.status.state == "queued"
    assert told(run) == [("resume", start)]


def test_a_longer_plan_shows_in_the_figures(open_page, store):
    run = run_folders.live_run(store)
    Status(state="running", attempt=1, epoch=2, step=1044, planned_steps=8 * 422).write(run.folder)
    page = open_page("train", run=run.run_id)

    assert data_of(page, "fmnist_live_tiles")["tiles"][0]["value"] == "3 of 8"


def test_a_paused_run_shows_no_time_left(open_page, store):
    run = run_folders.live_run(store)
    set_state(run, "paused")
    page = open_page("train", run=run.run_id)

    live = data_of(page, "fmnist_live_tiles")
    assert live["tiles"][3] == {"label": "Time left", "value": "–", "note": ""}
    assert live["progress"]["text"].startswith("Paused. ")


@pytest.mark.parametrize("page_name", ("overview", "train"))
def test_interrupted_runs_are_offered_to_go_on_all_at_once(open_page, store, page_name):
    runs = [run_folders.ended_run(store, "interrupted", name=f"run {n}") for n in (1, 2, 3)]
    other = run_folders.ended_run(store, "stopped", name="other")
    page = open_page(page_name)
    assert "3 runs were interrupted." in texts(page)
    assert page.button(key="resume-all").label == "Resume them all"
    page.button(key="resume-all").click().run()

    assert [run.status.state for run in runs] == ["queued"] * 3
    assert other.status.state == "stopped"
    assert "interrupted." not in texts(page)


def test_one_interrupted_run_is_it(open_page, store):
    run = run_folders.ended_run(store, "interrupted")
    page = open_page("overview")
    assert "1 run was interrupted." in texts(page)
    page.button(key="resume-all").click().run()
    set_state(run, "interrupted")
    page.run()
    page.button(key="resume-all").click().run()

    assert page.exception == []
    assert run.status.state == "queued"
