"""Run folders in every state, made by the writers that the worker uses."""

from __future__ import annotations

import dataclasses
import math
import time
from dataclasses import asdict
from pathlib import Path

import numpy as np

from fmnist_core.model.presets import load
from fmnist_core.runs.files import replacing, write_json
from fmnist_core.runs.metrics_log import MetricsWriter
from fmnist_core.runs.result import Result, Scores
from fmnist_core.runs.run import Run
from fmnist_core.runs.status import FINISHED, FORMAT, RUNNING, Status
from fmnist_core.runs.store import RunStore
from fmnist_core.specs import Experiment, TrainSpec

STEPS_PER_EPOCH = 422  # 54,000 images in batches of 128


def experiment(name: str = "", preset: str = "small", epochs: int = 5, **train) -> Experiment:
    known = load(preset).experiment
    spec = TrainSpec(epochs=epochs, **train)
    return dataclasses.replace(known, name=name, train=spec)


def queued_run(store: RunStore, name: str = "queued one") -> Run:
    return store.create(experiment(name))


def live_run(store: RunStore, name: str = "live one", epochs: int = 5, done: int = 2) -> Run:
    """A run in the middle of the epoch after `done` others."""
    run = store.create(experiment(name, epochs=epochs))
    step = _write_metrics(run.folder, done, rest=200)
    accuracy = _accuracy(done) if done else None
    Status(state=RUNNING, attempt=1, epoch=done, step=step, val_accuracy=accuracy).write(run.folder)
    write_json(run.folder / "heartbeat.json", {"time": time.time(), "step": step, "epoch": done})
    _write_moment(run.folder, done)
    return run


def ended_run(store: RunStore, state: str, message: str = "", name: str = "ended one") -> Run:
    run = store.create(experiment(name))
    step = _write_metrics(run.folder, 2, rest=100)
    Status(
        state=state, attempt=1, epoch=2, step=step, val_accuracy=_accuracy(2), message=message
    ).write(run.folder)
    return run


def add_checkpoints(run: Run, count: int = 1) -> None:
    """Lay files where the checkpoints of a run are; pages only look whether there are any."""
    (run.folder / "checkpoint").mkdir()
    for number in range(1, count + 1):
        (run.folder / "checkpoint" / f"{number:06d}.npz").write_bytes(b"")


def finished_run(
    store: RunStore,
    name: str = "finished one",
    preset: str = "small",
    correct: int = 5_400,
    split: str = "stratified",
) -> Run:
    """A run with `correct` of its 6,000 validation images right."""
    asked = experiment(name, preset)
    asked = dataclasses.replace(asked, data=dataclasses.replace(asked.data, split=split))
    run = store.create(asked)
    step = _write_metrics(run.folder, 5)
    _write_moment(run.folder, 5)
    write_result(run.folder, correct, resplit=split == "resplit")
    share = correct / 6_000
    Status(state=FINISHED, attempt=1, epoch=5, step=step, val_accuracy=share).write(run.folder)
    return run


def damaged_run(store: RunStore) -> Run:
    run = queued_run(store, "to be damaged")
    (run.folder / "experiment.json").write_text('{"format": 1, "experiment": {"mod')
    return run


def write_result(folder: Path, correct: int, *, resplit: bool = False) -> None:
    result = Result(
        best_epoch=4,
        epochs=5,
        steps=5 * STEPS_PER_EPOCH,
        seconds=83.4,
        images_per_second=3_237.0,
        parameters=56_714,
        validation=_scores(correct, 6_000),
        test=_scores(round(correct / 6 * 10) - 40, 10_000),
        test_used_for_validation=resplit,
        data_checksum="0" * 64,
    )
    write_json(folder / "result.json", {"format": FORMAT, **asdict(result)}, durable=False)


def _scores(correct: int, images: int) -> Scores:
    share = correct / images
    means = {"precision": share, "recall": share, "f1": share}
    classes = [{**means, "support": images / 10} for _ in range(10)]
    return Scores(
        images=images,
        correct=correct,
        accuracy=share,
        loss=0.3,
        macro=means,
        weighted=means,
        classes=classes,
    )


def _accuracy(epoch: int) -> float:
    return round(0.92 - 0.25 * math.exp(-epoch / 2), 4)


