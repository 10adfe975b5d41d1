"""Seconds from pressing Train to the first batch in the metrics log.

    python benchmarks/first_point.py [--rounds 5]

Cold: no supervisor is alive, so it starts first. Waiting: it waits for work, as it does for a while
after each run. In both a new worker imports TensorFlow, reads the data and compiles the network.
Warm: a spare worker has done the first two, as it does while the Train page is in use. All are
measured in turns; the page adds at most the second between two polls.
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

from fmnist_core.jobs import ensure_supervisor, launch, mark_in_use, wait  # noqa: E402
from fmnist_core.jobs.queue import IN_USE_NAME  # noqa: E402
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


def processes(store: RunStore) -> list[psutil.Process]:
    """Return the supervisor of this store and its spare worker."""
    found = psutil.process_iter(["cmdline"])
    return [each for each in found if (each.info["cmdline"] or [""])[-1] == str(store.root)]


def end_supervisor(store: RunStore) -> None:
    """Kill the supervisor of this store, so that the next launch starts one."""
    for process in processes(store):
        process.kill()
        process.wait()


def wait_for_spare(store: RunStore) -> None:
    """Have a spare worker kept, and wait until it sleeps at its input."""
    mark_in_use(store.root)
    ensure_supervisor(store.root)
    spare = None
    while spare is None:
        found = (each for each in processes(store) if "fmnist_core.jobs.spare" in each.cmdline())
        spare = next(found, None)
        time.sleep(0.1)
    before = -1.0
    while (now := spare.cpu_times().user) > before or now < 1.0:
        before = now
        time.sleep(1.0)


def main() -> None:
    """Measure all in turns and print a Markdown table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    seconds: dict[str, list[float]] = {"cold": [], "waiting": [], "warm": []}
    with tempfile.TemporaryDirectory() as folder:
        store = RunStore(Path(folder))
        for _ in range(rounds):
            seconds["cold"].append(seconds_to_first_point(store))
            seconds["waiting"].append(seconds_to_first_point(store))
            wait_for_spare(store)
            seconds["warm"].append(seconds_to_first_point(store))
            end_supervisor(store)
            (store.root / IN_USE_NAME).unlink()
    print("| start | median, s | range, s |")
    print("|---|---|---|")
    for name, values in seconds.items():
        low, high = min(values), max(values)
        print(f"| {name} | {statistics.median(values):.2f} | {low:.2f} to {high:.2f} |")
    pairs = zip(seconds["cold"], seconds["warm"], strict=True)
    ratio = statistics.median(cold / warm for cold, warm in pairs)
    print(f"\ncold ÷ warm, median of {rounds} pairs: {ratio:.2f}")


if __name__ == "__main__":
    main()
