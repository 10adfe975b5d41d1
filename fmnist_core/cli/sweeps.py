"""Sweeps from a shell: one experiment with many values of some settings."""

from __future__ import annotations

import argparse
from dataclasses import replace
from typing import Any

from fmnist_core.cli.shared import SOURCE_HELP, add_command, named_experiment, show
from fmnist_core.exceptions import SpecError
from fmnist_core.jobs.sweeps import Sweep, check_all, launch_sweep, likely_time
from fmnist_core.runs.store import RunStore
from fmnist_core.runs.sweeps import AXES, SWEEPS, SweepSpec, preset_sweep
from fmnist_core.specs import Experiment
from fmnist_core.specs.text import number, values


def add(commands: Any) -> None:
    """Add `sweep`."""
    sweep = add_command(
        commands, "sweep", _sweep, "queue an experiment with many values of some settings"
    )
    which = sweep.add_mutually_exclusive_group(required=True)
    which.add_argument("source", metavar="NAME", nargs="?", help=SOURCE_HELP)
    which.add_argument("--preset", metavar="SWEEP", help=f"a report's: {', '.join(SWEEPS)}")
    sweep.add_argument(
        "--over",
        action="append",
        default=[],
        metavar="SETTING=A,B",
        help="values of a setting, as optimizer=adam,sgd; again for another one",
    )
    sweep.add_argument(
        "--keras-rates", action="store_true", help="each optimizer at Keras's learning rate for it"
    )
    sweep.add_argument("--random", metavar="N", help="draw so many combinations; else all")
    sweep.add_argument("--seed", default="0", help="of the draw; 0")
    sweep.add_argument("--dry-run", action="store_true", help="check and list, queue nothing")


def _sweep(args: argparse.Namespace) -> None:
    asked, store = _spec(args).experiments(), RunStore()
    if args.dry_run:
        check_all(asked)
        names = [experiment.title for experiment in asked]
        seconds = likely_time(asked, store).seconds
        text = "\n".join([*names, f"{len(names)} runs{_rough(seconds)}; nothing is queued."])
        show(args, {"runs": names, "seconds": seconds}, text)
        return
    sweep = launch_sweep(asked, store)
    answer = {"tag": sweep.tag, "queued": [run.run_id for run in sweep.runs]}
    show(args, answer, _queued(sweep))


def _spec(args: argparse.Namespace) -> SweepSpec:
    drawn: dict[str, Any] = {"seed": number(args.seed)}
    if args.random is not None:
        drawn["count"] = number(args.random)
    if args.preset is not None:
        spec, over = preset_sweep(args.preset), _axes(args.over)
        rates = args.keras_rates or (spec.keras_rates and "learning_rate" not in over)
        return replace(spec, axes={**spec.axes, **over}, keras_rates=rates, **drawn)
    base = _base(args.source)
    return SweepSpec(base=base, axes=_axes(args.over), keras_rates=args.keras_rates, **drawn)


def _base(source: str) -> Experiment:
    """Return a preset's experiment, or that of a run, whose children the new ones will be."""
    found = named_experiment(source)
    ids = [run_id for run_id in RunStore().run_ids() if run_id.startswith(source)]
    return replace(found, parent=ids[0]) if len(ids) == 1 else found


def _axes(given: list[str]) -> dict[str, tuple[Any, ...]]:
    found: dict[str, tuple[Any, ...]] = {}
    for text in given:
        name, equals, listed = text.partition("=")
        name = name.strip().replace("-", "_")
        if not equals or name not in AXES:
            expected = "a setting and its values, as optimizer=adam,sgd; settings are "
            raise SpecError("over", text, expected + ", ".join(AXES))
        found[name] = found.get(name, ()) + values(AXES[name], listed)
    return found


def _rough(seconds: float | None) -> str:
    return "" if seconds is None else f", about {seconds / 60:,.0f} minutes one after the other"


def _queued(sweep: Sweep) -> str:
    lines = [f"{run.run_id} is queued: {run.title}" for run in sweep.runs]
    end = f"{len(lines)} runs with the tag {sweep.tag}. To end them: fmnist stop --tag {sweep.tag}"
    return "\n".join([*lines, end])
