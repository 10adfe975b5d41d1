"""Which precision trains a network faster on this machine: tried once, then remembered.

It is settled before a run's first step and noted in its folder, so a run that is resumed computes
as it did before, whatever a new trial would say.
"""

from __future__ import annotations

import hashlib
import json
import statistics
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import tensorflow as tf

from fmnist_core.data.folders import own_cache
from fmnist_core.data.splits import Split
from fmnist_core.exceptions import StoreError
from fmnist_core.jobs.machine import BFLOAT16_FLAGS, cpu_flags, describe_machine
from fmnist_core.runs.files import read_json, write_json
from fmnist_core.specs import AugmentSpec, Experiment
from fmnist_core.specs.train import PRECISIONS
from fmnist_core.training.loop import Trainer
from fmnist_core.training.steps import TrainingSteps

WORTHWHILE = 1.1  # times as fast; for less, digits are not given away
ROUNDS = 3
ROUND_SECONDS = 0.3  # of each precision


def settle_precision(experiment: Experiment, folder: Path) -> str:
    """Return the precision of a run, "float32" or "mixed_bfloat16", always the same for a folder.

    Args:
        experiment: "auto" takes what is worthwhile; see `faster_precision`.
        folder: The run's; `precision.json` is written to it where "auto" was settled.

    Raises:
        StoreError: The note in the folder is damaged.
    """
    if experiment.train.precision != "auto":
        return experiment.train.precision
    noted = read_json(folder / "precision.json").get("precision")
    if noted in PRECISIONS:
        return str(noted)
    found = resolve_precision(experiment)
    write_json(folder / "precision.json", {"precision": found})
    return found


def resolve_precision(experiment: Experiment) -> str:
    """Return the precision that a spec asks for; where it says "auto", the faster one here."""
    asked = experiment.train.precision
    return faster_precision(experiment) if asked == "auto" else asked


def faster_precision(experiment: Experiment) -> str:
    """Return "mixed_bfloat16" where that trains clearly faster here, else "float32".

    A processor without instructions for bfloat16 is not even tried. The answer is kept in the
    cache folder for the same network, batch size, processor, threads and TensorFlow.
    """
    if not BFLOAT16_FLAGS & set(cpu_flags()):
        return "float32"
    cache, key = own_cache() / "precision.json", _key(experiment)
    try:
        known = read_json(cache)
    except StoreError:
        known = {}  # a damaged cache is made anew
    if known.get(key) not in PRECISIONS:
        ratio = speed_ratio(experiment)
        known[key] = PRECISIONS[ratio >= WORTHWHILE]
        _keep(cache, known)
    return str(known[key])


def speed_ratio(experiment: Experiment) -> float:
    """Train a few batches in both precisions, in turns; return float32's time over bfloat16's."""
    experiment = replace(experiment, augment=AugmentSpec())  # costs the same in both
    size = experiment.train.batch_size
    images = np.random.default_rng(0).integers(0, 256, (2 * size, 28, 28), dtype=np.uint8)
    labels = (np.arange(2 * size) % 10).astype(np.uint8)
    split = Split(np.arange(2 * size), np.arange(1), np.arange(1))
    steps = [Trainer(experiment, images, labels, split, each).steps for each in PRECISIONS]
    for each in steps:
        _seconds(each, size, 1)  # compiles
    count = max(1, int(ROUND_SECONDS / min(_seconds(each, size, 1) for each in steps)))
    rounds = [[_seconds(each, size, count) for each in steps] for _ in range(ROUNDS)]
    return statistics.median(ours / theirs for ours, theirs in rounds)


def _seconds(steps: TrainingSteps, size: int, count: int) -> float:
    """Time a block of `count` batches."""
    batches = np.resize(np.arange(2 * size, dtype=np.int32), (count, size))
    started = time.perf_counter()
    steps.train(batches, np.full(count, 1e-4, np.float32))
    return time.perf_counter() - started


def _key(experiment: Experiment) -> str:
    """Name what the answer depends on."""
    machine = describe_machine()
    known = (
        experiment.model.to_dict()["layers"],
        experiment.train.batch_size,
        *(machine[name] for name in ("processor", "cpu_flags", "threads", "onednn")),
        tf.__version__,
    )
    return hashlib.sha256(json.dumps(known, sort_keys=True).encode()).hexdigest()[:32]


def _keep(cache: Path, known: dict[str, str]) -> None:
    """Write the cache; where that fails, the next run tries again."""
    try:
        cache.parent.mkdir(parents=True, exist_ok=True)
        write_json(cache, known, durable=False)
    except OSError as error:
        print(f"the precision is not remembered: {error}", flush=True)
