"""What there is: presets, runs, and one run in full."""

from __future__ import annotations

import argparse
from typing import Any

from fmnist_core.cli import text
from fmnist_core.cli.shared import RUN_HELP, add_command, details, show
from fmnist_core.model import presets
from fmnist_core.model.shapes import trace
from fmnist_core.runs.store import RunStore


def add(commands: Any) -> None:
    """Add `presets`, `runs` and `show`."""
    add_command(commands, "presets", _presets, "list the ready-made experiments")
    add_command(commands, "runs", _runs, "list all runs, newest first")
    one = add_command(commands, "show", _show, "show one run")
    one.add_argument("run_id", metavar="RUN", help=RUN_HELP)


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
    show(args, rows, "\n".join(lines))


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
    show(args, rows, text.table(summaries))


def _show(args: argparse.Namespace) -> None:
    run = RunStore().get(args.run_id)
    show(args, details(run), text.details(run))
