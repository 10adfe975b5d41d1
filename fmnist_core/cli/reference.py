"""The experiments of five reports: which there are, training and timing them, what came out."""

from __future__ import annotations

import argparse
import subprocess
import sys
from dataclasses import asdict
from typing import Any

from fmnist_core.cli.shared import add_command, print_or_write, show
from fmnist_core.cli.text import columns
from fmnist_core.cli.waiting import watch
from fmnist_core.exceptions import TrainingError
from fmnist_core.export.reference_list import (
    GRID_HEADINGS,
    HEADINGS,
    claimed,
    grid_table,
    reference_markdown,
    report_table,
)
from fmnist_core.format import count
from fmnist_core.jobs import launch
from fmnist_core.reference import REPORTS, Measured, claims_named, digits, measure, timing
from fmnist_core.reference.asked import wanted
from fmnist_core.reference.grid import GridMeasured, measure_grid
from fmnist_core.runs.store import RunStore
from fmnist_core.specs.text import number

NAME_HELP = "a report, r0 to r4, or one of its references"


def add(commands: Any) -> None:
    """Add `reference`."""
    reference = commands.add_parser("reference", help="the experiments of five reports")
    actions = reference.add_subparsers(title="what to do", required=True, metavar="ACTION")
    add_command(actions, "list", _list, "list what the reports claim")
    again = add_command(actions, "run", _run, "train what a report did, where it is not there yet")
    again.add_argument("name", metavar="NAME", help=NAME_HELP)
    again.add_argument("--quick", action="store_true", help="2 epochs on 6,000 images, to try it")
    again.add_argument("--seeds", default="1", metavar="N", help="so many seeds of each; 1")
    again.add_argument("--detach", action="store_true", help="queue it and do not wait")
    times = add_command(
        actions, "times", _times, "time an epoch in the ways that reports compare; a minute or two"
    )
    times.add_argument("--again", action="store_true", help="time anew what is known already")
    on_digits = add_command(
        actions, "digits", _digits, "train R0's recipe on MNIST's digits, if you have them"
    )
    on_digits.add_argument("folder", metavar="FOLDER", help="with MNIST's four files")
    on_digits.add_argument(
        "--quick", action="store_true", help="2 epochs on 6,000 images, to try it"
    )
    table = add_command(actions, "table", _table, "show what was measured beside the claims")
    table.add_argument("--markdown", action="store_true", help="all of it as a Markdown page")
    table.add_argument("-o", "--output", metavar="FILE", help="with --markdown: write it there")


def _list(args: argparse.Namespace) -> None:
    rows, lines = [], []
    for report in REPORTS:
        lines += ["", f"{report.title}: {report.question}"]
        for claim in report.claims:
            lines.append(f"  {claim.name:<26}{claim.label:<42}{claimed(claim)}")
            rows.append(
                {
                    "report": report.key,
                    "name": claim.name,
                    "label": claim.label,
                    "preset": claim.preset,
                    "part": claim.part,
                    "accuracy": [claim.low, claim.high],
                    "loss": claim.loss,
                    "note": claim.note,
                }
            )
    show(args, rows, "\n".join(lines[1:]))


def _run(args: argparse.Namespace) -> None:
    store, seeds = RunStore(), number(args.seeds)
    asked = wanted(claims_named(args.name), store.summaries(), seeds=seeds, quick=args.quick)
    runs = [launch(experiment, store) for experiment in asked]
    if not args.detach:
        for run in runs:
            watch(run)
    ids = [run.run_id for run in runs]
    done = "queued" if args.detach else "trained"
    lines = [f"{run.run_id}  {run.title}" for run in runs]
    lines.append(f"{count(len(runs), 'run')} {done}; all others are there already.")
    show(args, {done: ids}, "\n".join(lines))


def _times(args: argparse.Namespace) -> None:
    store, data, lines = RunStore(), [], []
    for report in REPORTS:
        if not report.timed:
            continue
        found = timing.time_all(report.timed, store, again=args.again)
        results = [each.found.result for each in found if each.found.result]
        data += [
            {
                "report": report.key,
                "what": each.timed.label,
                "claimed": each.timed.said,
                "epoch_seconds": each.seconds,
                "machine": result.machine,
            }
            for each, result in zip(found, results, strict=True)
        ]
        lines += ["", report.title]
        lines += [f"  {line}" for line in columns([timing.HEADINGS, *timing.timing_table(found)])]
        lines += [f"  Timed by {timing.timed_by(results)}."]
    show(args, data, "\n".join(lines[1:]))


def _digits(args: argparse.Namespace) -> None:
    store = RunStore()
    store.root.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "fmnist_core.reference.digits_worker", args.folder]
    command += [str(store.root), *(["--quick"] if args.quick else [])]
    if subprocess.run(command, stdout=sys.stderr, check=False).returncode:
        raise TrainingError("The digits were not trained; the lines above say why.")
    found = digits.read_result(store.root)
    show(args, asdict(found) if found else {}, digits.sentence(found))


def _table(args: argparse.Namespace) -> None:
    store = RunStore()
    if args.markdown:
        print_or_write(args, "markdown", reference_markdown(store))
        return
    rows = store.summaries()
    data, lines = [], list[str]()
    for report in REPORTS:
        data += [_figures(measure(claim, rows)) for claim in report.claims]
        lines += ["", f"{report.title}: {report.question}"]
        lines += [f"  {line}" for line in columns([HEADINGS, *report_table(report, rows)])]
        if report.sweep:
            data += map(_grid_figures, measure_grid(report, rows))
            grid = columns([GRID_HEADINGS, *grid_table(report, rows)])
            lines += ["", *(f"  {line}" for line in grid)]
    show(args, data, "\n".join(lines[1:]))


def _figures(measured: Measured) -> dict[str, Any]:
    """Return a claim beside what was measured, for programs."""
    claim = measured.claim
    return {
        "name": claim.name,
        "claimed": [claim.low, claim.high],
        "measured": measured.accuracy,
        "interval": measured.interval,
        "deviation": measured.deviation,
        "runs": [row.run_id for row in measured.runs],
        "verdict": measured.verdict,
        "reason": measured.reason,
    }


def _grid_figures(measured: GridMeasured) -> dict[str, Any]:
    """Return what a report says of its grid beside what was measured, for programs."""
    claim = measured.claim
    return {
        "grid": claim.label,
        "where": dict(claim.where),
        "claimed": [claim.low, claim.high],
        "accuracies": measured.accuracies,
        "cells": measured.cells,
        "verdict": measured.verdict,
        "reason": measured.reason,
    }
