"""A person's way through the app: build, train, watch, find again."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from fmnist_core.runs.locks import take
from fmnist_core.runs.status import FINISHED, Status
from tests.app.run_folders import append_batches, live_run, write_result

pytestmark = pytest.mark.browser


def test_a_preset_is_changed_trained_watched_and_found_again(app, store):
    before = set(store.run_ids())
    page = app.open("build")
    page.get_by_role("button", name="Start from").click()
    page.get_by_role("radio", name="R2 · Depth").click()
    page.get_by_role("button", name="r2-1-layer").click()
    expect(page.get_by_test_id("stMetricValue").filter(has_text="173,738")).to_be_visible()
    app.settle()

    # 32 → 4 filters: 4·9+4 = 40 parameters, then 13·13·4·32+32 = 21,664 and 330.
    app.card("conv2d_1").get_by_label("Filters", exact=True).fill("4")
    page.keyboard.press("Enter")
    expect(page.get_by_text("22,034", exact=True)).to_be_visible()

    page.get_by_role("button", name="Train this network").click()
    expect(page.get_by_role("heading", name="Train", exact=True)).to_be_visible()
    for label, value in (("Run name", "journey"), ("Epochs", "1"), ("Batch size", "32")):
        page.get_by_label(label, exact=True).fill(value)
        page.keyboard.press("Enter")
        app.settle()
    page.get_by_label("Training subset", exact=True).fill("1000")
    page.get_by_role("button", name="Launch").dblclick()  # with the last value just typed

    expect(page.get_by_role("heading", name="journey")).to_be_visible()
    (run_id,) = set(store.run_ids()) - before
    assert store.get(run_id).experiment.data.subset == 1_000
    app.reload()  # in the middle: the address finds the run again
    expect(page.get_by_role("heading", name="journey")).to_be_visible()
    expect(page.get_by_text("Test accuracy")).to_be_visible(timeout=60_000)
    chart = page.get_by_role("img", name=re.compile("^Accuracy by step, up to step 32"))
    expect(chart).to_be_visible()

    page.get_by_role("link", name="Runs").click()
    expect(page.get_by_role("heading", name="Runs")).to_be_visible()
    page.get_by_label("Search", exact=True).fill("journey")
    page.keyboard.press("Enter")
    expect(page.get_by_text(re.compile(r"^1 of \d+ runs?\."))).to_be_visible()


def test_a_network_under_construction_survives_a_reload_on_build_and_on_train(app):
    page = app.open("build")
    app.card("flatten_1").get_by_role("button", name="Remove").click()
    expect(app.card("dense_2")).to_contain_text("The network ends in a 5×5×10 map")
    app.reload()
    expect(app.card("dense_2")).to_contain_text("The network ends in a 5×5×10 map")

    page.get_by_role("link", name="Train").click()
    expect(page.get_by_text("This network cannot be trained yet.")).to_be_visible()
    app.reload()
    expect(page.get_by_text("This network cannot be trained yet.")).to_be_visible()


def test_two_tabs_build_two_networks(app, second_tab):
    app.open("build")
    second_tab.open("build")
    app.card("dense_1").get_by_role("button", name="Remove").click()
    expect(app.card("dense_1")).to_have_count(0)
    second_tab.card("dense_1").get_by_role("button", name="Duplicate").click()
    expect(second_tab.card("dense_3")).to_be_visible()
    app.reload()
    second_tab.reload()
    expect(second_tab.card("dense_3")).to_be_visible()
    expect(app.card("dense_2")).to_be_visible()
    expect(app.card("dense_1")).to_have_count(0)


def test_the_back_button_leaves_the_page_however_many_edits_were_made(app):
    page = app.open("runs")
    page.get_by_role("link", name="Build").click()
    for filters, parameters in (("8", 80), ("9", 90), ("10", 100)):
        app.card("conv2d_1").get_by_label("Filters", exact=True).fill(filters)
        page.keyboard.press("Enter")
        # An edit that is sent after the way back would ask for this page again.
        expect(app.card("conv2d_1")).to_contain_text(f"{parameters} params")
    app.settle()
    page.go_back()
    expect(page.get_by_role("heading", name="Runs")).to_be_visible()


def test_a_layer_is_inserted_by_the_palette(app):
    page = app.open("build")
    page.get_by_role("button", name="Insert a layer below conv2d_1").click()
    page.get_by_role("option", name="BatchNormalization").click()
    expect(app.card("batch_normalization_1")).to_contain_text("64 params")
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert app.layers()[:2] == ["conv2d_1", "batch_normalization_1"]


def test_a_live_run_gets_on_without_the_page_being_drawn_anew(app, store):
    run = live_run(store, "zoomed")
    worker = take(run.folder / "worker.lock")  # else the supervisor finds that it is gone
    page = app.open(f"train?run={run.run_id}")
    chart = page.locator(".chart").first
    expect(chart.locator(".main-svg").first).to_be_visible()
    chart.evaluate("node => { node.mark = 1; Plotly.relayout(node, {'xaxis.range': [100, 200]}) }")
    append_batches(run.folder, before=1_044, count=22)

    expect(page.get_by_text("step 1,066 of 2,110")).to_be_visible()
    expect(chart).to_have_attribute("aria-label", re.compile("up to step 1,066"))
    assert chart.evaluate("node => node.mark") == 1
    assert chart.evaluate("node => node.layout.xaxis.range") == [100, 200]

    write_result(run.folder, 5_400)
    Status(state=FINISHED, attempt=1, epoch=5).write(run.folder)
    expect(page.get_by_text("95 % interval 89.2–90.7 %")).to_be_visible()
    worker.release()
