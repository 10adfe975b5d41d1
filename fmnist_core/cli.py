"""The command line: `python -m fmnist_core`, or `fmnist` where it is installed."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from fmnist_core import cli_text
from fmnist_core.exceptions import FmnistError, RunNotFound, SpecError, TrainingError
from fmnist_core.jobs import ensure_supervisor, launch, wait
from fmnist_core.jobs.memory_check import check_memory
from fmnist_core.jobs.plans import plans
from fmnist_core.jobs.probe import probe
from fmnist_core.model import presets
from fmnist_core.model.code import notebook, script
from fmnist_core.model.cost_bars import cost_bars_svg
from fmnist_core.model.drawing import network_svg
from fmnist_core.model.shapes import trace
from fmnist_core.runs.run import Run
from fmnist_core.runs.status import FAILED, INTERRUPTED
from fmnist_core.runs.store import RunStore
from fmnist_core.settings import Number, Setting, Switch, Weights, settings_of
from fmnist_core.specs import DataSpec, Experiment, TrainSpec

# Flag, without its hyphens, of the settings whose name alone would be ambiguous.
_FLAGS: dict[tuple[type, str], str] = {(DataSpec, "seed"): "split_seed"}
MAX_MINUTES = 10_000  # a week


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
    _add_probe(commands)
    _add(commands, "presets", _presets, "list the ready-made experiments")
    _add(commands, "runs", _runs, "list all runs, newest first")
    show = _add(commands, "show", _show, "show one run")
    stop = _add(commands, "stop", _stop, "end a run and keep what it has learned")
    pause = _add(commands, "pause", _pause, "let a run wait until it is resumed")
    step = _add(commands, "step", _step, "train to the end of the epoch, and wait then")
    rate = _add(commands, "rate", _rate, "go on at another learning rate")
    extend = _add(commands, "extend", _extend, "train more epochs than planned, or after the end")
    for command in (show, stop, pause, step, rate, extend):
        command.add_argument("run_id", metavar="RUN", help="id of the run, or how it begins")
    _add_draw(commands)
    _add_code(commands)
    rate.add_argument("learning_rate", metavar="RATE", help="of the next batch, in (0, 10]")
    extend.add_argument("epochs", metavar="EPOCHS", help="how many more")
    _add_resume(commands)
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
    _add_settings(train)


def _add_probe(commands: Any) -> None:
    probe = _add(commands, "probe", _probe, "time an experiment on this machine, and plan it")
    probe.add_argument("source", metavar="NAME", help="a preset, or a run's id or how it begins")
    probe.add_argument("--minutes", type=float, default=3, help="what the plans may take; 3")
    probe.add_argument("--again", action="store_true", help="time it even if that was done before")
    _add_settings(probe)


def _add_draw(commands: Any) -> None:
    draw = _add(commands, "draw", _draw, "draw a network to scale, as an SVG file")
    draw.add_argument("source", metavar="NAME", help="a preset, or a run's id or how it begins")
    draw.add_argument("--cost", action="store_true", help="draw what each layer costs instead")
    draw.add_argument("--dark", action="store_true", help="in the colours for a dark page")
    draw.add_argument("-o", "--output", metavar="FILE", help="write it there instead of printing")


def _add_code(commands: Any) -> None:
    code = _add(commands, "code", _code, "write an experiment as a Keras script that runs alone")
    code.add_argument("source", metavar="NAME", help="a preset, or a run's id or how it begins")
    code.add_argument("--notebook", action="store_true", help="write a Jupyter notebook instead")
    code.add_argument("-o", "--output", metavar="FILE", help="write it there instead of printing")


def _add_settings(command: argparse.ArgumentParser) -> None:
    """Add a flag for each setting of training and data."""
    for spec in (TrainSpec, DataSpec):
        group = command.add_argument_group(f"{spec.__name__} (default: as the preset has it)")
        for name, setting in settings_of(spec).items():
            _add_flag(group, _FLAGS.get((spec, name), name), setting)


def _add_resume(commands: Any) -> None:
    help_text = "let a run go on that was paused, stopped or interrupted, or has failed"
    resume = _add(commands, "resume", _resume, help_text)
    which = resume.add_mutually_exclusive_group(required=True)
    which.add_argument("run_id", metavar="RUN", nargs="?", help="id of the run, or how it begins")
    which.add_argument("--all", action="store_true", help="all runs that were interrupted")
    start = resume.add_mutually_exclusive_group()
    start.add_argument(
        "--from-previous", action="store_true", help="from the checkpoint before a damaged one"
    )
    start.add_argument("--from-zero", action="store_true", help="from the beginning")


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


def _named(name: str) -> Experiment:
    """Return the experiment of a preset, or of a run by its id or how that begins."""
    try:
        return presets.load(name).experiment
    except FmnistError as no_preset:
        try:
            return RunStore().get(name).experiment
        except RunNotFound:
            raise FmnistError(
                f'No preset and no run is called "{name[:40]}". "fmnist presets" and "fmnist runs" '
                "list them all."
            ) from no_preset


def _changed(base: Experiment, args: argparse.Namespace) -> Experiment:
    """Return the experiment with the changes of the command line."""
    changed: dict[str, Any] = base.to_dict()
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
    experiment = _changed(presets.load(args.preset).experiment, args)
    if args.name is not None:
        experiment = replace(experiment, name=args.name)
    run = launch(experiment, RunStore())
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


def _probe(args: argparse.Namespace) -> None:
    if not 0 < args.minutes <= MAX_MINUTES:
        raise SpecError("minutes", args.minutes, f"above 0, at most {MAX_MINUTES:,}")
    experiment = _changed(_named(args.source), args)
    needed = check_memory(experiment)
    result = probe(experiment, again=args.again)
    sizes, found = experiment.data.sizes, plans(result, experiment.data, args.minutes)
    answer = {
        "epoch_seconds": result.epoch_seconds(sizes.train, sizes.validation),
        "memory_bytes": needed,
        "plans": [asdict(plan) for plan in found],
        "probe": asdict(result),
    }
    _print(args, answer, cli_text.probed(experiment, result, needed, found, args.minutes))


def _presets(args: argparse.Namespace) -> None:
    rows = [
        {
            "name": preset.name,
            "parameters": trace(preset.experiment.model).parameters,
            "group": preset.group,
            "report_name": preset.report_name,
            "summary": preset.summary,
        }
        for preset in presets.PRESETS
    ]
    lines = [f"{row['name']:<24}{row['parameters']:>12,}  {row['group']}" for row in rows]
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
    ensure_supervisor(run.folder.parent)
    _print(args, {"run_id": run.run_id, "stopping": True}, f"{run.run_id} will stop and be kept.")


def _draw(args: argparse.Namespace) -> None:
    model = _named(args.source).model
    drawn = (cost_bars_svg if args.cost else network_svg)(model, trace(model), dark=args.dark)
    _print_or_write(args, "svg", drawn)


def _code(args: argparse.Namespace) -> None:
    experiment = _named(args.source)
    _print_or_write(args, "code", (notebook if args.notebook else script)(experiment))


def _pause(args: argparse.Namespace) -> None:
    run = RunStore().get(args.run_id)
    run.pause()
    _told(args, run, f"{run.run_id} will pause. To go on: fmnist resume {run.run_id}")


def _step(args: argparse.Namespace) -> None:
    run = RunStore().get(args.run_id)
    run.step_epoch()
    _told(args, run, f"{run.run_id} will train to the end of its epoch, and wait then.")


def _rate(args: argparse.Namespace) -> None:
    run = RunStore().get(args.run_id)
    rate: Any = _number(args.learning_rate)
    run.set_learning_rate(rate)
    _told(args, run, f"{run.run_id} will go on at a learning rate of {rate:g}.")


def _extend(args: argparse.Namespace) -> None:
    run = RunStore().get(args.run_id)
    epochs: Any = _number(args.epochs)
    run.add_epochs(epochs)
    _told(args, run, f"{run.run_id} will train {epochs} more epochs.")


def _resume(args: argparse.Namespace) -> None:
    store = RunStore()
    if args.all:
        runs = [store.get(row.run_id) for row in store.summaries() if row.state == INTERRUPTED]
    else:
        runs = [store.get(args.run_id)]
    for run in runs:
        run.resume(from_previous=args.from_previous, from_zero=args.from_zero)
    if runs:
        ensure_supervisor(store.root)
    ids = [run.run_id for run in runs]
    text = "\n".join(f"{run_id} goes on." for run_id in ids) or "No run was interrupted."
    _print(args, {"resumed": ids}, text)


def _told(args: argparse.Namespace, run: Run, text: str) -> None:
    """Make sure that somebody hears what the run was told, and say it."""
    ensure_supervisor(run.folder.parent)
    _print(args, {"run_id": run.run_id, "state": run.status.state}, text)


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


def _print_or_write(args: argparse.Namespace, key: str, text: str) -> None:
    """Print a file's text, or write the file where the command names one."""
    if args.output is None:
        _print(args, {key: text}, text.rstrip())
        return
    try:
        Path(args.output).write_text(text, encoding="utf-8")
    except OSError as error:
        raise FmnistError(
            f"{args.output} could not be written: {error.strerror}. Name another file with -o."
        ) from error
    _print(args, {"file": args.output}, f"{args.output} is written.")


def _print(args: argparse.Namespace, data: object, text: str) -> None:
    print(json.dumps(data, indent=1) if args.json else text)
