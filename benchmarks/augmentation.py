"""Time of a training step with each augmentation, as a ratio to the same step without.

    python benchmarks/augmentation.py [--rounds 5] [--batches 20] [--batch-sizes 128 512]

All kinds train the same network in one process, in turns: each round times every kind once on the
same batches, and the ratio is taken within the round. The table shows medians over rounds.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from fmnist_core.data.files import load  # noqa: E402
from fmnist_core.data.splits import split_indices  # noqa: E402
from fmnist_core.model import presets  # noqa: E402
from fmnist_core.specs import AugmentSpec  # noqa: E402
from fmnist_core.training.loop import Trainer  # noqa: E402

KINDS = {
    "none": AugmentSpec(),
    "shift": AugmentSpec(shift=0.2),
    "rotation": AugmentSpec(rotation=20),
    "zoom": AugmentSpec(zoom=0.2),
    "horizontal flip": AugmentSpec(horizontal_flip=True),
    "brightness": AugmentSpec(brightness=0.2),
    "contrast": AugmentSpec(contrast=0.3),
    "noise": AugmentSpec(noise=0.1),
    "cutout": AugmentSpec(cutout=16),
    "random erasing": AugmentSpec(random_erasing=0.5),
    "mixup": AugmentSpec(mixup=0.2),
    "cutmix": AugmentSpec(cutmix=1),
    "rotation, shift, flip (R3)": AugmentSpec(shift=0.2, rotation=20, horizontal_flip=True),
}


def measure(network: str, batch_size: int, rounds: int, batches: int) -> dict[str, list[float]]:
    """Return the seconds a batch of every kind in every round."""
    data, base = load(), presets.load(network).experiment
    split = split_indices(data.labels, base.data)
    block = split.train[: batches * batch_size].reshape(batches, batch_size)
    rates = np.full(batches, 1e-4, np.float32)
    steps = {}
    for kind, augment in KINDS.items():
        asked = replace(base, augment=augment, train=replace(base.train, batch_size=batch_size))
        steps[kind] = Trainer(asked, data.images, data.labels, split).steps
        steps[kind].train(block[:2], rates[:2])  # compiles
    seconds: dict[str, list[float]] = {kind: [] for kind in KINDS}
    for _ in range(rounds):
        for kind in KINDS:
            started = time.perf_counter()
            steps[kind].train(block, rates)
            seconds[kind].append((time.perf_counter() - started) / batches)
    return seconds


def main() -> None:
    """Measure and print a Markdown table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--network", default="r2-1-layer")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--batches", type=int, default=20)
    parser.add_argument("--batch-sizes", type=int, nargs="+", default=[128, 512])
    args = parser.parse_args()
    print(f"| augmentation of {args.network} | batch | ms a batch | ÷ none |\n|---|---|---|---|")
    for batch_size in args.batch_sizes:
        seconds = measure(args.network, batch_size, args.rounds, args.batches)
        for kind, times in seconds.items():
            ratio = statistics.median(a / b for a, b in zip(times, seconds["none"], strict=True))
            print(f"| {kind} | {batch_size} | {statistics.median(times) * 1e3:.1f} | {ratio:.2f} |")


if __name__ == "__main__":
    main()
