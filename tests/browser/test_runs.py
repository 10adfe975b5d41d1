"""A person's way through the Runs page: find, star, delete and have back, tick by mouse."""

from __future__ import annotations

import csv
import re

import pytest
from playwright.sync_api import expect

from fmnist_core.runs.locks import take
from fmnist_core.runs.metrics_log import EPOCH_FIGURES, MetricsWriter
from fmnist_core.runs.notes import Notes, change_notes
from fmnist_core.runs.status import Status
from tests.app import run_folders
from tests.browser.access import serious, too_wide

pytestmark = pytest.mark.browser

ROW, HEAD = 35, 35  # pixels of the table


@pytest.fixture
def pair(store):
    """Two finished runs that share a tag, "alpha" the better one."""
    found = [
        run_folders.finished_run(store, name, correct=correct)
        for name, correct in (("alpha", 5_600), ("beta", 5_300))
    ]
    for run in found:
        change_notes(run.folder, tag=["pair"])
    yield found
    for run in found:
        if run.folder.is_dir():
            store.trash.put(run)


def tick_row(app, number):
    """Click the box of a row of the table, counted from 0."""
    app.page.wait_for_timeout(500)  # what was clicked before has reached the server
    app.settle()
    table = app.page.get_by_test_id("stDataFrame").first
    expect(table.locator("canvas").first).to_be_visible()
    table.evaluate("node => node.scrollIntoView({block: 'center'})")
    app.page.wait_for_timeout(500)  # it draws itself
    box = table.bounding_box()
    app.page.mouse.click(box["x"] + 15, box["y"] + HEAD + ROW * number + ROW / 2)
    app.page.wait_for_timeout(500)  # it waits for more clicks before it tells the server
    app.settle()


def only_the_pair(app):
    page = app.open("runs")
    page.get_by_label("Search", exact=True).fill("pair")
    page.keyboard.press("Enter")
    expect(page.get_by_text(re.compile(r"^2 of \d+ runs"))).to_be_visible()
    app.settle()
    return page


def test_runs_are_found_ticked_starred_deleted_and_had_back(app, store, pair):
    alpha, beta = pair
    page = only_the_pair(app)
    tick_row(app, 0)
    expect(page.get_by_text("Ticked: 1 run")).to_be_visible()
    page.get_by_role("button", name="Star", exact=True).click()
    expect(page.get_by_role("button", name="Unstar")).to_be_visible()
    assert alpha.notes.star and not beta.notes.star

    tick_row(app, 1)
    expect(page.get_by_text("Ticked: 2 runs")).to_be_visible()
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_text("2 runs deleted; the trash keeps them for 7 days.")).to_be_visible()
    assert not {alpha.run_id, beta.run_id} & set(store.run_ids())
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text(re.compile(r"^2 of \d+ runs"))).to_be_visible()
    assert {alpha.run_id, beta.run_id} <= set(store.run_ids())


@pytest.mark.slow
def test_a_tick_stays_with_its_run_when_the_order_turns(app, store, pair):
    alpha, beta = pair
    page = only_the_pair(app)
    tick_row(app, 0)
    page.get_by_text("Smallest first").click()
    app.settle()
    tick_row(app, 0)  # beta stands there now, and alpha below it is still ticked
    expect(page.get_by_text("Ticked: 2 runs")).to_be_visible()
    tick_row(app, 0)
    expect(page.get_by_text("Ticked: 1 run", exact=True)).to_be_visible()
    page.get_by_role("button", name="Star", exact=True).click()
    expect(page.get_by_role("button", name="Unstar")).to_be_visible()
    assert alpha.notes.star and not beta.notes.star


def test_a_keyboard_ticks_a_run_and_the_table_shows_it(app, pair):
    page = only_the_pair(app)
    box = page.get_by_role("combobox", name=re.compile("^Ticked"))
    box.focus()
    page.keyboard.type("beta")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Ticked: 1 run")).to_be_visible()
    page.keyboard.press("Escape")
    app.settle()
    tick_row(app, 1)  # beta's box: a second click on a ticked one takes the tick away
    expect(page.get_by_text("Ticked: 0 runs")).to_be_visible()


def test_the_filters_survive_a_reload(app, pair):
    page = only_the_pair(app)
    page.get_by_label("Search", exact=True).fill("alpha")
    page.keyboard.press("Enter")
    expect(page.get_by_text(re.compile(r"^1 of \d+ runs"))).to_be_visible()
    page.get_by_role("combobox", name="Tags").focus()
    page.keyboard.type("pair")
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")  # closes the list
    page.wait_for_url(re.compile("text=alpha.*tags=pair|tags=pair.*text=alpha"))
    app.reload()
    expect(page.get_by_text(re.compile(r"^1 of \d+ runs"))).to_be_visible()
    expect(page.get_by_label("Search", exact=True)).to_have_value("alpha")

    page.get_by_label("Search", exact=True).fill("")
    page.keyboard.press("Enter")
    expect(page.get_by_text(re.compile(r"^2 of \d+ runs"))).to_be_visible()
    page.wait_for_url(re.compile(r"runs\?((?!text=).)*$"))
    page.get_by_role("link", name="Overview").click()
    app.settle()
    page.wait_for_timeout(300)
    assert "tags=" not in page.url


