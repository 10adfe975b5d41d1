"""What a probe predicts against what a worker then takes.

    python benchmarks/probe_accuracy.py [--pairs 3]

In turns: a probe, and a run of the same experiment in a worker process. An epoch is the mean of all
but the first, in which TensorFlow compiles; the whole is from the start of the process to its end.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from fmnist_core.jobs.probe import probe  # noqa: E402
from fmnist_core.model import presets  # noqa: E402
from fmnist_core.runs.store import RunStore  # noqa: E402
from fmnist_core.specs import Experiment  # noqa: E402

# preset, batch size, epochs, training images (None: all)
CASES = (
    ("small", 128, 4, None),
    ("r2-1-layer", 512, 4, None),
    ("r2-3-layer", 128, 3, 20_000),
)


def worker(experiment: Experiment, store: RunStore) -> tuple[float, float]:
    """Train in a worker process; return seconds of an epoch, and of the whole."""
    run = store.create(experiment)
    started = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "fmnist_core.jobs.worker", str(run.folder)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    whole = time.perf_counter() - started
    return statistics.mean(epoch["seconds"] for epoch in run.history.epochs[1:]), whole


def main() -> None:
    """Measure every case in turns and print a Markdown table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--pairs", type=int, default=3)
    pairs = parser.parse_args().pairs
    print(
        "| network | batch | images | probe, click to result, s | epoch predicted, s | measured, s "
        "| predicted ÷ measured (median, range) | the whole, predicted ÷ measured |"
    )
    print("|---|---|---|---|---|---|---|---|")
    for name, batch_size, epochs, subset in CASES:
        base = presets.load(name).experiment
        experiment = replace(
            base,
            train=replace(base.train, batch_size=batch_size, epochs=epochs, steps=None),
            data=replace(base.data, subset=subset),
        )
        sizes = experiment.data.sizes
        rows = []
        with tempfile.TemporaryDirectory() as folder:
            store = RunStore(Path(folder))
            for _ in range(pairs):
                started = time.perf_counter()
                found = probe(experiment, store, again=True)
                waited = time.perf_counter() - started
                predicted = found.epoch_seconds(sizes.train, sizes.validation)
                epoch, whole = worker(experiment, store)
                likely = found.total_seconds(epochs, experiment.sizes)
                rows.append((waited, predicted, epoch, predicted / epoch, likely / whole))
        waited, predicted, epoch, ratio, all_ratio = (
            statistics.median(column) for column in zip(*rows, strict=True)
        )
        ratios = [row[3] for row in rows]
        print(
            f"| {name} | {batch_size} | {sizes.train:,} | {waited:.1f} | {predicted:.1f} | "
            f"{epoch:.1f} | {ratio:.2f} ({min(ratios):.2f}–{max(ratios):.2f}) | {all_ratio:.2f} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
