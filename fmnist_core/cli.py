"""The command line: `python -m fmnist_core`, or `fmnist` where it is installed."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any

from fmnist_core import cli_text
from fmnist_core.exceptions import FmnistError, TrainingError
from fmnist_core.jobs import launch, wait
from fmnist_core.model import presets
from fmnist_core.model.shapes import trace
from fmnist_core.runs.run import Run
from fmnist_core.runs.status import FAILED, INTERRUPTED
from fmnist_core.runs.store import RunStore
from fmnist_core.settings import Number, Setting, Switch, Weights, settings_of
from fmnist_core.specs import DataSpec, Experiment, TrainSpec

# Flag, without its hyphens, of the settings whose name alone would be ambiguous.
_FLAGS: dict[tuple[type, str], str] = {(DataSpec, "seed"): "split_seed"}


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0 done, 1 a problem was shown, 2 wrong usage."""
    args = build_parser().parse_args(argv)
    try:
        args.run(args)
    except FmnistError as error:
        print(f"fmnist: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("fmnist: interrupted.", file=sys.stderr)
        return 130
    return 0


def build_parser() -> argparse.ArgumentParser:
    """Describe all commands; the flags of `train` come from the specs' own settings."""
    parser = argparse.ArgumentParser(
        prog="fmnist", description="Experiments with small networks on Fashion-MNIST."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _add_train(commands)
    _add(commands, "presets", _presets, "list the ready-made experiments")
    _add(commands, "runs", _runs, "list all runs, newest first")
    show = _add(commands, "show", _show, "show one run")
    stop = _add(commands, "stop", _stop, "end a run and keep what it has learned")
    for command in (show, stop):
        command.add_argument("run_id", metavar="RUN", help="id of the run, or how it begins")
    return parser


def _add(
    commands: Any, name: str, run: Callable[[argparse.Namespace], None], help_text: str
) -> argparse.ArgumentParser:
    command: argparse.ArgumentParser = commands.add_parser(
        name, help=help_text, description=help_text[0].upper() + help_text[1:] + "."
    )
    command.add_argument("--json", action="store_true", help="print JSON instead of text")
    command.set_defaults(run=run)
    return command


def _add_train(commands: Any) -> None:
    train = _add(commands, "train", _train, "train an experiment and wait for it")
    train.add_argument("--preset", default="small", help="the experiment to start from")
    train.add_argument("--name", help="what the run is called in tables")
    train.add_argument("--detach", action="store_true", help="queue it and do not wait")
    for spec in (TrainSpec, DataSpec):
        group = train.add_argument_group(f"{spec.__name__} (default: as the preset has it)")
        for name, setting in settings_of(spec).items():
            _add_flag(group, _FLAGS.get((spec, name), name), setting)


def _add_flag(group: Any, name: str, setting: Setting) -> None:
    flag = "--" + name.replace("_", "-")
    help_text = setting.help.replace("%", "%%")
    if isinstance(setting, Switch):
        group.add_argument(
            flag, dest=name, action=argparse.BooleanOptionalAction, default=None, help=help_text
        )
    else:
        metavar = type(setting).__name__.upper()
        group.add_argument(flag, dest=name, metavar=metavar, help=help_text)


def _experiment(args: argparse.Namespace) -> Experiment:
    """Return the preset with the changes of the command line."""
    base = presets.load(args.preset).experiment
    changed: dict[str, Any] = base.to_dict()
    changed["name"] = base.name if args.name is None else args.name
    for part, spec in (("train", TrainSpec), ("data", DataSpec)):
        for name, setting in settings_of(spec).items():
            given = getattr(args, _FLAGS.get((spec, name), name))
            if given is not None:
                changed[part][name] = _parsed(setting, given)
    if args.epochs is not None and args.steps is None:
        changed["train"]["steps"] = None
    return Experiment.from_dict(changed)


def _parsed(setting: Setting, given: Any) -> Any:
    """Turn a flag's text into what the setting can check; what cannot be turned is left to it."""
    if isinstance(setting, Weights):
        return [_number(part) for part in given.split(",")] if given else []
    return _number(given) if isinstance(setting, Number) else given


def _number(text: str) -> int | float | str | None:
    if text.lower() == "none":
        return None
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text


def _train(args: argparse.Namespace) -> None:
    run = launch(_experiment(args), RunStore())
    if args.detach:
        _print(args, {"run_id": run.run_id, "state": "queued"}, cli_text.queued(run))
        return
    try:
        with cli_text.progress_of(run) as on_tick:
            status = wait(run, on_tick=on_tick)
    except KeyboardInterrupt:
        print(f"\nTraining goes on. To end it: fmnist stop {run.run_id}", file=sys.stderr)
        raise
    if status.state in (FAILED, INTERRUPTED):
        raise TrainingError(f"Run {run.run_id} {status.state}. {status.message}")
    _print(args, _details(run), cli_text.details(run))


def _presets(args: argparse.Namespace) -> None:
    rows = [
        {
            "name": preset.name,
            "parameters": trace(preset.experiment.model).parameters,
            "summary": preset.summary,
        }
        for preset in presets.PRESETS
    ]
    lines = [f"{row['name']:<10}{row['parameters']:>12,}" for row in rows]
    _print(args, rows, "\n".join(lines))


def _runs(args: argparse.Namespace) -> None:
    summaries = RunStore().summaries()
    rows = [
        {
            "run_id": row.run_id,
            "title": row.title,
            "state": row.state,
            "model": row.model,
            "parameters": row.parameters,
            "epochs": row.status.epoch if row.status else None,
            "val_accuracy": row.val_accuracy,
            "test_accuracy": row.result.test.accuracy if row.result else None,
            "problem": row.problem,
        }
        for row in summaries
    ]
    _print(args, rows, cli_text.table(summaries))


def _show(args: argparse.Namespace) -> None:
    run = RunStore().get(args.run_id)
    _print(args, _details(run), cli_text.details(run))


def _stop(args: argparse.Namespace) -> None:
    run = RunStore().get(args.run_id)
    run.stop()
    _print(args, {"run_id": run.run_id, "stopping": True}, f"{run.run_id} will stop and be kept.")


def _details(run: Run) -> dict[str, Any]:
    result = run.result
    return {
        "run_id": run.run_id,
        "experiment": run.experiment.to_dict(),
        "status": asdict(run.status),
        "epochs": run.history.epochs,
        "events": run.history.events,
        "result": asdict(result) if result else None,
    }


def _print(args: argparse.Namespace, data: object, text: str) -> None:
    print(json.dumps(data, indent=1) if args.json else text)
