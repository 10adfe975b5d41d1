"""The References page: claims beside runs, and training them again."""

import dataclasses
from types import SimpleNamespace

import pytest

from fmnist_core.exceptions import StoreError
from fmnist_core.reference import REPORTS, claim_named
from fmnist_core.reference.digits import write_result
from fmnist_core.runs.sweeps import preset_sweep, sweep_tags
from tests.app import run_folders
from tests.app.page_text import texts
from tests.core.test_digits import FOUND
from tests.probed import keep, keep_step
from ui import references


@pytest.fixture(autouse=True)
def launched(store, monkeypatch):
    monkeypatch.setattr("ui.launching.launch", lambda experiment, store: store.create(experiment))


def repeated(store, claim, correct=5_480):
    """A finished run that repeats a claim, or the one of that name; its figures are made up."""
    claim = claim_named(claim) if isinstance(claim, str) else claim
    run = run_folders.finished_run(store, "first", correct=correct)
    made = store.create(claim.experiment())
    for path in run.folder.iterdir():
        if path.is_file() and path.name != "experiment.json":
            (made.folder / path.name).write_bytes(path.read_bytes())
    return made


def repeated_cell(store, activation, optimizer, correct):
    """A finished run of R1's grid, as `repeated`."""
    sweep = preset_sweep("r1-grid")
    cell = dataclasses.replace(sweep, axes={"activation": (activation,), "optimizer": (optimizer,)})
    claim = SimpleNamespace(experiment=lambda: cell.experiments()[0])
    return repeated(store, claim, correct)


def grid(page):
    """The table of what a report says of its grid."""
    (found,) = (each.value for each in page.dataframe if "In its grid" in each.value)
    return found.set_index("In its grid")


def choose(page, report):
    page.get("button_group")[0].set_value(report).run()
    assert not page.exception
    return page


def metric(page, label):
    return next(each.value for each in page.metric if each.label == label)


def test_without_runs_nothing_is_measured(open_page):
    page = open_page("references")

    assert metric(page, "Measured here") == "0 of 31 claims"
    assert metric(page, "✗ Not plausible") == "1"
    assert page.button(key="references-open").disabled


def test_another_report_is_chosen_twice(open_page):
    page = open_page("references")
    for report, question in (("r2", "Are two or three"), ("r4", "What does a better training")):
        assert choose(page, report).header[0].value.startswith(question)


def test_a_report_with_runs_is_shown_first(open_page, store):
    assert open_page("references").header[0].value.startswith("How far does LeNet come")
    repeated(store, "r2-1-layer")

    assert open_page("references").header[0].value.startswith("Are two or three")


def test_a_run_that_repeats_a_claim_is_set_beside_it(open_page, store):
    repeated(store, "r4-better")
    page = choose(open_page("references"), "r4")
    row = page.dataframe[0].value.set_index("What").loc["Better"]

    assert row["The report says"] == "90.89 %" and row["Runs"] == "1"
    assert row["Verdict"] == "✓ reproduced"
    assert metric(page, "Measured here") == "1 of 31 claims"


def test_why_a_figure_is_another_one_is_said(open_page, store):
    repeated(store, "r4-baseline", correct=5_400)
    page = choose(open_page("references"), "r4")

    assert "**Baseline**: " in texts(page) and "points above the report" in texts(page)


def test_what_is_missing_is_queued_once(open_page, store):
    repeated(store, "r4-better")
    page = choose(open_page("references"), "r4")
    button = page.button(key="references-missing")
    assert button.label == "Train what is missing: 1 run"
    button.click().run()

    assert page.button(key="references-missing").disabled
    assert [row.title for row in store.summaries() if row.live] == ["r4-baseline"]


def test_another_seed_is_queued(open_page, store):
    repeated(store, "r4-better")
    page = choose(open_page("references"), "r4")
    page.selectbox(key="references-claim-r4").set_value("r4-better").run()
    for _ in range(2):
        page.button(key="references-repeat").click().run()
    seeds = [store.get(row.run_id).experiment.train.seed for row in store.summaries() if row.live]

    assert sorted(seeds) == [8, 9]


def test_its_runs_are_ticked_on_the_runs_page(open_page, store):
    run = repeated(store, "r4-better")
    page = choose(open_page("references"), "r4")
    page.button(key="references-open").click().run()

    assert page.title[0].value == "Runs"
    assert page.multiselect(key="runs-ticked").value == [run.run_id]


def test_two_runs_are_compared_on_the_errors_page(open_page, store):
    first, second = repeated(store, "r4-baseline"), repeated(store, "r4-better")
    page = choose(open_page("references"), "r4")
    page.button(key="references-compare").click().run()

    assert page.title[0].value == "Errors"
    assert page.session_state["run"] == second.run_id
    assert page.session_state["errors-selection"].other == first.run_id
    assert page.session_state["errors-selection"].part == "test"


def test_what_cannot_be_queued_is_one_sentence(open_page, monkeypatch):
    def refuse(experiments):
        raise StoreError("The disk is full.")

    monkeypatch.setattr(references, "launch_all", refuse)
    page = choose(open_page("references"), "r3")
    page.button(key="references-missing").click().run()

    assert "The disk is full." in texts(page)


