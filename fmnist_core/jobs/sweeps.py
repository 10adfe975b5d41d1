"""Queueing a sweep: all of it is checked before its first run is made."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from fmnist_core.exceptions import FmnistError, StoreError
from fmnist_core.jobs.memory_check import check_memory
from fmnist_core.jobs.probe import probe_state
from fmnist_core.jobs.queue import ensure_supervisor
from fmnist_core.runs.notes import change_notes
from fmnist_core.runs.run import Run
from fmnist_core.runs.store import RunStore
from fmnist_core.runs.sweeps import new_tag
from fmnist_core.specs import Experiment


@dataclass(frozen=True)
class Sweep:
    """A sweep that is queued: its runs, and the tag that they share."""

    tag: str
    runs: tuple[Run, ...]


@dataclass(frozen=True)
class SweepTime:
    """What is known of how long a sweep takes, one run after the other.

    Attributes:
        seconds: Of all its runs, those not timed taken to be as long as the mean of the others;
            None where none is timed.
        timed: Experiments whose network was timed on this machine with their batch size and
            optimizer.
    """

    seconds: float | None
    timed: int


def check_all(experiments: Iterable[Experiment]) -> None:
    """Make sure that all of these can be trained on this machine.

    Raises:
        FmnistError: One of them cannot; the message names it.
    """
    for experiment in experiments:
        try:
            check_memory(experiment)
        except FmnistError as error:
            raise FmnistError(f"{experiment.title}: {error}") from error


def launch_sweep(asked: Sequence[Experiment], store: RunStore) -> Sweep:
    """Check all experiments of a sweep, then queue them with a tag of their own.

    Raises:
        FmnistError: One of them cannot be trained; none is made.
        StoreError: Not all could be saved; the message says which were.
    """
    check_all(asked)
    tag, made = new_tag(), list[Run]()
    tagged = 0
    try:
        for experiment in asked:
            made.append(store.create(experiment))
            change_notes(made[-1].folder, tag=[tag])
            tagged += 1
    except StoreError as error:
        if not made:
            raise
        without = f" ({made[-1].run_id} without the tag)" if tagged < len(made) else ""
        raise StoreError(
            f"{len(made)} of {len(asked)} runs are queued as {tag}{without}, then it ended. {error}"
        ) from error
    finally:
        if made:
            ensure_supervisor(store.root)
    return Sweep(tag, tuple(made))


def likely_time(experiments: Sequence[Experiment], store: RunStore) -> SweepTime:
    """Say how long a sweep takes, from what was timed before; reads one small file a run."""
    known = []
    for experiment in experiments:
        if result := probe_state(experiment, store).result:
            sizes, train = experiment.sizes, experiment.train
            epochs = train.total_steps(sizes.train) / train.steps_per_epoch(sizes.train)
            known.append(result.total_seconds(epochs, sizes))
    mean = sum(known) / len(known) if known else None
    return SweepTime(None if mean is None else mean * len(experiments), len(known))
