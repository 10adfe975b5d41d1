"""Filters, order and CSV of runs, each with runs that can be told apart in the head."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fmnist_core.exceptions import SpecError
from fmnist_core.export.run_list import runs_csv
from fmnist_core.runs.columns import COLUMNS
from fmnist_core.runs.notes import Notes
from fmnist_core.runs.selection import Filter, same_in_all, select, sort
from fmnist_core.runs.status import Status
from fmnist_core.runs.summary import RunSummary
from tests.ended import outcome


def row(number, state="finished", correct=None, **changes):
    result = None if correct is None else outcome(correct, seconds=10.0 * number)
    fields = {"title": f"run{number}", "model": "net", "status": Status(state=state)}
    fields |= {"result": result, "parameters": 100 * number, **changes}
    return RunSummary(run_id=f"20260101-00000{number}-aaaaaa", **fields)


ROWS = [
    row(5, "running", owner="eve", notes=Notes(tags=("x", "y"))),
    row(4, correct=90, notes=Notes(archived=True)),
    row(3, correct=80, settings={"learning_rate": 0.1}, notes=Notes(tags=("x",), star=True)),
    row(2, correct=95, owner="bob", notes=Notes(note="Two convolutions")),
    row(1, "failed"),
]


def shown(**wanted):
    return [int(found.title[3:]) for found in select(ROWS, Filter(**wanted))]


def test_all_but_the_archived_are_shown_unless_asked_otherwise():
    assert shown() == [5, 3, 2, 1]
    assert shown(archived=True) == [5, 4, 3, 2, 1]


@pytest.mark.parametrize(
    ("wanted", "numbers"),
    [
        ({"tags": ("x",)}, [5, 3]),
        ({"tags": ("x", "y")}, [5]),
        ({"owners": ("eve", "bob")}, [5, 2]),
        ({"states": ("failed", "running")}, [5, 1]),
        ({"starred": True}, [3]),
        ({"text": "CONV two"}, [2]),
        ({"text": "two runs"}, []),
        ({"ranges": {"parameters": (200, 300)}}, [3, 2]),
        ({"ranges": {"parameters": (None, 200)}}, [2, 1]),
        ({"ranges": {"val_accuracy": (0.85, None)}}, [2]),
        ({"ranges": {"learning_rate": (0.05, None)}}, [3]),
        ({"ranges": {"time": (None, None)}}, [3, 2]),
    ],
)
def test_each_filter_shows_what_it_says(wanted, numbers):
    assert shown(**wanted) == numbers


def test_a_range_of_words_is_refused():
    with pytest.raises(SpecError, match="Range must be of one of val_accuracy, "):
        Filter(ranges={"name": (0, 1)})


def order(by, **how):
    return [int(found.title[3:]) for found in sort(ROWS, by, **how)]


def test_the_best_come_first_and_runs_without_the_figure_last_newest_first():
    assert order("val_accuracy") == [2, 4, 3, 5, 1]
    assert order("val_accuracy", descending=False) == [3, 4, 2, 5, 1]
    assert order("name", descending=False) == [1, 2, 3, 4, 5]
    assert order("owner", descending=False)[:2] == [2, 5]


def test_an_unknown_column_is_refused():
    with pytest.raises(SpecError, match="Sort must be one of star, name, state, val_accuracy"):
        sort(ROWS, "colour")


@pytest.mark.parametrize("name", COLUMNS)
def test_every_column_can_be_sorted_also_for_a_damaged_run(name):
    damaged = RunSummary(run_id="20260101-000009-aaaaaa", problem="It is torn.")

    assert len(sort([*ROWS, damaged], name)) == 6


@given(st.lists(st.sampled_from(ROWS)), st.sampled_from(list(COLUMNS)), st.booleans())
def test_sorting_loses_and_doubles_nothing(rows, by, descending):
    found = sort(rows, by, descending=descending)

    assert sorted(each.run_id for each in found) == sorted(each.run_id for each in rows)


def test_columns_that_are_equal_in_all_are_told_with_their_value():
    names = ("model", "learning_rate", "batch_size", "name")

    assert same_in_all(ROWS, names) == {"model": "net", "batch_size": 128}
    assert same_in_all(ROWS[:1], names) == {}


def test_csv_has_every_column_and_no_formula():
    rows = [*ROWS, row(6, notes=Notes(note='=HYPERLINK("http://x")'))]
    table = list(csv.DictReader(io.StringIO(runs_csv(rows))))

    assert list(table[0]) == list(COLUMNS)
    assert [line["val_accuracy"] for line in table] == ["", "0.9", "0.8", "0.95", "", ""]
    assert table[2]["learning_rate"] == "0.1"
    assert table[0]["tags"] == "x, y"
    assert table[5]["note"] == '\'=HYPERLINK("http://x")'
