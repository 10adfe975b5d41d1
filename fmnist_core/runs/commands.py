"""Commands to a run: one small file each, written by pages and the command line.

Each says what shall be, not what shall be done (end after step 8,440; a rate of 0.001), so that it
may be carried out twice. Whoever carries one out (the worker, or the supervisor for a run that
waits) deletes its file once the effect is on disk.
"""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fmnist_core.exceptions import SpecError, StoreError
from fmnist_core.runs.files import read_json, write_json
from fmnist_core.settings import Choice, Number, Setting, settings_of
from fmnist_core.specs import TrainSpec

FOLDER = "commands"
STOP = "stop"  # end now, and keep what was learned
PAUSE = "pause"  # wait, now
STEP = "step"  # wait after so many epochs; value: the number
RESUME = "resume"  # go on; value: from which checkpoint
LEAVE = "leave"  # from the supervisor: make room for other runs if the run is paused
RATE = "rate"  # value: the learning rate of the next batch
PLAN = "plan"  # value: the batches after which the training ends

# What RESUME goes on from: the newest checkpoint, the newest that is sound, or none.
NEWEST, PREVIOUS, ZERO = "newest", "previous", "zero"


def _count(label: str) -> Number:
    return Number(label=label, help="", default=1, minimum=1, maximum=10**9, integer=True)


_VALUES: dict[str, Setting | None] = {
    STOP: None,
    PAUSE: None,
    LEAVE: None,
    STEP: _count("Epochs"),
    RESUME: Choice(label="From", help="", default=NEWEST, choices=(NEWEST, PREVIOUS, ZERO)),
    RATE: settings_of(TrainSpec)["learning_rate"],
    PLAN: _count("Steps"),
}
NAMES = frozenset(_VALUES)


@dataclass(frozen=True)
class Command:
    """A command that waits: its file, its name and its value."""

    path: Path
    name: str
    value: Any = None

    def done(self) -> None:
        """Delete it: it was carried out."""
        self.path.unlink(missing_ok=True)


def send(folder: Path, name: str, value: object = None) -> None:
    """Leave a command for whoever holds the run.

    Raises:
        SpecError: The value is not one that the command takes.
        StoreError: The run folder cannot be written.
    """
    if name not in NAMES:
        raise ValueError(f"unknown command {name!r}")
    data = {"command": name, "value": _checked(name, value)}
    file = f"{time.time_ns()}-{secrets.token_hex(3)}.json"
    try:
        (folder / FOLDER).mkdir(exist_ok=True)
        write_json(folder / FOLDER / file, data)
    except OSError as error:
        raise StoreError(
            f"The command could not be left in {folder}: {error.strerror}. Make the folder "
            "writable, then try again."
        ) from error


def pending(folder: Path) -> list[Command]:
    """Return the commands that wait, oldest first; a file that is no command is passed over."""
    found = []
    for path in sorted((folder / FOLDER).glob("[0-9]*.json")):
        try:
            data = read_json(path)
            name = data.get("command")
            if isinstance(name, str) and name in NAMES:
                found.append(Command(path, name, _checked(name, data.get("value"))))
        except (StoreError, SpecError):
            continue
    return found


def is_wanted(folder: Path, *names: str) -> bool:
    """Say whether a command of one of these names waits."""
    return any(command.name in names for command in pending(folder))


def done(folder: Path, *names: str) -> None:
    """Delete the files of commands of these names."""
    for command in pending(folder):
        if command.name in names:
            command.done()


def _checked(name: str, value: object) -> Any:
    setting = _VALUES[name]
    return None if setting is None else setting.check(setting.label, value)