def test_what_a_report_leaves_open_is_said(open_page):
    assert "It does not state the number and size of the filters" in texts(
        choose(open_page("references"), "r1")
    )


def test_all_figures_of_its_runs_are_shown(open_page, store):
    run = repeated(store, "r4-better")
    page = choose(open_page("references"), "r4")
    figures = page.dataframe[1].value

    assert list(figures["Run"]) == [f"r4-better · {run.run_id}"]
    assert list(figures.columns)[1:6] == ["Accuracy", "Loss", "Precision", "Recall", "F1"]


def test_a_grid_is_shown_and_what_is_missing_of_it_is_queued_once(open_page, store, monkeypatch):
    monkeypatch.setattr("fmnist_core.jobs.sweeps.ensure_supervisor", lambda root: None)
    page = choose(open_page("references"), "r1")
    assert page.subheader[0].value == "Its grid of 35 runs"
    assert set(grid(page)["Verdict"]) == {"· not measured"}
    button = page.button(key="references-grid-train")
    assert button.label == "Train what is missing of the grid: 35 runs"
    button.click().run()

    assert page.button(key="references-grid-train").disabled
    assert len(store.summaries()) == 35
    (tag,) = sweep_tags(store.summaries())
    assert page.session_state["sweep-chosen"] == tag


def test_the_runs_of_a_grid_are_drawn_as_a_heat_map(open_page, store):
    repeated(store, "r1-grid")
    page = choose(open_page("references"), "r1")
    assert not [each for each in page.selectbox if each.label == "Figure"]
    repeated_cell(store, "elu", "sgd", correct=5_364)
    page.run()

    assert grid(page).loc["ELU, SGD"].tolist() == [
        *("88.94–89.69 %", "89.00 %", "1 of 1", "✓ reproduced"),
    ]
    assert grid(page).loc["Leaky ReLU, SGD", "Cells"] == "0 of 1"
    assert page.button(key="references-grid-train").label.endswith(": 33 runs")
    figure = next(each for each in page.selectbox if each.label == "Figure")
    for name in ("val_loss", "test_accuracy"):
        figure.set_value(name).run()
        assert not page.exception


def test_a_grid_that_cannot_be_queued_is_one_sentence(open_page, monkeypatch):
    def refuse(asked, store):
        raise StoreError("The disk is full.")

    monkeypatch.setattr("ui.reference_grid.launch_sweep", refuse)
    page = choose(open_page("references"), "r1")
    page.button(key="references-grid-train").click().run()

    assert "The disk is full." in texts(page)


def test_times_are_taken_on_a_click_and_compared(open_page, store, monkeypatch):
    asked = []
    monkeypatch.setattr(
        "ui.reference_times.request_probe", lambda experiment, _: asked.append(experiment)
    )
    page = choose(open_page("references"), "r3")
    page.button(key="reference-time").click().run()
    ways = [(each.train.precision, each.train.onednn) for each in asked]
    assert len(set(ways)) == 4

    for seconds, experiment in enumerate(asked, 1):
        keep_step(store, experiment, 0.1 * seconds)
    page.run()
    times = page.dataframe[1].value
    assert times["Times the fastest"].tolist() == ["1.0", "2.0", "3.0", "4.0"]
    assert page.button(key="reference-time").label == "Time them again"
    assert any(r"by Some \[processor\]" in each.value for each in page.caption)


def test_times_in_the_making_and_failed_ones_are_said(open_page, store, monkeypatch):
    ways = next(report for report in REPORTS if report.key == "r3").timed
    keep(store, ways[0].experiment, failure="It took too long.")
    page = choose(open_page("references"), "r3")
    assert "float32, oneDNN on: It took too long." in texts(page)

    monkeypatch.setattr("fmnist_core.jobs.probe.at_work", lambda handle: True)
    keep(store, ways[0].experiment)
    page.run()
    assert page.status[0].label.startswith("Timing: 1 training to go")


def test_a_store_that_cannot_be_written_is_said_beside_the_times(open_page, monkeypatch):
    def full(experiment, store):
        raise StoreError("The disk is full.")

    monkeypatch.setattr("ui.reference_times.request_probe", full)
    page = choose(open_page("references"), "r3")
    page.button(key="reference-time").click().run()

    assert "The disk is full." in texts(page)


def test_a_report_that_compares_no_times_shows_none(open_page):
    page = choose(open_page("references"), "r4")
    assert "How long an epoch takes" not in texts(page)


def test_what_digits_gave_is_said_at_the_claim_that_may_be_of_them(open_page, store):
    page = choose(open_page("references"), "r0")
    assert "reference digits FOLDER" in texts(page)
    store.root.mkdir(exist_ok=True)
    write_result(FOUND, store.root)

    page.run()
    assert "On MNIST's digits the same recipe reached 98.85 %" in texts(page)
    assert "digits the same recipe" not in texts(choose(page, "r4"))
