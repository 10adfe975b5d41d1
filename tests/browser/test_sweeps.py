"""A person's way through a sweep: fill the form, start it, look at the map, stop it all."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from fmnist_core.runs import commands
from fmnist_core.runs.locks import take
from fmnist_core.runs.notes import change_notes
from fmnist_core.runs.status import FINISHED, Status
from fmnist_core.runs.sweeps import sweep_tags, tagged
from tests.app import run_folders
from tests.browser.access import serious, too_wide
from tests.faults.run_processes import end_jobs, until

pytestmark = pytest.mark.browser

SUPERVISOR = ".supervisor.lock"


@pytest.fixture
def waiting(store):
    """A store whose runs wait, as a supervisor that does nothing works it."""
    store.root.mkdir(exist_ok=True)
    end_jobs(store)  # an earlier test's supervisor may be at work still
    lock = take(store.root / SUPERVISOR, seconds=5)
    assert lock
    before = set(store.run_ids())
    base = run_folders.finished_run(store, "base")
    change_notes(base.folder, tag=["base"])
    yield store
    for run_id in set(store.run_ids()) - before:
        run = store.get(run_id)
        Status(state=FINISHED, attempt=1).write(run.folder)
        store.trash.put(run)
    lock.release()


def choose(app, box, *words):
    """Choose words as a keyboard finds them: typing shortens the list."""
    page = app.page
    field = page.get_by_role("combobox", name=box, exact=True)
    chosen = page.get_by_test_id("stMultiSelect").filter(has=field)
    for word in words:
        field.scroll_into_view_if_needed()
        page.wait_for_timeout(500)  # a page that still moves closes the list
        field.click()
        field.press_sequentially(word)
        page.get_by_role("option", name=word, exact=True).click()
        expect(chosen).to_contain_text(word)
        app.settle()
    page.keyboard.press("Tab")  # closes the list
    app.settle()


def test_a_sweep_is_started_followed_and_stopped(app, waiting):
    page = app.open("runs")
    page.get_by_text("New sweep").click()
    app.settle()
    choose(app, "Settings to vary", "Optimizer", "Learning rate")
    choose(app, "Optimizer", "adam", "sgd")
    page.get_by_role("textbox", name="Learning rate").fill("0.1, 0.01")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Start 4 runs").click()

    expect(page.get_by_text("Waiting or training: 4 of 4 runs.")).to_be_visible()
    rows = waiting.summaries()
    mine = tagged(rows, sweep_tags(rows)[0])
    run_folders.write_result(waiting.root / mine[0].run_id, 5_400)
    Status(state=FINISHED, attempt=1, epoch=5).write(waiting.root / mine[0].run_id)
    # The page sees by itself that a run has ended.
    expect(page.get_by_text("Waiting or training: 3 of 4 runs.")).to_be_visible(timeout=15_000)
    chart = page.get_by_role("img", name=re.compile("^Validation accuracy of 1 run by .*90.00 %"))
    expect(chart).to_be_visible()
    expect(chart.get_by_text("90.00", exact=True)).to_be_visible()
    assert serious(page) == []
    page.set_viewport_size({"width": 390, "height": 800})
    app.settle()
    assert too_wide(page) == []

    page.get_by_role("button", name="Stop all").click()
    until(lambda: told(waiting, mine) == [row.run_id for row in mine[1:]], seconds=20)


def told(store, rows):
    """The runs that a command waits for."""
    return [row.run_id for row in rows if commands.pending(store.root / row.run_id)]
