"""What a probe leaves behind, for tests that time nothing."""

from __future__ import annotations

import time
from dataclasses import replace

from fmnist_core.jobs.probe_record import ProbeRecord, record_path
from fmnist_core.jobs.probe_result import ProbeResult
from fmnist_core.runs.store import RunStore
from fmnist_core.specs import Experiment

RESULT = ProbeResult(
    batch_size=128,
    batches=40,
    seconds_per_step=0.1,
    fast_step=0.09,
    slow_step=0.12,
    seconds_per_validation_image=0.0001,
    start_seconds=5.0,
    peak_bytes=2**30,
    live_runs=0,
    time=time.time(),
    machine={"processor": "Some [processor](http://x)", "cores": 2},
)


def keep(store: RunStore, experiment: Experiment, **content: object) -> None:
    """Write what a probe of the experiment leaves behind."""
    path = record_path(experiment, store.root)
    path.parent.mkdir(parents=True, exist_ok=True)
    ProbeRecord(**{"asked": time.time(), "handle": "1:0", **content}).write(path)


def keep_step(store: RunStore, experiment: Experiment, seconds: float) -> None:
    """Have a step of an experiment take so long."""
    steps = dict.fromkeys(("seconds_per_step", "fast_step", "slow_step"), seconds)
    keep(store, experiment, result=replace(RESULT, batch_size=experiment.train.batch_size, **steps))
