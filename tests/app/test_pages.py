"""What holds for every page: it opens, says what it is, and stays light."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from fmnist_core.exceptions import StoreError
from tests.app import run_folders
from tests.app.page_text import texts

ENTRY = Path(__file__).parents[2] / "pages" / "navigation.py"
PAGES = (
    *("overview", "data", "build", "train", "runs", "errors"),
    *("inside", "classify", "references"),
)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_opens_on_an_empty_store(open_page, name):
    page = open_page(name)

    assert page.title[0].value == name.capitalize()
    assert page.button or page.info or page.get("bidi_component")  # never an empty screen


@pytest.mark.parametrize("name", PAGES)
def test_a_page_opens_on_a_store_with_runs_in_every_state(open_page, full_store, name):
    page = open_page(name)

    assert page.title[0].value == name.capitalize()
    assert not page.error


@pytest.mark.parametrize("name", ("overview", "train", "runs", "errors", "inside", "classify"))
def test_an_unreadable_store_is_one_sentence(open_page, monkeypatch, name):
    def refuse(self):
        raise StoreError("The runs cannot be read: permission denied.")

    monkeypatch.setattr("fmnist_core.runs.store.RunStore.run_ids", refuse)

    assert "The runs cannot be read: permission denied." in texts(open_page(name))


def test_an_unexpected_error_surfaces_as_a_bug(open_page, monkeypatch):
    page = open_page("runs")
    monkeypatch.setattr("fmnist_core.runs.store.RunStore.summaries", lambda self: 1 / 0)

    assert page.run().exception


@pytest.mark.parametrize("name", PAGES)
def test_foreign_text_is_shown_as_text(open_page, store, name):
    message = "![x](http://evil.example/x.png) $$ <b> :smile:"
    run = run_folders.ended_run(store, "failed", message)
    page = open_page(name, run=run.run_id)

    for element in (*page.markdown, *page.error, *page.warning, *page.caption):
        assert "![x](" not in element.value


def test_no_page_imports_tensorflow(full_store):
    run_id = full_store.run_ids()[0]
    script = f"""
import sys
from streamlit.testing.v1 import AppTest
for name in {PAGES[1:]}:
    page = AppTest.from_file({str(ENTRY)!r}, default_timeout=30)
    page.query_params["run"] = {run_id!r}
    assert not page.run().exception
    assert not page.switch_page(name + ".py").run().exception
print(sorted({{"tensorflow", "keras", "sklearn"}} & set(sys.modules)))
"""
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ENTRY.parents[1],
        env={**os.environ, "FMNIST_SPARE": "0"},  # nothing is trained here
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.stdout.strip() == "[]", done.stderr
