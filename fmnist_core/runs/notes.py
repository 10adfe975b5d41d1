"""What people write down about a run: `notes.json`, by pages and the command line."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from fmnist_core.exceptions import FmnistError, SpecError, StoreError
from fmnist_core.runs.files import read_json, write_json
from fmnist_core.runs.locks import take
from fmnist_core.runs.status import FORMAT
from fmnist_core.settings import Setting, Switch, Text, setting_field
from fmnist_core.specs.base import Spec

FILE_NAME = "notes.json"
LOCK_NAME = ".notes.lock"  # one a store: whoever changes notes reads and writes under it
LOCK_SECONDS = 5.0  # a change takes a few milliseconds
MAX_NOTE = 2000  # characters
MAX_TAGS = 20
_TAG = re.compile(r"[A-Za-z0-9._-]{1,30}")


@dataclass(frozen=True, kw_only=True)
class Prose(Setting):
    """A free text of several lines, or nothing."""

    def check(self, name: str, value: object) -> str:
        """Return the text if it is short and has no control characters but line ends and tabs."""
        if (
            not isinstance(value, str)
            or len(value) > MAX_NOTE
            or not all(letter.isprintable() or letter in "\n\t" for letter in value)
        ):
            raise SpecError(name, value, f"a printable text of at most {MAX_NOTE:,} characters")
        return value


@dataclass(frozen=True, kw_only=True)
class Tags(Setting):
    """A few short words."""

    def check(self, name: str, value: object) -> tuple[str, ...]:
        """Return the words, each once, sorted."""
        expected = (
            f"at most {MAX_TAGS} words of at most 30 letters, digits, dots, underscores or hyphens"
        )
        if not isinstance(value, (list, tuple)):
            raise SpecError(name, value, expected)
        if not all(isinstance(tag, str) and _TAG.fullmatch(tag) for tag in value):
            raise SpecError(name, value, expected)
        if len(found := set(value)) > MAX_TAGS:
            raise SpecError(name, value, expected)
        return tuple(sorted(found))


@dataclass(frozen=True, kw_only=True)
class Notes(Spec):
    """What people say of a run; each field's meaning and limits stand in its setting."""

    name: str = setting_field(
        Text(
            label="Name",
            help="What the run is called from now on; empty: as its experiment says.",
            default="",
        )
    )
    note: str = setting_field(Prose(label="Note", help="Anything worth remembering.", default=""))
    tags: tuple[str, ...] = setting_field(
        Tags(label="Tags", help="Short words to find runs by.", default=())
    )
    star: bool = setting_field(Switch(label="Star", help="Marks a favourite.", default=False))
    archived: bool = setting_field(
        Switch(label="Archived", help="Out of the tables unless asked for.", default=False)
    )


def read_notes(folder: Path) -> Notes:
    """Read `notes.json` of a run folder; empty notes where there is none.

    Raises:
        StoreError: It is torn, or not notes of this format.
    """
    data = read_json(folder / FILE_NAME)
    if not data:
        return Notes()
    if data.pop("format", None) != FORMAT:
        raise StoreError(f"{folder.name}/{FILE_NAME} is not of format {FORMAT}.")
    try:
        return Notes.from_dict(data)
    except SpecError as error:
        raise StoreError(f"{folder.name}/{FILE_NAME} is damaged: {error}") from error


def change_notes(
    folder: Path, *, tag: Iterable[str] = (), untag: Iterable[str] = (), **changes: Any
) -> Notes:
    """Change some of a run's notes, leave the others as they are, and return all.

    Two people who change different notes of a run at once both succeed.

    Args:
        folder: The run folder.
        tag: Tags to add.
        untag: Tags to take away; one that is not there does no harm.
        changes: New values of fields of `Notes`.

    Raises:
        SpecError: A value is not allowed.
        StoreError: The run is gone, its notes are damaged, or they cannot be written.
    """
    lock = None
    try:
        lock = take(folder.parent / LOCK_NAME, seconds=LOCK_SECONDS)
        if lock is None:
            raise StoreError("Other notes are being written just now. Try again in a moment.")
        if not folder.is_dir():
            raise StoreError(f"Run {folder.name} is not there any more.")
        notes = replace(_sound_notes(folder), **changes)
        tags = {*notes.tags, *tag} - set(untag)
        notes = replace(notes, tags=tuple(tags))
        write_json(folder / FILE_NAME, {"format": FORMAT, **notes.to_dict()})
    except OSError as error:
        raise StoreError(
            f"The notes of run {folder.name} could not be written: {error.strerror or error}. Make "
            "the folder writable, or free some space."
        ) from error
    finally:
        if lock:
            lock.release()
    return notes


def _sound_notes(folder: Path) -> Notes:
    try:
        return read_notes(folder)
    except FmnistError as error:
        raise StoreError(f"{error} Mend or delete that file, then try again.") from error
