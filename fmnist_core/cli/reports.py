"""A run, or two runs against each other, as one HTML file to take home."""

from __future__ import annotations

import argparse
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from fmnist_core.cli.predicted import add_part
from fmnist_core.cli.shared import RUN_HELP, add_command, show
from fmnist_core.data.files import load
from fmnist_core.export.files import write_file
from fmnist_core.report import comparison_report, report_name, run_report
from fmnist_core.runs.store import RunStore


def add(commands: Any) -> None:
    """Add `report`."""
    command = add_command(
        commands, "report", _report, "write all that is known of a run as one HTML file"
    )
    command.add_argument("run_id", metavar="RUN", help=RUN_HELP)
    command.add_argument(
        "--with",
        dest="other",
        metavar="OTHER",
        help="compare it with this run instead: what RUN fixes and breaks",
    )
    add_part(command)
    command.add_argument(
        "-o", "--output", metavar="FILE", type=Path, help="where to (default: named by its runs)"
    )


def _report(args: argparse.Namespace) -> None:
    store = RunStore()
    run = store.get(args.run_id)
    other = store.get(args.other) if args.other else None
    if other:
        text = comparison_report(other, run, _images, part=args.part)
    else:
        text = run_report(run, _images, part=args.part)
    path = args.output or Path(report_name(run, other))
    write_file(path, text.encode())
    show(args, {"file": str(path)}, f"{path} is written, {len(text.encode()) / 1e6:.1f} MB.")


@cache
def _images() -> np.ndarray:
    return load().images
