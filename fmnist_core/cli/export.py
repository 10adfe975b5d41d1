"""A run for other programs: its metrics and its best weights as files."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from fmnist_core.cli.shared import RUN_HELP, add_command, show
from fmnist_core.exceptions import ExportError
from fmnist_core.export import export
from fmnist_core.runs.store import RunStore

# What can be written, by flag.
_KINDS = {
    "csv": ("FILE", "metrics of every step and epoch, as a table"),
    "tensorboard": ("FOLDER", "metrics as TensorBoard event files"),
    "onnx": ("FILE", "the best weights as ONNX, checked against Keras on 1,000 images"),
    "keras": ("FILE", "the best weights as Keras has them"),
}


def add(commands: Any) -> None:
    """Add `export`."""
    command = add_command(commands, "export", _export, "write a run for other programs")
    command.add_argument("run_id", metavar="RUN", help=RUN_HELP)
    for name, (metavar, help_text) in _KINDS.items():
        command.add_argument(f"--{name}", metavar=metavar, type=Path, help=help_text)


def _export(args: argparse.Namespace) -> None:
    run = RunStore().get(args.run_id)
    wanted = {name: getattr(args, name) for name in _KINDS if getattr(args, name)}
    if not wanted:
        flags = ", ".join(f"--{name} {metavar}" for name, (metavar, _) in _KINDS.items())
        raise ExportError(f"Say what to write: {flags}.")
    done = {name: export(run, name, path) for name, path in wanted.items()}
    lines = [f"{wanted[name]}: {sentence}" for name, sentence in done.items()]
    show(args, {name: str(path) for name, path in wanted.items()}, "\n".join(lines))
