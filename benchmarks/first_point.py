"""Seconds from pressing Train to the first batch in the metrics log.

    python benchmarks/first_point.py [--rounds 5]

Cold: no supervisor is alive, so it starts first. Warm: it waits for work, as it does for a while
after each run. In both a new worker imports TensorFlow, reads the data and compiles the network.
The ratio cold ÷ warm is measured in turns; the page adds at most the second between two polls.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from fmnist_core.jobs import launch, wait  # noqa: E402
from fmnist_core.model import presets  # noqa: E402
from fmnist_core.runs.store import RunStore  # noqa: E402
from fmnist_core.specs import DataSpec  # noqa: E402


def seconds_to_first_point(store: RunStore) -> float:
    """Launch the smallest preset, wait for its first batch, then let it end."""
    base = presets.load("small").experiment
    experiment = replace(
        base, train=replace(base.train, epochs=1), data=DataSpec(subset=2000, validation=1000)
    )
    started = time.perf_counter()
    run = launch(experiment, store)
    while not run.history.steps:
        time.sleep(0.02)
    seconds = time.perf_counter() - started
    wait(run)
    return seconds


def end_supervisor(store: RunStore) -> None:
    """Kill the supervisor of this store, so that the next launch starts one."""
    for process in psutil.process_iter(["cmdline"]):
        if (process.info["cmdline"] or [""])[-1] == str(store.root):
            process.kill()
            process.wait()


def main() -> None:
    """Measure both in turns and print a Markdown table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as folder:
        store = RunStore(Path(folder))
        cold, warm = [], []
        for _ in range(rounds):
            cold.append(seconds_to_first_point(store))
            warm.append(seconds_to_first_point(store))
            end_supervisor(store)
    ratio = statistics.median(c / w for c, w in zip(cold, warm, strict=True))
    print("| supervisor | median, s | range, s |")
    print("|---|---|---|")
    for name, values in (("cold", cold), ("warm", warm)):
        low, high = min(values), max(values)
        print(f"| {name} | {statistics.median(values):.2f} | {low:.2f} to {high:.2f} |")
    print(f"\ncold ÷ warm, median of {rounds} pairs: {ratio:.2f}")


if __name__ == "__main__":
    main()
