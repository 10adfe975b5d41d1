"""What a run can be told from a shell, in each of its states."""

from __future__ import annotations

import argparse
from typing import Any

from fmnist_core.cli.shared import RUN_HELP, add_command, show
from fmnist_core.jobs import ensure_supervisor
from fmnist_core.runs.run import Run
from fmnist_core.runs.status import INTERRUPTED
from fmnist_core.runs.store import RunStore
from fmnist_core.runs.sweeps import stop_all
from fmnist_core.specs.text import number


def add(commands: Any) -> None:
    """Add `stop`, `pause`, `step`, `rate`, `extend` and `resume`."""
    stop = add_command(commands, "stop", _stop, "end a run and keep what it has learned")
    pause = add_command(commands, "pause", _pause, "let a run wait until it is resumed")
    step = add_command(commands, "step", _step, "train to the end of the epoch, and wait then")
    rate = add_command(commands, "rate", _rate, "go on at another learning rate")
    extend = add_command(
        commands, "extend", _extend, "train more epochs than planned, or after the end"
    )
    which = stop.add_mutually_exclusive_group(required=True)
    which.add_argument("run_id", metavar="RUN", nargs="?", help=RUN_HELP)
    which.add_argument("--tag", help="all runs with this tag that have not ended, as of a sweep")
    for command in (pause, step, rate, extend):
        command.add_argument("run_id", metavar="RUN", help=RUN_HELP)
    rate.add_argument("learning_rate", metavar="RATE", help="of the next batch, in (0, 10]")
    extend.add_argument("epochs", metavar="EPOCHS", help="how many more")
    _add_resume(commands)


def _add_resume(commands: Any) -> None:
    help_text = "let a run go on that was paused, stopped or interrupted, or has failed"
    resume = add_command(commands, "resume", _resume, help_text)
    which = resume.add_mutually_exclusive_group(required=True)
    which.add_argument("run_id", metavar="RUN", nargs="?", help=RUN_HELP)
    which.add_argument("--all", action="store_true", help="all runs that were interrupted")
    start = resume.add_mutually_exclusive_group()
    start.add_argument(
        "--from-previous", action="store_true", help="from the checkpoint before a damaged one"
    )
    start.add_argument("--from-zero", action="store_true", help="from the beginning")


def _stop(args: argparse.Namespace) -> None:
    if args.tag is not None:
        _stop_all(args)
        return
    run = RunStore().get(args.run_id)
    run.stop()
    _told(args, run, f"{run.run_id} will stop and be kept.")


def _stop_all(args: argparse.Namespace) -> None:
    store = RunStore()
    ids = stop_all(store, args.tag)
    if ids:
        ensure_supervisor(store.root)
    text = "\n".join(f"{run_id} will stop and be kept." for run_id in ids)
    show(args, {"stopped": ids}, text or f"All runs with the tag {args.tag} have ended.")


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
    rate: Any = number(args.learning_rate)
    run.set_learning_rate(rate)
    _told(args, run, f"{run.run_id} will go on at a learning rate of {rate:g}.")


def _extend(args: argparse.Namespace) -> None:
    run = RunStore().get(args.run_id)
    epochs: Any = number(args.epochs)
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
    show(args, {"resumed": ids}, text)


def _told(args: argparse.Namespace, run: Run, text: str) -> None:
    """Make sure that somebody hears what the run was told, and say it."""
    ensure_supervisor(run.folder.parent)
    show(args, {"run_id": run.run_id, "state": run.status.state}, text)
