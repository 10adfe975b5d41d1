"""Doubtful labels of the data set: folds that never judge what they saw, the file, the command."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from fmnist_core.analysis.suspects import judge, load_suspects, write_suspects
from fmnist_core.cli import main
from fmnist_core.data.files import load
from fmnist_core.derived.kinds import SUSPECTS
from fmnist_core.derived.place import result_path
from fmnist_core.derived.subject import DATA_SET
from fmnist_core.exceptions import StoreError
from fmnist_core.runs.store import RunStore
from fmnist_core.training import out_of_fold as folds

WRONG = (7, 60_007)  # their labels are doubted


@pytest.fixture(scope="module")
def labels():
    return load().labels


@pytest.fixture(scope="module")
def found(labels):
    """Networks that agree with every label but those of two images."""
    proba = np.full((70_000, 10), 0.01, np.float32)
    proba[np.arange(70_000), labels] = 0.91
    for image in WRONG:
        proba[image] = 0.0
        proba[image, (labels[image] + 1) % 10] = 1.0
    return judge(labels, proba)


def keep(root, found):
    folder = result_path(root, DATA_SET, SUSPECTS)
    folder.mkdir(parents=True)
    write_suspects(folder, found)
    return folder


def test_each_image_is_judged_once_by_a_network_that_did_not_train_on_it(labels):
    splits = list(folds.fold_splits(labels[:60_000]))
    judged = np.concatenate([split.test for split in splits])
    assert np.array_equal(np.sort(judged), np.arange(60_000))
    for split in splits:
        parts = (split.train, split.validation, split.test)
        assert [len(part) for part in parts] == [46_000, 2_000, 12_000]
        assert len(np.unique(np.concatenate(parts))) == 60_000
        assert np.bincount(labels[split.test]).tolist() == [1_200] * 10


def test_labels_that_the_networks_contradict_are_doubted(found, labels):
    assert found.order.tolist() == sorted(WRONG)
    assert found.quality[7] == pytest.approx(0, abs=1e-6) and found.quality[8] > 0.9
    assert found.suggested[7] == (labels[7] + 1) % 10


def test_they_are_kept_and_read_again(found, tmp_path):
    keep(tmp_path, found)
    again = load_suspects(RunStore(tmp_path))
    assert np.array_equal(again.order, found.order)
    assert np.array_equal(again.proba, found.proba)


@pytest.mark.parametrize("name", ("proba", "quality", "doubtful"))
def test_damaged_ones_are_said(found, tmp_path, name):
    folder = keep(tmp_path, found)
    arrays = {key: getattr(found, key) for key in ("proba", "quality", "doubtful")}
    np.savez(folder / "suspects.npz", **{**arrays, name: arrays[name][:5]})
    with pytest.raises(StoreError, match=r"The label suspects .* are damaged"):
        load_suspects(RunStore(tmp_path))


def test_the_command_lists_them_and_writes_a_table(found, tmp_path, monkeypatch, capsys, labels):
    monkeypatch.setenv("FMNIST_RUNS_DIR", str(tmp_path))
    keep(tmp_path, found)
    table = tmp_path / "suspects.csv"
    assert main(["data", "suspects", "--csv", str(table), "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert [row["index"] for row in answer["images"]] == list(WRONG)
    assert len(table.read_text().splitlines()) == 3
    assert main(["data", "suspects", "--class", str(labels[7])]) == 0
    assert "worth a look; candidates, not mistakes" in capsys.readouterr().out


def test_progress_counts_the_steps_of_all_folds():
    told = []
    follower = folds._Follower(lambda *step: told.append(step), 10, 50)
    follower.on_block(
        folds.Block(
            epoch=1, step=4, losses=np.zeros(3), accuracies=np.zeros(3), learning_rates=np.zeros(3)
        )
    )
    assert told == [(10, 50), (16, 50)]


@pytest.mark.slow
def test_five_networks_judge_all_images():
    told = []
    asked = folds.experiment()
    asked = replace(asked, train=replace(asked.train, steps=3))
    proba = folds.out_of_fold(load(), asked, lambda *step: told.append(step))
    assert proba.shape == (70_000, 10)
    assert proba.sum(axis=1) == pytest.approx(1, abs=1e-4)
    assert told[-1] == (15, 15)
