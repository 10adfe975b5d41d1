"""What a report says of its grid, beside runs that repeat its cells."""

import dataclasses
import json

import pytest

from fmnist_core.cli import main
from fmnist_core.export.reference_list import grid_table, reference_markdown
from fmnist_core.reference import REPORTS, claim_named
from fmnist_core.reference.asked import missing
from fmnist_core.reference.grid import grid_experiments, grid_rows, measure_grid
from fmnist_core.runs.store import RunStore
from fmnist_core.runs.summary import recipe
from tests.core.test_reference import ended

TOUR = next(report for report in REPORTS if report.key == "r1")
CELLS = {(each.model.layers[0].settings["activation"], each.train.optimizer): each
         for each in grid_experiments(TOUR)}  # fmt: skip


class Cell:
    """A cell of the grid in place of a claim."""

    def __init__(self, activation, optimizer):
        self._asked = CELLS[activation, optimizer]

    def experiment(self):
        return self._asked


def row(activation, optimizer, correct, number=1):
    made = ended(Cell(activation, optimizer), correct, number=number, activation=activation)
    return dataclasses.replace(made, settings={**made.settings, "optimizer": optimizer})


def said(rows):
    return {each.claim.label: each for each in measure_grid(TOUR, rows)}


def test_the_best_cell_is_the_reference_of_that_name():
    assert len(CELLS) == 35
    assert recipe(CELLS["leaky_relu", "adamax"]) == recipe(claim_named("r1-grid").experiment())


def test_only_runs_of_its_cells_are_part_of_it():
    inside, outside = row("elu", "sgd", 8_900), ended(claim_named("r1-mlp-1"))
    waiting = ended(Cell("elu", "adam"), state="stopped")

    assert grid_rows(TOUR, [inside, outside, waiting]) == [inside]
    assert len(missing(CELLS.values(), [inside, outside, waiting])) == 34


@pytest.mark.parametrize(
    ("correct", "verdict"),
    # Said: 88.94 to 89.69 %. Around 89 %, chance makes 1.0 points.
    ((8_900, "reproduced"), (8_850, "reproduced"), (8_750, "lower"), (9_100, "higher")),
)
def test_a_cell_is_judged_as_a_claim_is(correct, verdict):
    assert said([row("elu", "sgd", correct)])["ELU, SGD"].verdict == verdict


def test_of_all_activations_the_furthest_one_is_judged():
    rows = [row("relu", "adadelta", 7_500), row("tanh", "adadelta", 7_000, number=2)]
    found = said(rows)["Adadelta, every activation"]

    assert (found.accuracies, found.cells) == ((0.70, 0.75), 5)
    assert found.verdict == "lower"
    assert found.reason.startswith("4.0 points below the report; chance makes 1.3 at most")


def test_seeds_of_a_cell_are_averaged():
    rows = [row("tanh", "adamax", 9_000), row("tanh", "adamax", 9_200, number=2)]

    assert said(rows)["tanh, Adamax"].accuracies == (pytest.approx(0.91),)


def test_without_runs_nothing_is_measured():
    assert {each.verdict for each in measure_grid(TOUR, [])} == {"not measured"}
    assert grid_table(TOUR, [])[0] == (
        "Leaky ReLU, Adamax",
        "91.84 %",
        "–",
        "0 of 1",
        "not measured",
    )


def test_a_range_is_written_from_end_to_end():
    rows = [row("relu", "adagrad", 8_150), row("tanh", "adagrad", 8_320, number=2)]
    written = {line[0]: line[1:] for line in grid_table(TOUR, rows)}

    assert written["Adagrad, every activation"] == (
        *("81.00–84.00 %", "81.50–83.20 %", "2 of 5", "reproduced"),
    )


def test_the_page_of_results_shows_the_grid_once_a_run_is_there(tmp_path, monkeypatch):
    store = RunStore(tmp_path)
    assert "Its grid" not in reference_markdown(store)
    rows = [row("elu", "sgd", 8_750), row("tanh", "adam", 9_000, number=2)]
    monkeypatch.setattr(RunStore, "summaries", lambda store: rows)
    monkeypatch.setattr("fmnist_core.export.reference_list.run_ids_of", lambda measured: [])
    text = reference_markdown(store)

    assert "| ELU, SGD | 88.94–89.69 % | 87.50 % | 1 of 1 | lower |" in text
    assert "- **ELU, SGD**: 1.4 points below the report" in text
    assert "by activation and optimizer; 2 runs." in text
    assert "| activation | adam | sgd |" in text
    assert "| elu | – | 87.50 % |\n| tanh | 90.00 % | – |" in text


def test_the_command_shows_it_below_the_claims(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("FMNIST_RUNS_DIR", str(tmp_path))
    assert main(["reference", "table"]) == 0

    assert "Adadelta, every activation  74.00–79.00 %" in capsys.readouterr().out

    assert main(["reference", "table", "--json"]) == 0
    every = [each for each in json.loads(capsys.readouterr().out) if "grid" in each]
    assert every[-1]["where"] == {"optimizer": "adadelta"}
    assert every[-1]["claimed"] == [0.74, 0.79]
    assert (every[-1]["accuracies"], every[-1]["cells"]) == ([], 5)
