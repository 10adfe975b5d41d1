"""The recorder: how often it writes, and when it leaves."""

import json
from dataclasses import replace

import numpy as np
import pytest

from fmnist_core.jobs import recorder as recorder_module
from fmnist_core.jobs.recorder import Recorder
from fmnist_core.model import presets
from fmnist_core.runs.status import read_status
from fmnist_core.runs.store import RunStore
from fmnist_core.training.loop import Block


class Clock:
    """Seconds that pass only when the test says so."""

    now = 100.0

    def monotonic(self):
        return self.now

    def time(self):
        return self.now


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setattr(recorder_module, "time", clock)
    monkeypatch.setattr(Recorder, "_beat", lambda self: None)
    return clock


@pytest.fixture
def recorder(tmp_path, clock):
    run = RunStore(tmp_path).create(presets.load("small").experiment)
    return Recorder(run.folder, replace(run.status, attempt=1, token="mine"))


def block(step, count=1):
    values = np.full(count, 0.5, np.float32)
    return Block(epoch=1, step=step, losses=values, accuracies=values, learning_rates=values)


def batch_lines(recorder):
    lines = (recorder.folder / "metrics.jsonl").read_text().splitlines()
    return [row for row in map(json.loads, lines) if row["kind"] == "batches"]


def test_the_first_batch_is_written_at_once_and_the_run_is_then_running(recorder):
    recorder.on_block(block(1))

    assert [row["step"] for row in batch_lines(recorder)] == [1]
    assert read_status(recorder.folder).state == "running"


def test_batches_of_a_quarter_of_a_second_share_one_line(recorder, clock):
    for number in range(1, 102):  # 100 blocks of a hundredth of a second: one second
        recorder.on_block(block(number))
        clock.now += 0.01

    rows = batch_lines(recorder)
    assert len(rows) == 1 + 4  # the first point, then four lines in a second
    assert [row["step"] for row in rows] == [1, 2, 27, 52, 77]
    assert len(rows[2]["loss"]) == 25


def test_what_was_not_yet_written_is_written_at_the_end(recorder):
    recorder.on_block(block(1))
    recorder.on_block(block(2, count=3))
    recorder.end("finished")

    assert [len(row["loss"]) for row in batch_lines(recorder)] == [1, 3]
    assert read_status(recorder.folder).state == "finished"


def test_a_worker_that_lost_its_run_to_another_one_leaves_at_once(recorder, monkeypatch):
    left = []
    monkeypatch.setattr(recorder_module.os, "_exit", left.append)
    recorder._leave_if_superseded()
    assert left == []

    replace(recorder.status, token="another").write(recorder.folder)
    recorder._leave_if_superseded()
    assert left == [4]


def test_an_epoch_leaves_what_the_network_made_of_each_validation_image(recorder):
    from fmnist_core.training.loop import EpochFigures, Moment

    recorder.validates_on(np.array([3, 3, *range(10)]))
    numbers = {"loss": 1.0, "accuracy": 0.5, "val_loss": 1.0, "val_accuracy": 0.25}
    numbers |= {"learning_rate": 0.1, "seconds": 1.0, "images_per_second": 12.0}
    val_proba = np.eye(12, 10, dtype=np.float32)
    val_proba[1, :2] = 0.2, 0.8
    recorder.on_epoch(
        EpochFigures(epoch=1, step=2, **numbers), Moment(val_proba=val_proba, first_filters=None)
    )

    with np.load(recorder.folder / "moments" / "epoch-0001.npz") as moment:
        assert moment["val_proba"].dtype == np.uint8
        assert moment["val_proba"][0].tolist() == [255] + 9 * [0]
        assert moment["val_proba"][1, :2].tolist() == [51, 204]
        assert moment["confusion"].sum() == 12
        assert moment["confusion"][3, 0] == 1  # the first 3 was taken for 0
    assert read_status(recorder.folder).val_accuracy == 0.25