def test_curves_of_two_ticked_runs_show_and_change_in_place(app, pair):
    page = only_the_pair(app)
    tick_row(app, 0)
    tick_row(app, 1)
    chart = page.get_by_role("img", name=re.compile("^Validation accuracy by epoch of 2 runs"))
    expect(chart.locator(".scatterlayer .trace")).to_have_count(2)
    expect(chart.get_by_text("alpha")).to_be_visible()
    chart.evaluate("node => node.mark = 1")

    page.get_by_role("radio", name="Seconds").click()
    chart = page.get_by_role("img", name=re.compile("^Validation accuracy by seconds of 2 runs"))
    expect(chart.locator(".scatterlayer .trace")).to_have_count(2)
    assert chart.evaluate("node => node.mark") == 1
    page.get_by_role("radio", name="Accuracy and cost").click()
    expect(page.get_by_role("img", name=re.compile("not beaten: alpha"))).to_be_visible()
    page.get_by_role("radio", name="Settings", exact=True).click()
    expect(page.get_by_text("These runs have the same settings")).to_be_visible()


def test_a_run_is_named_and_tagged_and_the_list_is_taken_along(app, pair, tmp_path):
    page = only_the_pair(app)
    tick_row(app, 1)
    page.get_by_role("button", name="Edit").click()
    page.get_by_label("Name", exact=True).fill("beta two")
    page.get_by_label("Note", exact=True).fill("why\nnot")
    page.get_by_label("Tags", exact=True).last.fill("pair, new")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text(re.compile("^beta two · "))).to_be_visible()
    assert pair[1].notes == Notes(name="beta two", note="why\nnot", tags=("new", "pair"))

    with page.expect_download() as download:
        page.get_by_role("button", name="CSV", exact=True).click()
    download.value.save_as(tmp_path / "runs.csv")
    rows = list(csv.DictReader((tmp_path / "runs.csv").open()))
    assert [(row["name"], row["tags"]) for row in rows] == [
        ("alpha", "pair"),
        ("beta two", "new, pair"),
    ]


def test_everyone_can_use_the_views_of_ticked_runs(app, pair):
    page = only_the_pair(app)
    tick_row(app, 0)
    for view in ("Curves", "Accuracy and cost", "Lineage"):
        page.get_by_role("radio", name=view, exact=True).click()
        expect(page.get_by_role("radio", name=view, exact=True)).to_be_checked()
        for scheme in app.schemes():
            assert serious(page) == [], (view, scheme)


def test_a_phone_shows_the_whole_width_with_ticked_runs(app, pair):
    app.page.set_viewport_size({"width": 390, "height": 844})
    page = only_the_pair(app)
    tick_row(app, 0)
    tick_row(app, 1)
    for view in ("Curves", "Accuracy and cost", "Settings", "Lineage"):
        page.get_by_role("radio", name=view, exact=True).click()
        expect(page.get_by_role("radio", name=view, exact=True)).to_be_checked()
        app.settle()
        page.wait_for_timeout(500)
        assert too_wide(page) == [], view


def test_a_live_run_gets_on_while_one_looks(app, store):
    run = run_folders.live_run(store, "alive", done=2)
    worker = take(run.folder / "worker.lock")  # else the supervisor finds that it is gone
    page = app.open("runs")
    page.get_by_label("Search", exact=True).fill("alive")
    page.keyboard.press("Enter")
    expect(page.get_by_text(re.compile(r"^1 of \d+ runs?"))).to_be_visible()
    app.settle()
    tick_row(app, 0)
    chart = page.get_by_role("img", name=re.compile("^Validation accuracy by epoch of 1 run"))
    expect(chart.locator(".point")).to_have_count(2)
    writer = MetricsWriter(run.folder, attempt=1)
    row = dict.fromkeys(EPOCH_FIGURES, 0.5)
    writer.write("epoch", epoch=3, step=3 * run_folders.STEPS_PER_EPOCH, **row)
    writer.close()
    expect(chart.locator(".point")).to_have_count(3)
    Status(state="finished", attempt=1, epoch=3).write(run.folder)
    worker.release()
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_text("1 run deleted; the trash keeps them for 7 days.")).to_be_visible()
