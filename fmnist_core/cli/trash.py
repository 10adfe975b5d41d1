"""Deleting runs, and having them back within a week."""

from __future__ import annotations

import argparse
import time
from typing import Any

from fmnist_core.cli.shared import RUN_HELP, add_command, show
from fmnist_core.runs.store import RunStore
from fmnist_core.runs.trash import KEEP_SECONDS, Deleted

_DAYS = round(KEEP_SECONDS / 86_400)


def add(commands: Any) -> None:
    """Add `delete`, `restore` and `trash`."""
    help_text = f"delete runs; restore brings them back for {_DAYS} days"
    delete = add_command(commands, "delete", _delete, help_text)
    delete.add_argument("run_ids", metavar="RUN", nargs="+", help=RUN_HELP)
    restore = add_command(commands, "restore", _restore, "put a deleted run back")
    restore.add_argument("run_id", metavar="RUN", help=RUN_HELP)
    add_command(commands, "trash", _trash, "list deleted runs that can be restored")


def _delete(args: argparse.Namespace) -> None:
    store = RunStore()
    runs = [store.get(run_id) for run_id in args.run_ids]  # all are found, or none is deleted
    for run in runs:
        store.trash.put(run)
        if not args.json:
            print(f"{run.run_id} is deleted. Within {_DAYS} days: fmnist restore {run.run_id}")
    store.trash.purge()
    if args.json:
        show(args, {"deleted": [run.run_id for run in runs]}, "")


def _restore(args: argparse.Namespace) -> None:
    run = RunStore().trash.restore(args.run_id)
    show(args, {"restored": run.run_id}, f"{run.run_id} is back.")


def _trash(args: argparse.Namespace) -> None:
    trash = RunStore().trash
    trash.purge()
    found = trash.entries()
    rows = [{"run_id": each.run_id, "title": each.title, "goes": each.goes} for each in found]
    lines = [f"{each.run_id:<22} {each.title:<24} {_left(each)}" for each in found]
    show(args, rows, "\n".join(lines) or "The trash is empty.")


def _left(entry: Deleted) -> str:
    hours = max(0.0, entry.goes - time.time()) / 3600
    return f"{hours / 24:.0f} days left" if hours >= 48 else f"{hours:.0f} hours left"
