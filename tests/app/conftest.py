"""A store of its own for each test, and pages driven without a browser."""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from fmnist_core.data.files import load
from fmnist_core.runs.store import RunStore
from tests.app import run_folders
from tests.app.inside_fakes import FakeNetwork

_load_once = functools.cache(load)  # half a second that no test is about
ENTRY = Path(__file__).parents[2] / "pages" / "navigation.py"
OpenPage = Callable[..., AppTest]


@pytest.fixture(autouse=True)
def store(tmp_path, monkeypatch) -> RunStore:
    """An empty store that the pages use; no process is started for its runs."""
    monkeypatch.setenv("FMNIST_RUNS_DIR", str(tmp_path / "runs"))
    # After each run it collects all garbage where another test has imported Keras, for seconds.
    cleaner = "streamlit.runtime.scriptrunner.script_runner._clean_problem_modules"
    monkeypatch.setattr(cleaner, lambda: None)
    for module in ("ui.queue", "fmnist_core.jobs.sweeps"):
        monkeypatch.setattr(f"{module}.ensure_supervisor", lambda root: None)
    monkeypatch.setattr("ui.cache.load", _load_once)
    monkeypatch.setattr("ui.launching.launch", lambda experiment, store: store.create(experiment))
    st.cache_resource.clear()
    st.cache_data.clear()
    return RunStore(tmp_path / "runs")


@pytest.fixture
def answer_with(monkeypatch) -> Callable[[Any], Any]:
    """Put a network in the place of the inference process."""

    def put(found: Any) -> Any:
        monkeypatch.setattr("ui.inference._inference", lambda root: found)
        return found

    return put


@pytest.fixture
def network(answer_with, store) -> FakeNetwork:
    """A network of the shapes of whatever run is asked."""
    return answer_with(FakeNetwork(store))


@pytest.fixture
def full_store(store) -> RunStore:
    """Runs in every state, two of them finished, one damaged."""
    run_folders.add_predictions(run_folders.finished_run(store, "good", correct=5_400))
    run_folders.finished_run(store, "better", "r2-3-layer", correct=5_520, split="resplit")
    for state in ("failed", "interrupted", "stopped"):
        run_folders.ended_run(store, state, f"Why it {state}.", name=f"{state} one")
    run_folders.live_run(store)
    run_folders.queued_run(store)
    run_folders.damaged_run(store)
    return store


@pytest.fixture
def open_page() -> OpenPage:
    """Open a page by its name, as a new session, with the query parameters of its address."""

    def open_it(name: str, **params: str) -> AppTest:
        page = AppTest.from_file(str(ENTRY), default_timeout=20)
        page.query_params.update(params)
        if name != "overview":
            page.switch_page(f"{name}.py")
        page.run()
        assert not page.exception
        return page

    return open_it
