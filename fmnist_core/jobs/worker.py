"""The worker: trains one run folder to its end, as `python -m fmnist_core.jobs.worker FOLDER`.

The folder is the only way in and out: the experiment is read from it, everything is written to it,
`result.json` last. TensorFlow is imported after the run is marked as starting.
"""

from __future__ import annotations

import errno
import os
import platform
import secrets
import signal
import sys
import time
import traceback
from dataclasses import asdict, replace
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from fmnist_core.exceptions import FmnistError
from fmnist_core.jobs.locks import take
from fmnist_core.jobs.machine import processor
from fmnist_core.jobs.recorder import Recorder
from fmnist_core.runs.files import replacing, write_json
from fmnist_core.runs.result import Result
from fmnist_core.runs.run import Run
from fmnist_core.runs.status import FAILED, FINISHED, FORMAT, STOPPED, read_status

if TYPE_CHECKING:
    from fmnist_core.data.files import FashionMnist
    from fmnist_core.training.loop import Trainer


def main(argv: list[str]) -> int:
    """Train the run folder named on the command line; 0 unless it failed or is held."""
    folder = Path(argv[0])
    lock = take(folder / "worker.lock")
    if lock is None:
        print("another worker holds this run", flush=True)
        return 3
    status = read_status(folder)
    if not status.live:
        print(f"this run has already ended: {status.state}", flush=True)
        return 0
    token = secrets.token_hex(8)
    recorder = Recorder(folder, replace(status, attempt=status.attempt + 1, token=token))
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: setattr(recorder, "stop_reason", "Stopped by a signal."))
    return _work(Run(folder), recorder)


def _work(run: Run, recorder: Recorder) -> int:
    """Train; whatever goes wrong becomes the run's message."""
    try:
        _train(run, recorder)
    except FmnistError as error:
        recorder.end(FAILED, str(error))
        return 1
    except Exception as error:
        traceback.print_exc()  # into log.txt
        recorder.end(FAILED, _describe(error))
        return 1
    return 0


def _train(run: Run, recorder: Recorder) -> None:
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")  # its start-up chatter is no news
    from fmnist_core.data.files import load
    from fmnist_core.data.splits import split_indices
    from fmnist_core.training.loop import Trainer

    data = load()
    split = split_indices(data.labels, run.experiment.data)
    recorder.validates_on(split.validation, data.labels[split.validation])
    trainer = Trainer(run.experiment, data.images, data.labels, split)
    trainer.fit(recorder)
    if trainer.epoch == 0:
        recorder.end(STOPPED, f"{recorder.stop_reason} Nothing had been trained yet.")
        return
    _write_results(run, trainer, data)
    state = STOPPED if recorder.stop_wanted() else FINISHED
    recorder.end(state, recorder.stop_reason)


def _write_results(run: Run, trainer: Trainer, data: FashionMnist) -> None:
    """Classify every validation and test image with the best weights; `result.json` last."""
    from fmnist_core.analysis.metrics import score

    arrays: dict[str, np.ndarray] = {}
    scores = {}
    for name in ("validation", "test"):
        index = getattr(trainer.split, name)
        y_proba, _ = trainer.steps.evaluate(index)
        y_true = data.labels[index]
        arrays |= {f"{name}_index": index, f"{name}_label": y_true, f"{name}_proba": y_proba}
        scores[name] = score(y_true, y_proba)
    with replacing(run.folder / "predictions.npz") as file:
        np.savez_compressed(file, **arrays)  # type: ignore[arg-type]
    result = Result(
        best_epoch=trainer.best_epoch,
        epochs=trainer.epoch,
        steps=trainer.step,
        seconds=trainer.seconds,
        images_per_second=trainer.images / trainer.seconds,
        parameters=trainer.model.count_params(),
        test_used_for_validation=run.experiment.data.split == "resplit",
        data_checksum=data.checksum,
        versions=_versions(),
        machine=_machine(),
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


def _machine() -> dict[str, object]:
    """Say what computed the run."""
    import tensorflow as tf

    return {
        "system": f"{platform.system()} {platform.machine()}",
        "processor": processor(),
        "cores": os.cpu_count(),
        "devices": [device.device_type for device in tf.config.list_physical_devices()],
        "onednn": os.environ.get("TF_ENABLE_ONEDNN_OPTS", "1") != "0",
        "precision": "float32",
    }


def _describe(error: Exception) -> str:
    """Say what an unexpected error means for the user."""
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return "The disk is full: the run could not go on. Free some space and train again."
    if isinstance(error, MemoryError) or type(error).__name__ == "ResourceExhaustedError":
        return "The memory is full: choose a smaller batch size or a smaller network."
    first = (str(error).splitlines() or [""])[0]
    return f"Something unexpected went wrong ({type(error).__name__}: {first[:200]}). See log.txt."


if __name__ == "__main__":
    started = time.perf_counter()
    code = main(sys.argv[1:])
    print(f"worker ended after {time.perf_counter() - started:.1f} s, code {code}", flush=True)
    sys.exit(code)
