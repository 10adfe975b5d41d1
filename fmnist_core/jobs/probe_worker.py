"""Times one network, as `python -m fmnist_core.jobs.probe_worker RECORD`.

The record is the only way in and out: what to time is read from it, what came out is written to it.
One probe works at a time; the others wait for their turn. TensorFlow is imported last.
"""

from __future__ import annotations

import os
import resource
import sys
import time
import traceback
from dataclasses import replace
from pathlib import Path

from fmnist_core.exceptions import FmnistError
from fmnist_core.jobs.background import own_record, time_limit
from fmnist_core.jobs.machine import set_environment, speed_identity
from fmnist_core.jobs.probe_record import ProbeRecord, read_record
from fmnist_core.jobs.probe_result import ProbeResult
from fmnist_core.jobs.unexpected import is_memory_full, unexpected
from fmnist_core.runs.locks import take
from fmnist_core.specs import Experiment

TURN_SECONDS = 60.0  # the longest wait for the probes before this one
WORK_SECONDS = 60.0  # a probe that takes longer is ended
START_SECONDS = 1.0  # of a training, before its worker imports TensorFlow: supervisor and Python


def main(argv: list[str]) -> int:
    """Fill in the record named on the command line; 0 unless that failed."""
    path = Path(argv[0])
    record = own_record(path, read_record)
    if record is None:
        print("nobody has asked this process to time anything", flush=True)
        return 3
    lock = take(path.parent / ".lock", seconds=TURN_SECONDS)
    if lock is None:
        return _end(path, record, "Other networks were being timed all the while. Try again.")
    with time_limit(WORK_SECONDS, lambda: _give_up(path, record)):
        return _end(path, record, _outcome(record))


def _outcome(record: ProbeRecord) -> ProbeResult | str:
    """Return what was measured, or for a person why nothing was."""
    try:
        return _measure(record)
    except FmnistError as error:
        return str(error)
    except Exception as error:
        traceback.print_exc()  # into the log
        return _describe(error)


def _measure(record: ProbeRecord) -> ProbeResult:
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")  # its start-up chatter is no news
    experiment = Experiment.from_dict(record.experiment)
    set_environment(experiment.train, os.environ)  # before TensorFlow is imported
    began = time.time()
    from fmnist_core.data.files import load
    from fmnist_core.training.probe import measure

    timing = measure(experiment, load())
    return ProbeResult(
        batch_size=experiment.train.batch_size,
        batches=timing.batches,
        seconds_per_step=timing.seconds_per_step,
        fast_step=timing.fast_step,
        slow_step=timing.slow_step,
        seconds_per_validation_image=timing.seconds_per_validation_image,
        start_seconds=timing.first_batch - began + START_SECONDS,
        peak_bytes=peak_bytes(),
        live_runs=record.live_runs,
        time=time.time(),
        machine=speed_identity(),
    )


def peak_bytes() -> int:
    """Return the most memory that this process has held."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024  # macOS counts bytes, Linux kibibytes


def _end(path: Path, record: ProbeRecord, outcome: ProbeResult | str) -> int:
    """Write down what came out, unless another process is named by now; return the exit code."""
    named = read_record(path)
    if named and named.handle == record.handle:
        if isinstance(outcome, str):
            replace(record, failure=outcome).write(path)
        else:
            replace(record, result=outcome).write(path)
    return int(isinstance(outcome, str))


def _give_up(path: Path, record: ProbeRecord) -> None:
    message = (
        f"The network could not be timed: {WORK_SECONDS:.0f} s were not enough for a few batches. "
        "Choose a smaller batch size, or a smaller network."
    )
    _end(path, record, message)


def _describe(error: Exception) -> str:
    """Say what an unexpected error means for the user."""
    if is_memory_full(error):
        return "The memory is full: choose a smaller batch size or a smaller network."
    return unexpected(error, "The store's .probes/log.txt says more.")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
