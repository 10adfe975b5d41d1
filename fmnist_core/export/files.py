"""Files outside the store: written whole or not at all, and with one sentence where they cannot."""

from __future__ import annotations

import importlib
from pathlib import Path
from types import ModuleType

from fmnist_core.exceptions import ExportError
from fmnist_core.runs.files import replacing
from fmnist_core.runs.run import Run


def write_file(path: Path, data: bytes) -> None:
    """Write a file, in place of an old one of that name.

    Raises:
        ExportError: It cannot be written.
    """
    try:
        with replacing(path, durable=False) as file:
            file.write(data)
    except OSError as error:
        raise unwritable(path, error) from error


def unwritable(path: Path, error: OSError) -> ExportError:
    """Say what is wrong with a place and what to do."""
    return ExportError(
        f"{path} cannot be written: {error.strerror or error}. Name a file in a folder that is "
        "there and is yours."
    )


def optional(module: str, purpose: str, packages: str) -> ModuleType:
    """Import what not everybody has.

    Raises:
        ExportError: It is not installed; the message holds the command that installs it.
    """
    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise ExportError(
            f"{purpose} needs a package that is not installed: pip install {packages}"
        ) from error


def run_model(run: Run) -> Path:
    """Name the file of the best weights.

    Raises:
        ExportError: There is none yet.
    """
    if not run.has_model:
        raise ExportError(run.why_no_model)
    return run.model_path
