"""Time of training through the worker, as a ratio to bare Keras `model.fit`.

    python benchmarks/training_overhead.py [--pairs 3] [--subset N]

Both train the same network on the same arrays with the same batch size, optimizer, precision and
validation images, each in a process of its own, in turns. Start-up (imports, reading the data) is
left out on both sides; compiling and validation are in. The worker's side also writes its run
folder: metrics four times a second, a moment an epoch, the best model.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from fmnist_core.model import presets  # noqa: E402
from fmnist_core.runs.store import RunStore  # noqa: E402
from fmnist_core.specs import Experiment  # noqa: E402

CASES = (("r2-1-layer", 512, 4), ("r2-3-layer", 128, 2))  # preset, batch size, epochs


def bare_fit(experiment: Experiment) -> float:
    """Train with Keras's own `fit` in this process; return its seconds."""
    import time

    import keras
    import numpy as np

    from fmnist_core.data.files import load
    from fmnist_core.data.splits import split_indices
    from fmnist_core.model.build import build_model

    data, spec = load(), experiment.train
    split = split_indices(data.labels, experiment.data)
    pixels = (data.images[..., np.newaxis] / np.float32(255)).astype(np.float32)
    keras.utils.set_random_seed(spec.seed)
    model = build_model(experiment.model)
    model.compile(
        keras.optimizers.Adam(spec.learning_rate),
        keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
    )
    x_train, y_train = pixels[split.train], data.labels[split.train]
    validation = (pixels[split.validation], data.labels[split.validation])
    started = time.perf_counter()
    model.fit(
        x_train,
        y_train,
        batch_size=spec.batch_size,
        epochs=spec.epochs,
        validation_data=validation,
        verbose=0,
    )
    return time.perf_counter() - started


def through_worker(experiment: Experiment, root: Path) -> float:
    """Train in a worker process; return the seconds that its result states."""
    run = RunStore(root).create(experiment)
    subprocess.run(
        [sys.executable, "-m", "fmnist_core.jobs.worker", str(run.folder)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    result = run.result
    assert result is not None
    return result.seconds


def bare_process(experiment: Experiment) -> float:
    """Run `bare_fit` in a new process."""
    command = [sys.executable, __file__, "--bare", json.dumps(experiment.to_dict())]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return float(done.stdout.split()[-1])


def main() -> None:
    """Measure every case in turns and print a Markdown table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--pairs", type=int, default=3)
    parser.add_argument("--subset", type=int)
    parser.add_argument("--bare", help="internal: an experiment as JSON")
    args = parser.parse_args()
    if args.bare:
        print(bare_fit(Experiment.from_dict(json.loads(args.bare))))
        return
    print("| network | batch | epochs | bare fit, s | worker, s | worker ÷ fit (median) |")
    print("|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        for name, batch_size, epochs in CASES:
            base = presets.load(name).experiment
            experiment = replace(
                base,
                train=replace(base.train, batch_size=batch_size, epochs=epochs),
                data=replace(base.data, subset=args.subset),
            )
            pairs = [
                (bare_process(experiment), through_worker(experiment, Path(folder)))
                for _ in range(args.pairs)
            ]
            bare, worker = (statistics.median(column) for column in zip(*pairs, strict=True))
            ratio = statistics.median(ours / theirs for theirs, ours in pairs)
            print(
                f"| {name} | {batch_size} | {epochs} | {bare:.1f} | {worker:.1f} | {ratio:.3f} |",
                flush=True,
            )


if __name__ == "__main__":
    main()
