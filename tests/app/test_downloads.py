"""What is taken home from the pages: the chosen images as a ZIP, and reports."""

from __future__ import annotations

import csv
import io
import zipfile

import pytest
import streamlit as st

from fmnist_core.runs.image_tags import change_tags
from fmnist_core.runs.run import Run
from tests.app import run_folders
from tests.app.component import send_to

TOP, SHIRT = 0, 6


@pytest.fixture
def run(store) -> Run:
    """A run with 20 shirts taken for T-shirts, 10 for coats, and 5 pullovers for shirts."""
    found = run_folders.finished_run(store, "first")
    run_folders.add_predictions(found)
    return found


@pytest.fixture
def offered(monkeypatch) -> dict[str, tuple[str, bytes | str]]:
    """Name and content of what each download button of the last run would give."""
    found = {}
    drawn = st.download_button

    def download_button(label, data, **options):
        found[options.get("key") or label] = (options["file_name"], data)
        return drawn(label, data, **options)

    monkeypatch.setattr(st, "download_button", download_button)
    return found


def unpacked(data: bytes) -> tuple[list[dict[str, str]], str]:
    """The table and the word on it."""
    archive = zipfile.ZipFile(io.BytesIO(data))
    rows = list(csv.DictReader(io.StringIO(archive.read("images.csv").decode())))
    assert len(archive.namelist()) == len(rows) + 2
    return rows, archive.read("README.txt").decode()


def test_the_zip_follows_the_selection(open_page, store, run, offered):
    change_tags(store.root, lambda tags: tags.with_tag([6, 16], "cropped"))
    page = open_page("errors", run=run.run_id)
    rows, about = unpacked(offered["errors-zip"][1]())
    assert len(rows) == 35 and "first" in about and "35 validation images of 1,000" in about

    send_to(page, "fmnist_confusion_matrix", {"chosen": {"true": SHIRT, "predicted": TOP}})
    page.selectbox(key="errors-order").select("index").run()
    name, write = offered["errors-zip"]
    rows, about = unpacked(write())
    assert name == f"{run.run_id}-validation-images.zip"
    assert [row["index"] for row in rows[:3]] == ["6", "16", "26"]
    assert rows[0]["tags"] == "cropped" and rows[2]["tags"] == ""
    assert "Shirt → T-shirt/top" in about and "Order: index" in about

    page.slider(key="errors-confidence").set_range(0, 80).run()
    page.multiselect(key="errors-tagged").set_value(["cropped"]).run()
    assert not [button for button in page.get("download_button") if button.proto.label == "ZIP"]
    page.slider(key="errors-confidence").set_range(0, 100).run()
    rows, about = unpacked(offered["errors-zip"][1]())
    assert len(rows) == 2 and "Tagged: cropped" in about


def test_reports_are_of_what_is_shown(open_page, store, run, offered):
    other = run_folders.finished_run(store, "second")
    run_folders.add_predictions(other, tops=4)
    page = open_page("errors", run=run.run_id, view="two", **{"with": other.run_id})
    name, write = offered["errors-report"]
    assert name == f"{run.run_id}.html"
    assert "<h1>first</h1>" in write() and "On 1,000 validation images" in write()
    name, write = offered["errors-report-two"]
    assert name == f"{run.run_id}-against-{other.run_id}.html"
    assert "first is worse than second by 1.60 points on 1,000 validation images" in write()

    for part in ("test", "validation", "test"):
        page.segmented_control(key="errors-part").set_value(part).run()
        images = 500 if part == "test" else 1_000
        assert f"On {images:,} {part} images" in offered["errors-report"][1]()


def test_train_and_runs_offer_the_report_too(open_page, run, offered):
    open_page("train", run=run.run_id)

    assert "<h1>first</h1>" in offered[f"report-{run.run_id}"][1]()
