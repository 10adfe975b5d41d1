"""Timing a network before it is trained: asked for here, done by a process of its own."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

from fmnist_core.exceptions import StoreError, TrainingError
from fmnist_core.jobs.background import at_work, begin
from fmnist_core.jobs.memory_check import check_memory
from fmnist_core.jobs.probe_record import ProbeRecord, forget_oldest, read_record, record_path
from fmnist_core.jobs.probe_result import ProbeResult
from fmnist_core.runs import status
from fmnist_core.runs.store import RunStore
from fmnist_core.specs import Experiment

MODULE = "fmnist_core.jobs.probe_worker"
POLL_SECONDS = 0.2
LIFE_SECONDS = 180.0  # no probe lives so long: a minute for its turn, a minute for its work
MAX_WAITING = 5

NONE, RUNNING, DONE, FAILED = "none", "running", "done", "failed"
GONE = (
    "The network could not be timed: the process that did it ended without a word. Most likely "
    "the memory was full; choose a smaller batch size or a smaller network."
)


@dataclass(frozen=True)
class ProbeState:
    """What is known of the speed of a network.

    Attributes:
        state: NONE, RUNNING, DONE or FAILED.
        result: What was measured; None unless it is DONE.
        message: Why it FAILED, for a person.
    """

    state: str
    result: ProbeResult | None = None
    message: str = ""


def probe(
    experiment: Experiment, store: RunStore | None = None, *, again: bool = False
) -> ProbeResult:
    """Return how fast a network trains on this machine; timing it takes 5 to 15 seconds.

    Args:
        experiment: Its network, batch size and optimizer count.
        store: Where results are kept; by default where the app keeps its runs.
        again: Time it even if that was done before.

    Raises:
        ModelError: The network cannot be trained.
        TooLargeError: It needs more memory than this machine has.
        StoreError: The store cannot be written.
        TrainingError: It could not be timed; the message says why.
    """
    store = store or RunStore()
    if again or probe_state(experiment, store).state != DONE:
        request_probe(experiment, store)
    while (found := probe_state(experiment, store)).state == RUNNING:
        time.sleep(POLL_SECONDS)
    if found.result is None:
        raise TrainingError(found.message or GONE)
    return found.result


def request_probe(experiment: Experiment, store: RunStore) -> None:
    """Have a network timed, unless that is under way; what was known of it before is forgotten.

    Raises:
        ModelError: The network cannot be trained.
        TooLargeError: It needs more memory than this machine has.
        StoreError: The store cannot be written.
        TrainingError: Too many networks wait to be timed.
    """
    check_memory(experiment)
    path = record_path(experiment, store.root)
    if probe_state(experiment, store).state == RUNNING:
        return
    training = (status.STARTING, status.RUNNING)
    live_runs = sum(row.state in training for row in store.summaries())
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        forget_oldest(path.parent)
        _refuse_crowds(path.parent)
        handle = begin([MODULE, str(path)], path.parent / "log.txt")
        asked = experiment.to_dict()
        ProbeRecord(asked=time.time(), handle=handle, experiment=asked, live_runs=live_runs).write(
            path
        )
    except OSError as error:
        raise StoreError(
            f"The network could not be timed: {error.strerror or error}. Make {path.parent} "
            "writable, or set FMNIST_RUNS_DIR to another folder."
        ) from error


def probe_state(experiment: Experiment, store: RunStore) -> ProbeState:
    """Say what is known of a network's speed; reads one small file."""
    record = read_record(record_path(experiment, store.root))
    if record is None:
        return ProbeState(NONE)
    if record.result:
        same = record.result.batch_size == experiment.train.batch_size
        return ProbeState(DONE, record.result) if same else ProbeState(NONE)
    if record.failure:
        return ProbeState(FAILED, message=record.failure)
    return ProbeState(RUNNING) if _lives(record) else ProbeState(FAILED, message=GONE)


def _lives(record: ProbeRecord) -> bool:
    """Say whether the process of a record is at work; its age counts, as pids are reused."""
    young = 0 <= time.time() - record.asked < LIFE_SECONDS
    return young and at_work(record.handle)


def _refuse_crowds(folder: Path) -> None:
    records = (read_record(file) for file in folder.glob("*.json"))
    waiting = sum(_lives(record) for record in records if record and record.waits)
    if waiting >= MAX_WAITING:
        raise TrainingError(f"{waiting} networks wait to be timed already. Try again in a minute.")
