"""The server is killed while a network learns: training goes on, and the page finds it again."""

from __future__ import annotations

import re
import time
from dataclasses import replace

import psutil
import pytest
from playwright.sync_api import expect

from fmnist_core.jobs import launch, wait
from fmnist_core.model import presets
from fmnist_core.runs.store import RunStore
from fmnist_core.specs import DataSpec
from tests.browser.app_page import AppPage
from tests.browser.app_server import serve

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


@pytest.fixture
def own_store(tmp_path):
    """A store whose runs are told to end when the test has."""
    store = RunStore(tmp_path / "runs")
    yield store
    for run in map(store.get, store.run_ids()):
        if run.status.live:
            run.stop()


def kill_server(url: str) -> None:
    """End whoever listens at this address, without a word."""
    port = url.rpartition(":")[2]
    for process in psutil.process_iter(["cmdline"]):
        if "streamlit" in (line := process.info["cmdline"] or []) and port in line:
            process.kill()
            process.wait()


def test_a_killed_server_leaves_the_training_alone(page, own_store, tmp_path):
    base = presets.load("small").experiment
    endless = replace(base.train, epochs=1000, batch_size=64)
    data = DataSpec(subset=2000, validation=500)
    with serve(own_store.root, tmp_path / "first.log") as url:
        run = launch(replace(base, train=endless, data=data, name="survivor"), own_store)
        AppPage(page, url).open(f"train?run={run.run_id}")
        expect(page.get_by_role("img", name=re.compile("^Loss by step"))).to_be_visible(
            timeout=60_000
        )
        kill_server(url)
    step = run.history.steps[-1]
    deadline = time.monotonic() + 60
    while run.history.steps[-1] == step:
        assert time.monotonic() < deadline, "training ended with the server"
        time.sleep(0.1)

    with serve(own_store.root, tmp_path / "second.log") as url:
        app = AppPage(page, url)
        app.open(f"train?run={run.run_id}")
        expect(page.get_by_role("heading", name="survivor")).to_be_visible()
        page.get_by_role("button", name="Stop and keep").click()
        expect(page.get_by_text("Stopped by hand.")).to_be_visible(timeout=60_000)
        app.check()
    assert wait(run).state == "stopped"
    assert run.result is not None