def _write_metrics(folder: Path, epochs: int, rest: int = 0) -> int:
    """Write whole epochs and `rest` batches more; return the last step."""
    writer = MetricsWriter(folder, attempt=1)
    writer.write("event", event="start", step=0)
    for epoch in range(1, epochs + 1):
        _write_batches(writer, (epoch - 1) * STEPS_PER_EPOCH, STEPS_PER_EPOCH)
        writer.write(
            "epoch",
            epoch=epoch,
            step=epoch * STEPS_PER_EPOCH,
            loss=round(0.25 + 0.6 * math.exp(-epoch / 2), 4),
            accuracy=_accuracy(epoch) + 0.01,
            val_loss=round(0.28 + 0.5 * math.exp(-epoch / 2), 4),
            val_accuracy=_accuracy(epoch),
            learning_rate=0.001,
            seconds=16.7,
            images_per_second=3_233.5,
        )
    _write_batches(writer, epochs * STEPS_PER_EPOCH, rest)
    writer.close()
    return epochs * STEPS_PER_EPOCH + rest


def append_batches(folder: Path, before: int, count: int) -> None:
    writer = MetricsWriter(folder, attempt=1)
    _write_batches(writer, before, count)
    writer.close()


def _write_batches(writer: MetricsWriter, before: int, count: int) -> None:
    noise = np.random.default_rng(before).normal(0, 1, count)
    progress = np.exp(-np.arange(before, before + count) / 500)
    loss = np.clip(0.25 + 1.9 * progress + 0.06 * noise, 0.01, None)
    writer.write(
        "batches",
        step=before + 1,
        loss=loss.round(4).tolist(),
        accuracy=np.clip(0.92 - 0.7 * progress + 0.03 * noise, 0, 1).round(4).tolist(),
        learning_rate=[0.001] * count,
    )


def add_predictions(run: Run, *, tops: int = 20) -> None:
    """Let a run have predicted 1,000 validation and 500 test images, the classes in turn.

    Of the 100 validation shirts, the first `tops` are taken for T-shirts and the next 10 for coats;
    of the 100 pullovers, the first 5 for shirts. A mistake is made with 0.905, the next of its
    kind with 0.01 less; what is right, with 0.95. Of the test images, one sneaker is taken for a
    boot.
    """
    label = np.arange(1_000) % 10
    taken, confidence = label.copy(), np.full(1_000, 0.95)
    shirts, pullovers = np.flatnonzero(label == 6), np.flatnonzero(label == 2)
    for places, other in (
        (shirts[:tops], 0),
        (shirts[tops : tops + 10], 4),
        (pullovers[:5], 6),
    ):
        taken[places] = other
        confidence[places] = 0.905 - 0.01 * np.arange(len(places))
    test_taken = label[:500].copy()
    test_taken[7] = 9
    with replacing(run.folder / "predictions.npz", durable=False) as file:
        np.savez(
            file,
            validation_index=np.arange(1_000, dtype=np.int32),
            validation_label=label.astype(np.uint8),
            validation_proba=_proba(taken, confidence),
            test_index=np.arange(60_000, 60_500, dtype=np.int32),
            test_label=label[:500].astype(np.uint8),
            test_proba=_proba(test_taken, np.full(500, 0.95)),
        )


def _proba(taken: np.ndarray, confidence: np.ndarray) -> np.ndarray:
    """Return float32 (N, 10): the confidence for the class taken, the rest in equal shares."""
    proba = np.repeat(((1 - confidence) / 9)[:, np.newaxis], 10, axis=1)
    proba[np.arange(len(taken)), taken] = confidence
    return proba.astype(np.float32)


def _write_moment(folder: Path, epoch: int) -> None:
    """Write an epoch in which 43 of 600 shirts are taken for T-shirts, and 31 for coats."""
    confusion = np.diag([600] * 10).astype(np.int32)
    confusion[6] = [43, 0, 0, 0, 31, 0, 526, 0, 0, 0]
    (folder / "moments").mkdir()
    with replacing(folder / "moments" / f"epoch-{epoch:04d}.npz", durable=False) as file:
        np.savez(file, epoch=np.int32(epoch), confusion=confusion)
