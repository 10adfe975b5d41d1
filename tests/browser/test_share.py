"""A network leaves the page and comes back: by link, by file, as a notebook, after a restart."""

from __future__ import annotations

import json

import nbformat
import pytest
from nbclient import NotebookClient
from playwright.sync_api import expect

from fmnist_core.model import link, presets
from fmnist_core.runs.store import RunStore
from tests.browser.app_page import AppPage
from tests.browser.app_server import serve

pytestmark = pytest.mark.browser

THREE = presets.load("r2-3-layer").experiment.model
TINY_PLAN = {"train": {"epochs": 1, "batch_size": 64}, "data": {"subset": 500, "validation": 500.0}}


def opened(app: AppPage, **params: str):
    return app.open("build?" + "&".join(f"{name}={value}" for name, value in params.items()))


def test_a_shared_link_opens_in_a_second_browser(app, browser, app_url):
    page = opened(app, net=link.encode(THREE), plan=link.pack(TINY_PLAN))
    page.get_by_role("button", name="Share").click()
    shared = page.get_by_test_id("stCode").inner_text()
    assert shared.startswith(app_url)
    assert len(shared) < 2_000

    other = browser.new_context()
    guest = AppPage(other.new_page(), app_url)
    guest.page.goto(shared)
    guest.settle()
    expect(guest.page.get_by_text("1,421,194", exact=True)).to_be_visible()
    guest.page.get_by_role("link", name="Train").click()
    expect(guest.page.get_by_label("Batch size", exact=True)).to_have_value("64")
    guest.check()
    other.close()


def test_after_a_damaged_link_the_own_network_is_one_step_back(app):
    page = opened(app, net=link.encode(THREE))
    expect(page.get_by_text("1,421,194", exact=True)).to_be_visible()
    opened(app, net="1.damaged")
    expect(page.get_by_text("is damaged")).to_be_visible()
    page.go_back()
    app.settle()
    expect(page.get_by_text("1,421,194", exact=True)).to_be_visible()


def test_a_downloaded_file_opens_in_another_session(app, second_tab, tmp_path):
    page = opened(app, net=link.encode(THREE))
    page.get_by_role("button", name="Share").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download as JSON").click()
    assert download.value.suggested_filename == "r2-3-layer.json"
    file = tmp_path / "network.json"
    download.value.save_as(file)

    other = second_tab.open("build")
    other.get_by_role("button", name="Share").click()
    other.locator("input[type=file]").set_input_files(file)
    expect(other.get_by_text("1,421,194", exact=True)).to_be_visible()


@pytest.mark.slow  # as one that is exported by the command does
def test_the_exported_notebook_runs(app, tmp_path, keras_home, monkeypatch):
    monkeypatch.setenv("KERAS_HOME", str(keras_home))
    page = opened(
        app, net=link.encode(presets.load("small").experiment.model), plan=link.pack(TINY_PLAN)
    )
    page.get_by_role("radio", name="Code").click()
    with page.expect_download() as download:
        page.get_by_role("button", name=".ipynb").click()
    assert download.value.suggested_filename == "small.ipynb"
    file = tmp_path / "small.ipynb"
    download.value.save_as(file)

    notebook = nbformat.read(file, as_version=4)
    nbformat.validate(notebook)
    client = NotebookClient(notebook, timeout=90, resources={"metadata": {"path": str(tmp_path)}})
    client.execute()
    printed = json.dumps([cell.get("outputs", []) for cell in notebook.cells])
    assert "of 10,000 test images" in printed


@pytest.mark.slow
def test_a_restart_of_the_server_leaves_the_network_alone(page, tmp_path):
    runs, name = RunStore(tmp_path / "runs").root, page.get_by_role("textbox", name="Network name")
    with serve(runs, tmp_path / "first.log") as url:
        app = AppPage(page, url)
        app.open("build")
        rename(app, "kept")
    with serve(runs, tmp_path / "second.log", port=int(url.rpartition(":")[2])):
        app.settle()
        expect(name).to_have_value("kept", timeout=30_000)
        page.wait_for_timeout(2_000)  # the browser finds the server again, with a new session
        rename(app, "changed after the restart")
        app.reload()
        expect(name).to_have_value("changed after the restart")
        app.check()


def test_the_first_edit_after_a_restart_is_not_lost(page, tmp_path):
    runs = RunStore(tmp_path / "runs").root
    with serve(runs, tmp_path / "first.log") as url:
        app = AppPage(page, url)
        app.open("build")
        app.card("dense_1").get_by_role("button", name="Duplicate").click()
        expect(page.get_by_text("+ Dense")).to_be_visible()
        page.wait_for_timeout(300)
    with serve(runs, tmp_path / "second.log", port=int(url.rpartition(":")[2])):
        page.wait_for_timeout(2_000)
        app.card("flatten_1").get_by_role("button", name="Remove").click()
        expect(page.get_by_text("− flatten_1")).to_be_visible()
        app.reload()
        expect(app.card("dense_3")).to_be_visible()
        expect(app.card("flatten_1")).to_have_count(0)
        app.check()


def rename(app: AppPage, name: str) -> None:
    app.page.get_by_role("textbox", name="Network name").fill(name)
    app.page.keyboard.press("Enter")
    app.settle()
    expect(app.page.get_by_text("Made from the preset small")).to_be_visible()
    app.page.wait_for_timeout(300)  # the address follows
