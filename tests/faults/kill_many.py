"""Kill short runs with SIGKILL at many moments, resume them, and count how many end equal.

    python tests/faults/kill_many.py [--kills 50] [--seed 7]

Each attempt is a worker of its own, with checkpoints as often as they can be written and every
rename slowed down, so that kills hit the windows that matter. Half of the kills come at a random
time, the others when a file is seen half-written: a checkpoint, the best model, the predictions,
the result, the status. A run ends equal if its weights, optimizer, best weights, predictions and
curves are those of an undisturbed run, to the bit. Exit code 1 if one does not.
"""

from __future__ import annotations

import argparse
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field, replace
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from fmnist_core.model import presets  # noqa: E402
from fmnist_core.runs import checkpoints  # noqa: E402
from fmnist_core.runs.run import Run  # noqa: E402
from fmnist_core.runs.store import RunStore  # noqa: E402
from fmnist_core.specs import AugmentSpec, DataSpec, Experiment  # noqa: E402

KILLS_PER_RUN = 6
MAX_SECONDS = 12.0  # of an attempt: from its start to after its end
WINDOWS = {  # a half-written file, and how many of its kind an attempt writes at least
    "checkpoint": ("checkpoint/.*", 8),
    "best model": (".draft.keras", 2),
    "predictions": (".predictions.npz-*", 1),
    "result": (".result.json-*", 1),
    "status": (".status.json-*", 3),
}
WORKER = """
import os, sys, time
from fmnist_core.jobs import checkpointing, worker

checkpointing.SECONDS, checkpointing.COST = 0.0, 1e9
rename = os.replace

def slow_rename(source, target):
    time.sleep(0.005)
    rename(source, target)
    time.sleep(0.005)

os.replace = slow_rename
sys.exit(worker.main(sys.argv[1:]))
"""


@dataclass
class Tally:
    """What was seen.

    Attributes:
        equal, runs: Runs that ended equal, of all.
        kills: How many kills hit which window.
        different: Run ids of those that did not end equal.
    """

    equal: int = 0
    runs: int = 0
    kills: Counter[str] = field(default_factory=Counter)
    different: list[str] = field(default_factory=list)


def experiment(seed: int) -> Experiment:
    """Return a training of a few seconds, in which the best epoch is not the last.

    It has what draws at random or keeps a state: dropout, augmentation, averaged weights.
    """
    base = presets.load("small").experiment
    train = replace(
        base.train, epochs=6, batch_size=64, seed=seed, learning_rate=0.004, ema_momentum=0.9
    )
    return replace(
        base,
        train=train,
        data=DataSpec(subset=2000, validation=300, normalisation="standardised"),
        augment=AugmentSpec(rotation=10, noise=0.05, mixup=0.2),
    )


def start(run: Run) -> subprocess.Popen[bytes]:
    """Start a worker on a run."""
    with (run.folder / "log.txt").open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-c", WORKER, str(run.folder)], cwd=ROOT, stdout=log, stderr=log
        )


def attempt(run: Run, chance: random.Random) -> str:
    """Start a worker and kill it; return in which window, or "" if it ended before."""
    window = chance.choice([*WINDOWS, *["random time"] * len(WINDOWS)])
    moment = time.monotonic() + chance.uniform(1.5, MAX_SECONDS / 2)
    pattern, times = WINDOWS.get(window, ("", 1))
    skip = chance.randrange(times)  # how many half-written files to let pass
    process, seen = start(run), ""
    while process.poll() is None:
        if window == "random time":
            hit = time.monotonic() >= moment
        else:
            names = "".join(path.name for path in run.folder.glob(pattern))
            skip -= bool(names and names != seen)
            seen = names
            hit = skip < 0 and bool(names)
        if hit:
            process.kill()
            process.wait()
            return window
        time.sleep(0.0005)
    return ""


def fingerprint(run: Run) -> dict[str, object]:
    """Return all that has to be equal."""
    last = checkpoints.read(checkpoints.paths(run.folder)[0], run.experiment)
    clock = dict.fromkeys(("seconds", "images_per_second"))
    arrays = {**last.arrays, **run.predictions}
    assert run.result is not None
    return {
        "arrays": {name: array.tobytes() for name, array in arrays.items()},
        "batches": (run.history.steps, run.history.losses, run.history.learning_rates),
        "epochs": [row | clock for row in run.history.epochs],
        "result": (run.result.best_epoch, run.result.steps, run.result.test.correct),
        "moments": [moment["confusion"].tolist() for moment in run.moments()],
    }


def kill_many(kills: int, seed: int, store: RunStore) -> Tally:
    """Kill so often, in as many runs as that takes; print a line a run."""
    chance, tally = random.Random(seed), Tally()
    asked = experiment(seed)
    reference = store.create(asked)
    assert start(reference).wait() == 0
    expected = fingerprint(reference)
    while tally.kills.total() < kills:
        run, killed = store.create(asked), 0
        wanted = min(chance.randint(1, KILLS_PER_RUN), kills - tally.kills.total())
        while run.status.live:
            window = attempt(run, chance) if killed < wanted else ""
            if window:
                killed += 1
                tally.kills[window] += 1
            elif run.status.live:
                start(run).wait()
        found = fingerprint(run) if run.result else {}
        differs = [name for name in expected if found.get(name) != expected[name]]
        tally.runs += 1
        tally.equal += not differs
        tally.different += [run.run_id] if differs else []
        ended = f"different: {', '.join(differs)} ({run.status.message})" if differs else "equal"
        print(
            f"run {tally.runs}: {killed} kills, {run.status.attempt} attempts, {ended}", flush=True
        )
    return tally


def main() -> int:
    """Print how many of how many ended equal."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=7)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        tally = kill_many(args.kills, args.seed, RunStore(Path(folder)))
    windows = ", ".join(f"{count} × {window}" for window, count in tally.kills.most_common())
    print(f"{tally.kills.total()} kills ({windows})")
    print(f"{tally.equal} of {tally.runs} runs ended equal")
    return 0 if tally.equal == tally.runs else 1


if __name__ == "__main__":
    sys.exit(main())
