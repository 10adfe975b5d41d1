"""Commands to a run: one small file each, written by pages and the command line.

Whoever carries a command out (the worker, or the supervisor for a run that still waits) deletes
its file afterwards.
"""

from __future__ import annotations

import secrets
import time
from pathlib import Path

from fmnist_core.exceptions import StoreError
from fmnist_core.runs.files import read_json, write_json

STOP = "stop"  # end now, and keep what was learned
COMMANDS = frozenset({STOP})
FOLDER = "commands"


def send(folder: Path, command: str) -> None:
    """Leave a command for whoever holds the run.

    Raises:
        StoreError: The run folder cannot be written.
    """
    if command not in COMMANDS:
        raise ValueError(f"unknown command {command!r}")
    name = f"{time.time_ns()}-{secrets.token_hex(3)}.json"
    try:
        (folder / FOLDER).mkdir(exist_ok=True)
        write_json(folder / FOLDER / name, {"command": command})
    except OSError as error:
        raise StoreError(
            f"The command could not be left in {folder}: {error.strerror}. Make the folder "
            "writable, then try again."
        ) from error


def pending(folder: Path) -> list[tuple[Path, str]]:
    """Return the commands that wait, oldest first; a file that is no command is passed over."""
    found = []
    for path in sorted((folder / FOLDER).glob("[0-9]*.json")):
        try:
            command = read_json(path).get("command")
        except StoreError:
            continue
        if isinstance(command, str) and command in COMMANDS:
            found.append((path, command))
    return found


def is_wanted(folder: Path, command: str) -> bool:
    """Say whether this command waits."""
    return any(waiting == command for _, waiting in pending(folder))


def done(folder: Path, command: str) -> None:
    """Delete the files of a command that was carried out."""
    for path, waiting in pending(folder):
        if waiting == command:
            path.unlink(missing_ok=True)
