"""Supervisors and workers of a test: what they train, how to find, wait for and kill them."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

import psutil

from fmnist_core.model import presets
from fmnist_core.runs.run import Run
from fmnist_core.runs.store import RunStore
from fmnist_core.specs import DataSpec, Experiment

SMALL = presets.load("small").experiment


def experiment(epochs: int = 1, images: int = 512, **train_settings: object) -> Experiment:
    """Return a short training of the preset "small"."""
    settings = {"epochs": epochs, "batch_size": 64, **train_settings}
    data = DataSpec(subset=images, validation=200)
    return replace(SMALL, train=replace(SMALL.train, **settings), data=data)


FOREVER = experiment(epochs=1000)


def processes(store: RunStore, module: str = "fmnist_core.jobs.") -> list[psutil.Process]:
    """Return the supervisor and the workers of this store; Linux, macOS and root see them alike."""
    found = []
    for process in psutil.process_iter(["cmdline"]):
        line = process.info["cmdline"] or []  # that of a zombie is empty
        if any(part.startswith(module) for part in line) and str(store.root) in line[-1]:
            found.append(process)
    return found


def until(condition: Callable[[], bool], seconds: float = 60) -> None:
    """Wait for something to become true."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)


def trains(run: Run) -> bool:
    """Say whether a run has trained a batch."""
    return run.status.state == "running" and len(run.history.steps) > 0


def end_jobs(store: RunStore) -> None:
    """Kill all that works for a store; it is made for that."""
    found = processes(store)
    for process in found:
        process.kill()
    psutil.wait_procs(found, timeout=10)


def kill_worker(store: RunStore) -> None:
    """Kill the workers of a store."""
    for process in processes(store, "fmnist_core.jobs.worker"):
        process.kill()
