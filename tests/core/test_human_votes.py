"""Votes of people on the test images: read, kept, summed up; no file of them is part of this."""

from __future__ import annotations

import json

import numpy as np
import pytest

from fmnist_core.analysis.human_votes import (
    FILE_NAME,
    HumanVotes,
    keep_votes,
    load_votes,
    read_csv,
    votes_by_class,
)
from fmnist_core.cli import main
from fmnist_core.data.files import load
from fmnist_core.exceptions import DataError, StoreError


def agreeing(labels: np.ndarray) -> np.ndarray:
    """Ten votes an image, all for the label."""
    counts = np.zeros((10_000, 10), np.int32)
    counts[np.arange(10_000), labels] = 10
    return counts


@pytest.fixture(scope="module")
def labels():
    return load().y_test


def csv_of(counts: np.ndarray) -> bytes:
    return "\n".join(",".join(map(str, row)) for row in counts.tolist()).encode()


def test_agreement_and_disagreement_of_a_few_votes(labels):
    counts = agreeing(labels)
    counts[0] = [
        5,
        0,
        5,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
    ]  # one bit, and none for the label, a boot
    counts[1] = np.full(10, 3)  # all alike: log2(10) bits, a tenth for the label
    found = HumanVotes(counts=counts)
    assert found.disagreement[:3] == pytest.approx([1, np.log2(10), 0])
    assert found.agreement(labels)[:3] == pytest.approx([0, 0.1, 1])
    assert found.plurality[:2].tolist() == [0, 0]


def test_classes_are_summed_up(labels):
    counts = agreeing(labels)
    boots = np.flatnonzero(labels == 9)[:250]
    counts[boots, 9], counts[boots, 7] = 4, 6
    rows = votes_by_class(HumanVotes(counts=counts), labels)
    assert (rows[9].images, rows[9].right) == (1_000, 750)
    assert rows[9].agreement == pytest.approx(0.75 + 0.25 * 0.4)
    assert (rows[0].right, rows[0].agreement) == (1_000, 1)


def test_the_table_is_read_and_kept(labels, tmp_path):
    found = read_csv(csv_of(agreeing(labels)))
    assert load_votes(tmp_path) is None
    keep_votes(tmp_path, found)
    assert np.array_equal(load_votes(tmp_path).counts, agreeing(labels))
    (tmp_path / FILE_NAME).write_bytes(b"torn")
    with pytest.raises(StoreError, match="the votes of people, is damaged"):
        load_votes(tmp_path)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"", "This table has the shape (0,)."),
        (b"a,b\n1,2", "This file is no table of numbers."),
        (b"\xff\xfe", "This file is no table of numbers."),
        (b"1,2\n3", "This file is no table of numbers."),
        (b"1,2\n3,4", "This table has the shape (2, 2)."),
        (b"1" * (2**21 + 1), "This file has more than 2 MB."),
        (b"0,0,0,0,0,0,0,0,0,0\n" * 10_000, "Some numbers of this table are no counts of votes."),
        (b"-1,2,0,0,0,0,0,0,0,0\n" * 10_000, "Some numbers of this table are no counts of votes."),
        (b"nan,2,0,0,0,0,0,0,0,0\n" * 10_000, "Some numbers of this table are no counts of votes."),
    ],
)
def test_another_file_is_a_sentence(text, said):
    with pytest.raises(DataError) as refused:
        read_csv(text)
    assert str(refused.value).startswith(f"{said} Take fmh_counts.csv of Fashion-MNIST-H as it is")


def test_the_command_keeps_the_file_and_lists_the_most_divided(
    labels, tmp_path, monkeypatch, capsys
):
    monkeypatch.setenv("FMNIST_RUNS_DIR", str(tmp_path / "runs"))
    assert main(["data", "votes"]) == 1
    assert "Nobody has brought the votes" in capsys.readouterr().err
    counts = agreeing(labels)
    counts[77] = 1
    table = tmp_path / "fmh_counts.csv"
    table.write_bytes(csv_of(counts))
    assert main(["data", "votes", "--from", str(table), "--limit", "1", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["images"][0]["index"] == 60_077
    assert main(["data", "votes"]) == 0
    assert "test images, 100.0 %" in capsys.readouterr().out
    assert main(["data", "votes", "--from", str(tmp_path / "none.csv")]) == 1
    assert "cannot be read" in capsys.readouterr().err
