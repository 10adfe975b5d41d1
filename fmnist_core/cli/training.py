"""Training from a shell: train, repeat, and what costs can be known before."""

from __future__ import annotations

import argparse
from dataclasses import asdict, replace
from typing import Any

from fmnist_core.cli import text
from fmnist_core.cli.settings import add_settings, changed_experiment
from fmnist_core.cli.shared import (
    RUN_HELP,
    SOURCE_HELP,
    add_command,
    details,
    named_experiment,
    show,
)
from fmnist_core.cli.waiting import watch
from fmnist_core.exceptions import SpecError
from fmnist_core.jobs import launch
from fmnist_core.jobs.memory_check import check_memory
from fmnist_core.jobs.plans import plans
from fmnist_core.jobs.probe import probe
from fmnist_core.model import presets
from fmnist_core.runs.repeats import DEFAULT, repeats
from fmnist_core.runs.store import RunStore
from fmnist_core.specs.text import number

MAX_MINUTES = 10_000  # a week


def add(commands: Any) -> None:
    """Add `train`, `repeat` and `probe`."""
    _add_train(commands)
    _add_repeat(commands)
    _add_probe(commands)


def _add_train(commands: Any) -> None:
    train = add_command(commands, "train", _train, "train an experiment and wait for it")
    train.add_argument("--preset", default="small", help="the experiment to start from")
    train.add_argument("--name", help="what the run is called in tables")
    train.add_argument("--detach", action="store_true", help="queue it and do not wait")
    add_settings(train)


def _add_repeat(commands: Any) -> None:
    repeat = add_command(
        commands, "repeat", _repeat, "queue a run's experiment again with other seeds"
    )
    repeat.add_argument("run_id", metavar="RUN", help=RUN_HELP)
    repeat.add_argument("--seeds", default=str(DEFAULT), help=f"how many; {DEFAULT}")


def _add_probe(commands: Any) -> None:
    probe = add_command(
        commands, "probe", _probe, "time an experiment on this machine, and plan it"
    )
    probe.add_argument("source", metavar="NAME", help=SOURCE_HELP)
    probe.add_argument("--minutes", type=float, default=3, help="what the plans may take; 3")
    probe.add_argument("--again", action="store_true", help="time it even if that was done before")
    add_settings(probe)


def _train(args: argparse.Namespace) -> None:
    experiment = changed_experiment(presets.load(args.preset).experiment, args)
    if args.name is not None:
        experiment = replace(experiment, name=args.name)
    run = launch(experiment, RunStore())
    if args.detach:
        show(args, {"run_id": run.run_id, "state": "queued"}, text.queued(run))
        return
    watch(run)
    show(args, details(run), text.details(run))


def _repeat(args: argparse.Namespace) -> None:
    store = RunStore()
    seeds: Any = number(args.seeds)
    asked = repeats(store.get(args.run_id), store.summaries(), seeds)
    runs = [launch(experiment, store) for experiment in asked]
    lines = [f"{run.run_id} is queued: {run.title}" for run in runs]
    show(args, {"queued": [run.run_id for run in runs]}, "\n".join(lines))


def _probe(args: argparse.Namespace) -> None:
    if not 0 < args.minutes <= MAX_MINUTES:
        raise SpecError("minutes", args.minutes, f"above 0, at most {MAX_MINUTES:,}")
    experiment = changed_experiment(named_experiment(args.source), args)
    needed = check_memory(experiment)
    result = probe(experiment, again=args.again)
    sizes, copies = experiment.sizes, len(experiment.augment.copies)
    found = plans(result, experiment.data, args.minutes, copies=copies)
    answer = {
        "epoch_seconds": result.epoch_seconds(sizes.train, sizes.validation),
        "memory_bytes": needed,
        "plans": [asdict(plan) for plan in found],
        "probe": asdict(result),
    }
    show(args, answer, text.probed(experiment, result, needed, found, args.minutes))
