"""What there is: presets, runs, and one run in full."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from typing import Any

from fmnist_core.analysis.predictions import load_predictions
from fmnist_core.cli import text
from fmnist_core.cli.shared import RUN_HELP, add_command, details, show
from fmnist_core.exceptions import FmnistError
from fmnist_core.export.run_list import runs_csv
from fmnist_core.model import presets
from fmnist_core.model.shapes import trace
from fmnist_core.runs.lineage import Relative, edge_text, families, gain
from fmnist_core.runs.selection import Filter, read_range, select, sort
from fmnist_core.runs.status import STATES
from fmnist_core.runs.store import RunStore
from fmnist_core.runs.summary import RunSummary

_STATES = (*sorted(STATES), "damaged")


def add(commands: Any) -> None:
    """Add `presets`, `runs`, `show` and `lineage`."""
    add_command(commands, "presets", _presets, "list the ready-made experiments")
    _add_runs(commands)
    one = add_command(commands, "show", _show, "show one run")
    family = add_command(
        commands, "lineage", _lineage, "show what a run was made from, and what from it"
    )
    for command in (one, family):
        command.add_argument("run_id", metavar="RUN", help=RUN_HELP)


def _add_runs(commands: Any) -> None:
    runs = add_command(commands, "runs", _runs, "list runs, newest first unless sorted")
    runs.add_argument("text", nargs="*", help="words in name, id, model, owner, tags or note")
    runs.add_argument("--tag", action="append", default=[], help="with this tag; several: with all")
    runs.add_argument("--owner", action="append", default=[], help="of this owner; several: of any")
    runs.add_argument(
        "--state", action="append", default=[], choices=_STATES, help="in this state; several: any"
    )
    runs.add_argument(
        "--range",
        action="append",
        default=[],
        metavar="COLUMN=LOW:HIGH",
        help="with a number in this range, such as parameters=:100000; an end may be left out",
    )
    runs.add_argument("--starred", action="store_true", help="starred ones only")
    runs.add_argument("--archived", action="store_true", help="archived ones too")
    runs.add_argument(
        "--sort", metavar="COLUMN", help="such as val_accuracy, largest first; names stand in --csv"
    )
    runs.add_argument("--ascending", action="store_true", help="with --sort: smallest first")
    runs.add_argument("--csv", action="store_true", help="print a CSV table with every column")


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
    wanted = Filter(
        text=" ".join(args.text),
        tags=tuple(args.tag),
        owners=tuple(args.owner),
        states=tuple(args.state),
        starred=args.starred,
        archived=args.archived,
        ranges=dict(read_range(text) for text in args.range),
    )
    known = RunStore().summaries()
    found = select(known, wanted)
    if args.sort is not None:
        found = sort(found, args.sort, descending=not args.ascending)
    if args.csv:
        print(runs_csv(found), end="")
    else:
        show(args, [_row(row) for row in found], text.table(found, of=len(known)))


def _row(row: RunSummary) -> dict[str, Any]:
    return {
        "run_id": row.run_id,
        "title": row.title,
        "state": row.state,
        "model": row.model,
        "owner": row.owner,
        "parameters": row.parameters,
        "epochs": row.status.epoch if row.status else None,
        "val_accuracy": row.val_accuracy,
        "test_accuracy": row.result.test.accuracy if row.result else None,
        "challenge": asdict(row.challenge) if row.challenge else None,
        "notes": row.notes.to_dict(),
        "problem": row.problem or row.notes_problem,
    }


def _show(args: argparse.Namespace) -> None:
    run = RunStore().get(args.run_id)
    show(args, details(run), text.details(run))


def _lineage(args: argparse.Namespace) -> None:
    store = RunStore()
    run = store.get(args.run_id)
    found = families(store.summaries(), [run.run_id])
    rows, lines = [], []
    for each in found:
        edge, row = _edge(store, each), each.row
        parent = each.parent.run_id if each.parent else ""
        about = {"run_id": row.run_id, "title": row.title, "parent": parent, "edge": edge}
        rows.append({**about, "depth": each.depth})
        mark = "*" if row.run_id == run.run_id else "-"
        step = f"{edge} → " if edge else ""
        lines.append(f"{'    ' * each.depth}{mark} {step}{row.title} ({row.run_id})")
    show(args, rows, "\n".join(lines))


def _edge(store: RunStore, relative: Relative) -> str:
    if relative.parent is None:
        return ""
    before, after = (store.get(row.run_id) for row in (relative.parent, relative.row))
    gained = gain(
        relative.parent,
        relative.row,
        lambda run_id: load_predictions(store.get(run_id), "validation"),
    )
    try:
        return edge_text(before.experiment, after.experiment, gained)
    except FmnistError:
        return "what was changed cannot be read"
