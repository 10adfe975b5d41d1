"""The worker: trains one run folder to its end, as `python -m fmnist_core.jobs.worker FOLDER`.

The folder is the only way in and out: the experiment is read from it, everything is written to it,
`result.json` last. TensorFlow is imported after the run is marked as starting.
"""

from __future__ import annotations

import functools
import os
import platform
import signal
import sys
import time
import traceback
from dataclasses import asdict, replace
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from fmnist_core.exceptions import CheckpointError, FmnistError
from fmnist_core.jobs.attempt import attempt_from, starting_point, ways_out
from fmnist_core.jobs.checkpointing import Checkpointing
from fmnist_core.jobs.control import Commander, LeftPaused
from fmnist_core.jobs.log_streams import outlive_a_full_disk
from fmnist_core.jobs.machine import describe_machine, set_environment
from fmnist_core.jobs.recorder import Recorder
from fmnist_core.jobs.unexpected import is_disk_full, is_memory_full, unexpected
from fmnist_core.runs import checkpoints, commands
from fmnist_core.runs.checkpoints import Checkpoint
from fmnist_core.runs.files import replacing, write_json
from fmnist_core.runs.locks import take
from fmnist_core.runs.result import Result
from fmnist_core.runs.run import PREDICTIONS, Run
from fmnist_core.runs.status import (
    FAILED,
    FINISHED,
    FORMAT,
    INTERRUPTED,
    QUEUED,
    STOPPED,
    read_status,
)

if TYPE_CHECKING:
    from fmnist_core.data.files import FashionMnist
    from fmnist_core.training.loop import Trainer


def main(argv: list[str]) -> int:
    """Train the run folder named on the command line; 0 unless it failed or is held."""
    run = Run(Path(argv[0]))
    lock = take(run.folder / "worker.lock")
    if lock is None:
        print("another worker holds this run", flush=True)
        return 3
    status = read_status(run.folder)
    if not status.live:
        print(f"this run has already ended: {status.state}", flush=True)
        return 0
    try:
        checkpoint = starting_point(run)
    except FmnistError as error:
        message = f"{error} {ways_out(run)}"
        replace(status, state=INTERRUPTED, message=message, time=time.time()).write(run.folder)
        return 1
    recorder = Recorder(run.folder, attempt_from(checkpoint, status))
    return _work(run, recorder, checkpoint)


def _work(run: Run, recorder: Recorder, checkpoint: Checkpoint | None) -> int:
    """Train; whatever goes wrong becomes the run's message."""
    try:
        _train(run, recorder, checkpoint)
    except LeftPaused:
        print("it was paused for long; it goes on from its checkpoint", flush=True)
    except CheckpointError as error:
        recorder.end(INTERRUPTED, f"{error} {ways_out(run)}")
        return 1
    except FmnistError as error:
        recorder.end(FAILED, str(error))
        return 1
    except Exception as error:
        traceback.print_exc()  # into log.txt
        recorder.end(FAILED, _describe(error))
        return 1
    return 0


def _train(run: Run, recorder: Recorder, checkpoint: Checkpoint | None) -> None:
    checkpointing = Checkpointing(run.folder, run.experiment, recorder)
    commander = Commander(run.folder, recorder, checkpointing)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: commander.on_signal())
    set_environment(run.experiment.train, os.environ)  # before TensorFlow is imported
    data = _data()
    from fmnist_core.data.label_noise import noisy_labels, write_noise
    from fmnist_core.data.splits import split_indices
    from fmnist_core.training.loop import Trainer
    from fmnist_core.training.precision import settle_precision

    split = split_indices(data.labels, run.experiment.data)
    recorder.validates_on(data.labels[split.validation])
    if run.experiment.data.label_noise:
        write_noise(
            run.folder, data.labels, noisy_labels(data.labels, split.train, run.experiment.data)
        )
    precision = settle_precision(run.experiment, run.folder)
    trainer = Trainer(run.experiment, data.images, data.labels, split, precision)
    if checkpoint:
        _go_on(trainer, checkpoint)
        if trainer.best_weights:
            recorder.on_best()
    _plan(trainer, run.total_steps, recorder)
    try:
        trainer.fit(recorder, commander)
    finally:
        checkpointing.save_best(trainer)
    checkpointing.finish()
    if trainer.state.epoch == 0:
        _end(run, recorder, STOPPED, f"{commander.stop_reason} Nothing had been trained yet.")
        return
    _write_results(run, trainer, data)
    checkpoints.drop(run.folder, keep=1)
    state = STOPPED if commander.stop_reason else FINISHED
    _end(run, recorder, state, commander.stop_reason)


