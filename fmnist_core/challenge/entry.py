"""One picture of the challenge set: a folder with its true class, its pixels and its original."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from fmnist_core.challenge.pictures import (
    ORIGINALS,
    SHAPE,
    original_file,
    pixel_digest,
    read_pixels,
)
from fmnist_core.data.photo import PhotoSpec, decode
from fmnist_core.exceptions import ChallengeError, FmnistError, PhotoError
from fmnist_core.export.png import png
from fmnist_core.labels import NUM_CLASSES
from fmnist_core.runs.files import read_json, replacing, sync_folder, write_json

FORMAT = 1
ENTRY, PIXELS = "entry.json", "pixels.png"
MAX_PIXELS_BYTES = 64 * 2**10  # of the file; 28×28 pixels of noise take 1 KB
MAX_NAME = 60  # characters
LATEST = 1e11  # seconds since 1970 that a date can be made of
_NO_PIXELS = np.zeros(SHAPE, np.uint8)


@dataclass(frozen=True, kw_only=True, eq=False)
class ChallengeEntry:
    """A picture and its true class.

    Attributes:
        entry_id: Names its folder: yyyymmdd-hhmmss-xxxxxx, so that ids sort by time.
        label: The true class, 0 to 9.
        pixels: What networks are asked about, uint8 (28, 28); zeros where it is damaged.
        name: Of the file that it came from, short and printable; "" where there was none.
        spec: How its original became these pixels; None where nobody says.
        created: When it was kept, in seconds since 1970.
        problem: What is wrong with the folder, for a person; "" for a sound one.
    """

    entry_id: str
    label: int = 0
    pixels: np.ndarray = field(default_factory=lambda: _NO_PIXELS)
    name: str = ""
    spec: PhotoSpec | None = None
    created: float = 0.0
    problem: str = ""

    @cached_property
    def digest(self) -> str:
        """What stands for its pixels, whatever it is called and wherever it lies."""
        return pixel_digest(self.pixels)

    def to_dict(self) -> dict[str, Any]:
        """Return what `entry.json` holds."""
        return {
            "format": FORMAT,
            "label": self.label,
            "name": self.name,
            "spec": self.spec.to_dict() if self.spec else None,
            "created": self.created,
        }


def check_label(label: object) -> int:
    """Return the label if it is one of a class.

    Raises:
        ChallengeError: It is not.
    """
    whole = isinstance(label, (int, np.integer)) and not isinstance(label, bool)
    if not isinstance(label, (int, np.integer)) or not whole or not 0 <= label < NUM_CLASSES:
        raise ChallengeError(f"Classes have numbers from 0 to 9; you gave {str(label)[:40]}.")
    return int(label)


def short_name(name: str) -> str:
    """Make of a file's name, or a path to it, what can be shown anywhere: short and printable."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    printable = "".join(letter if letter.isprintable() else " " for letter in last)
    return " ".join(printable.split())[:MAX_NAME].rstrip()


def write_entry(folder: Path, entry: ChallengeEntry, original: np.ndarray) -> None:
    """Fill an empty folder, synced.

    Args:
        folder: Where nobody looks yet.
        entry: A sound one.
        original: uint8, as `original_file` takes it.

    Raises:
        OSError: It cannot be written.
    """
    name, data = original_file(original)
    for path, content in ((name, data), (PIXELS, png(entry.pixels))):
        with replacing(folder / path) as file:
            file.write(content)
    write_json(folder / ENTRY, entry.to_dict())
    sync_folder(folder)


def read_entry(folder: Path) -> ChallengeEntry:
    """Read an entry; one that is damaged comes with what is wrong."""
    try:
        return _sound(folder)
    except FmnistError as error:
        return ChallengeEntry(entry_id=folder.name, problem=f"{folder.name}: {error}")


def read_original(folder: Path) -> np.ndarray:
    """Read the original, uint8 (height, width, 3) or (height, width, 4).

    Raises:
        ChallengeError: It is not there, or is no picture.
    """
    for name in ORIGINALS:
        try:
            with (folder / name).open("rb") as file:
                return decode(file)
        except FileNotFoundError:
            continue
        except (OSError, PhotoError) as error:
            raise ChallengeError(
                f"The original of {folder.name} cannot be read: {error}"
            ) from error
    raise ChallengeError(f"The original of {folder.name} is not there any more.")


def picture_files(folder: Path) -> dict[str, bytes]:
    """Return the files of its pixels and its original, by name; those that can be read."""
    found = {}
    for name in (PIXELS, *ORIGINALS):
        with contextlib.suppress(OSError):
            found[name] = (folder / name).read_bytes()
    return found


def from_dict(data: object, entry_id: str, pixels: np.ndarray) -> ChallengeEntry:
    """Make an entry of what `to_dict` returned, or of what a file says that cannot be trusted.

    Raises:
        FmnistError: It says something else.
    """
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise ChallengeError(f"{ENTRY} is not of format {FORMAT}.")
    name, created, spec = data.get("name"), data.get("created"), data.get("spec")
    timed = isinstance(created, (int, float)) and not isinstance(created, bool)
    if not isinstance(name, str) or not isinstance(created, (int, float)) or not timed:
        raise ChallengeError(f"{ENTRY} lacks a name or a time.")
    return ChallengeEntry(
        entry_id=entry_id,
        label=check_label(data.get("label")),
        pixels=pixels,
        name=short_name(name),
        spec=None if spec is None else PhotoSpec.from_dict(spec),
        created=float(created) if 0 <= created < LATEST else 0.0,
    )


def _sound(folder: Path) -> ChallengeEntry:
    data = read_json(folder / ENTRY)
    if not data:
        raise ChallengeError(f"{ENTRY} is missing.")
    return from_dict(data, folder.name, _pixels(folder / PIXELS))


def _pixels(path: Path) -> np.ndarray:
    try:
        with path.open("rb") as file:
            return read_pixels(file.read(MAX_PIXELS_BYTES + 1))
    except OSError as error:
        raise ChallengeError(f"{PIXELS} cannot be read ({error.strerror}).") from error
