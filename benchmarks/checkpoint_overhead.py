"""Training time with checkpoints, as a ratio to the same training without.

    python benchmarks/checkpoint_overhead.py [--pairs 5]

Both train the same run in a worker process of its own, in turns; one takes no checkpoint but
the last. The seconds are those that the results state: training with validation.
"""

from __future__ import annotations

import argparse
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
from fmnist_core.specs import DataSpec  # noqa: E402

CASES = (("small", 128, 20_000, 8), ("r2-3-layer", 128, 6_000, 4))  # preset, batch, images, epochs
WITH = "import sys; from fmnist_core.jobs import worker; sys.exit(worker.main(sys.argv[1:]))"
WITHOUT = (
    "from fmnist_core.jobs.checkpointing import Checkpointing; "
    f"Checkpointing.take_if_due = lambda self, trainer: None; {WITH}"
)


def seconds(
    code: str, store: RunStore, name: str, batch_size: int, images: int, epochs: int
) -> float:
    """Train once and return the training time."""
    base = presets.load(name).experiment
    train = replace(base.train, batch_size=batch_size, epochs=epochs)
    asked = replace(base, train=train, data=DataSpec(subset=images, validation=1000))
    run = store.create(asked)
    command = [sys.executable, "-c", code, str(run.folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    assert run.result is not None
    return run.result.seconds


def main() -> None:
    """Measure in turns and print a Markdown table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--pairs", type=int, default=5)
    count = parser.parse_args().pairs
    print("| network | epochs | with, s | without, s | with ÷ without (median) |")
    print("|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        store = RunStore(Path(folder))
        for case in CASES:
            pairs = [
                (seconds(WITH, store, *case), seconds(WITHOUT, store, *case)) for _ in range(count)
            ]
            ours, bare = (statistics.median(column) for column in zip(*pairs, strict=True))
            ratio = statistics.median(one / other for one, other in pairs)
            print(f"| {case[0]} | {case[3]} | {ours:.2f} | {bare:.2f} | {ratio:.3f} |", flush=True)


if __name__ == "__main__":
    main()
