"""Runs sorted into the cells of two settings."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fmnist_core.runs.cross_table import cross_table, what_follows_last
from fmnist_core.runs.summary import RunSummary
from tests.ended import outcome


def row(correct=None, **settings):
    """A run with so many of 100 validation images right; without them it has not ended."""
    return RunSummary(
        run_id="20260101-000000-aaaaaa",
        settings=settings,
        result=None if correct is None else outcome(correct),
    )


def test_cells_hold_the_mean_of_the_runs_that_have_ended():
    rows = [
        row(80, optimizer="sgd", batch_size=64),
        row(90, optimizer="sgd", batch_size=64),
        row(None, optimizer="sgd", batch_size=64),
        row(None, optimizer="adam", batch_size=512),
        row(70, optimizer="adam", batch_size=64),
    ]
    found = cross_table(rows, "batch_size", "optimizer")

    assert (found.x_values, found.y_values) == ([64, 512], ["adam", "sgd"])
    assert [[cell.mean("val_accuracy") for cell in line] for line in found.cells] == [
        [0.7, None],
        [pytest.approx(0.85), None],
    ]
    assert [[len(cell.rows) for cell in line] for line in found.cells] == [[1, 1], [3, 0]]
    assert found.cells[1][0].figures("val_accuracy") == [0.8, 0.9]
    assert found.cells[1][0].mean("val_loss") == 0.25


def test_none_comes_last_and_damaged_runs_not_at_all():
    damaged = RunSummary(run_id="20260101-000000-aaaaaa", problem="It is torn.")
    rows = [damaged, row(1, subset=None), row(1, subset=900), row(1, subset=80)]
    found = cross_table(rows, "subset", "optimizer")

    assert (found.x_values, found.y_values) == ([80, 900, None], ["adam"])


@given(
    st.lists(
        st.tuples(st.sampled_from(["adam", "sgd"]), st.integers(1, 4), st.integers(0, 100)),
        min_size=1,
    )
)
def test_means_are_those_of_pandas(figures):
    rows = [row(right, optimizer=word, epochs=number) for word, number, right in figures]
    frame = pd.DataFrame(figures, columns=["optimizer", "epochs", "right"])
    pivot = frame.pivot_table(index="optimizer", columns="epochs", values="right", aggfunc="mean")
    found = cross_table(rows, "epochs", "optimizer")

    assert found.x_values == list(pivot.columns) and found.y_values == list(pivot.index)
    for line, expected in zip(found.cells, pivot.to_numpy(), strict=True):
        for cell, mean in zip(line, expected, strict=True):
            got = cell.mean("val_accuracy")
            assert got is None if pd.isna(mean) else got == pytest.approx(mean / 100)


def test_a_rate_that_is_each_optimizers_own_comes_last():
    names = ["learning_rate", "optimizer", "batch_size"]
    rows = [
        row(80, optimizer="sgd", learning_rate=0.01, batch_size=64),
        row(80, optimizer="sgd", learning_rate=0.01, batch_size=128),
        row(80, optimizer="adam", learning_rate=0.001, batch_size=64),
        row(80, optimizer="nadam", learning_rate=0.001, batch_size=64),
    ]
    assert what_follows_last(rows, names) == ["optimizer", "batch_size", "learning_rate"]

    rows.append(row(80, optimizer="sgd", learning_rate=0.001, batch_size=64))
    assert what_follows_last(rows, names) == names
