"""What the commands share: how one is added, names a run or an experiment, and answers."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from fmnist_core.exceptions import FmnistError, RunNotFound
from fmnist_core.model import presets
from fmnist_core.runs.run import Run
from fmnist_core.runs.store import RunStore
from fmnist_core.specs import Experiment

RUN_HELP = "id of the run, or how it begins"
SOURCE_HELP = "a preset, or a run's id or how it begins"


def add_command(
    commands: Any, name: str, run: Callable[[argparse.Namespace], None], help_text: str
) -> argparse.ArgumentParser:
    """Add a command that `run` carries out; every command can answer in JSON."""
    command: argparse.ArgumentParser = commands.add_parser(
        name, help=help_text, description=help_text[0].upper() + help_text[1:] + "."
    )
    command.add_argument("--json", action="store_true", help="print JSON instead of text")
    command.set_defaults(run=run)
    return command


def named_experiment(name: str) -> Experiment:
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


def details(run: Run) -> dict[str, Any]:
    """Return all that is known of a run, for JSON."""
    result = run.result
    return {
        "run_id": run.run_id,
        "experiment": run.experiment.to_dict(),
        "status": asdict(run.status),
        "epochs": run.history.epochs,
        "events": run.history.events,
        "result": asdict(result) if result else None,
    }


def print_or_write(args: argparse.Namespace, key: str, text: str) -> None:
    """Print a file's text, or write the file where the command names one."""
    if args.output is None:
        show(args, {key: text}, text.rstrip())
        return
    try:
        Path(args.output).write_text(text, encoding="utf-8")
    except OSError as error:
        raise FmnistError(
            f"{args.output} could not be written: {error.strerror}. Name another file with -o."
        ) from error
    show(args, {"file": args.output}, f"{args.output} is written.")


def show(args: argparse.Namespace, data: object, text: str) -> None:
    """Print an answer: as JSON where that was asked for, else as text."""
    print(json.dumps(data, indent=1) if args.json else text)