@functools.cache
def _data() -> FashionMnist:
    """Read the data set once, after TensorFlow: together they are most of a start."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")  # its start-up chatter is no news
    import fmnist_core.training.snapshot  # noqa: F401
    from fmnist_core.data.files import load

    return load()


def warm_up() -> None:
    """Do all of a start that no run needs to be known for; a few batches compile what is common.

    Raises:
        DataError: The data set is not there.
    """
    data = _data()
    from fmnist_core.data.splits import Split
    from fmnist_core.model import presets
    from fmnist_core.training.loop import Trainer

    small = presets.load("small").experiment
    few = np.arange(100)
    split = Split(train=few, validation=few, test=few)
    trainer = Trainer(small, data.images[:100], data.labels[:100], split)
    trainer.steps.train(few[np.newaxis].astype(np.int32), np.full(1, 1e-3, np.float32))
    trainer.steps.evaluate(split.validation)


def _go_on(trainer: Trainer, checkpoint: Checkpoint) -> None:
    """Bring the trainer to where the checkpoint was taken."""
    from fmnist_core.training.snapshot import Snapshot, restore

    restore(trainer, Snapshot(state=checkpoint.manifest.state, arrays=checkpoint.arrays))


def _plan(trainer: Trainer, total_steps: int, recorder: Recorder) -> None:
    """End where the run is to end, which may be later than when its checkpoint was taken."""
    if total_steps > trainer.state.total_steps:
        recorder.on_event("plan", step=trainer.state.step, steps=total_steps)
    trainer.plan(total_steps)


def _end(run: Run, recorder: Recorder, state: str, message: str) -> None:
    """Say the last word; commands that came too late are gone with it, but for a longer plan."""
    plans = [each.value for each in commands.pending(run.folder) if each.name == commands.PLAN]
    if plans:
        recorder.end(QUEUED, planned_steps=plans[-1])
    else:
        recorder.end(state, message)
    commands.done(run.folder, *commands.NAMES)


def _write_results(run: Run, trainer: Trainer, data: FashionMnist) -> None:
    """Classify every validation and test image with the best weights; `result.json` last."""
    from fmnist_core.analysis.metrics import score

    state = trainer.state
    arrays: dict[str, np.ndarray] = {}
    scores = {}
    for name in ("validation", "test"):
        index = getattr(trainer.split, name)
        y_proba, _ = trainer.steps.evaluate(index)
        y_true = data.labels[index]
        arrays |= {f"{name}_index": index, f"{name}_label": y_true, f"{name}_proba": y_proba}
        scores[name] = score(y_true, y_proba)
        if run.experiment.train.flip_evaluation:
            mean_proba, _ = trainer.steps.evaluate(index, flip=True)
            scores[f"flip_{name}"] = score(y_true, mean_proba)
    with replacing(run.folder / PREDICTIONS) as file:
        np.savez_compressed(file, **arrays)  # type: ignore[arg-type]
    result = Result(
        best_epoch=state.best_epoch,
        epochs=state.epoch,
        steps=state.step,
        seconds=state.seconds,
        images_per_second=state.images / state.seconds,
        parameters=trainer.model.count_params(),
        test_used_for_validation=run.experiment.data.split == "resplit",
        data_checksum=data.checksum,
        versions=_versions(),
        machine=_machine(trainer.precision),
        **scores,
    )
    write_json(run.folder / "result.json", {"format": FORMAT, **asdict(result)})


def _versions() -> dict[str, str]:
    import keras
    import tensorflow as tf

    return {
        "python": platform.python_version(),
        "tensorflow": tf.__version__,
        "keras": keras.__version__,
        "numpy": version("numpy"),
        "scikit-learn": version("scikit-learn"),
    }


def _machine(precision: str) -> dict[str, object]:
    """Say what computed the run."""
    import tensorflow as tf

    devices = [device.device_type for device in tf.config.list_physical_devices()]
    return describe_machine() | {"devices": devices, "precision": precision}


def _describe(error: Exception) -> str:
    """Say what an unexpected error means for the user."""
    if is_disk_full(error):
        return "The disk is full: the run could not go on. Free some space, then resume it."
    if is_memory_full(error):
        return "The memory is full: choose a smaller batch size or a smaller network."
    return unexpected(error, "See log.txt.")


if __name__ == "__main__":
    outlive_a_full_disk()
    started = time.perf_counter()
    code = main(sys.argv[1:])
    print(f"worker ended after {time.perf_counter() - started:.1f} s, code {code}", flush=True)
    sys.exit(code)
