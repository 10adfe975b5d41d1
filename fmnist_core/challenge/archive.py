"""The challenge set as a ZIP, and a ZIP taken into it.

One that was exported here comes back as it was; folders of pictures that bear the names of classes,
as teachers have them, are prepared picture by picture.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import IO

import numpy as np

from fmnist_core.challenge.entry import (
    ENTRY,
    MAX_PIXELS_BYTES,
    PIXELS,
    ChallengeEntry,
    from_dict,
    short_name,
)
from fmnist_core.challenge.pictures import ORIGINALS, read_pixels
from fmnist_core.challenge.store import ChallengeSet
from fmnist_core.challenge.unpack import Contents, contents, opened, read
from fmnist_core.data.photo import PhotoSpec, decode, prepare
from fmnist_core.exceptions import ChallengeError, ChallengeStopped, FmnistError
from fmnist_core.export.archive import add_file
from fmnist_core.labels import CLASS_NAMES

MAX_JSON_BYTES = 16 * 2**10  # of an entry.json; ours take half of one KB
_ABOUT = """\
A challenge set: pictures with their true classes, on which networks are tested.

Each folder is a picture: entry.json says its class (0 to 9, in the order below), pixels.png is what
networks are asked about, and original.png or original.jpg what that was made of.

{classes}

"fmnist challenge import FILE" and the Classify page of Fashion-MNIST Lab read this file.
"""

MAX_SHOWN = 80  # characters of a name in a ZIP, its end
_NEITHER = "It lies in no folder that bears the name of a class, such as shirt or ankle-boot."

OnTick = Callable[[int, int], None]
Take = Callable[[], tuple[ChallengeEntry, np.ndarray]]


@dataclass(kw_only=True)
class Imported:
    """What became of a ZIP.

    Attributes:
        added: Pictures that are new in the set.
        skipped: Pictures that were there already, with the same class.
        refused: Sentences on what was not taken, each with its name in the ZIP.
    """

    added: int = 0
    skipped: int = 0
    refused: list[str] = field(default_factory=list)


def export_zip(challenge: ChallengeSet, file: IO[bytes]) -> int:
    """Write the sound entries, and return how many they are; the same ones give the same bytes.

    Raises:
        ChallengeError: The set cannot be read.
        OSError: The file cannot be written.
    """
    entries = challenge.sound()
    classes = "\n".join(f"{label} {name}" for label, name in enumerate(CLASS_NAMES))
    with zipfile.ZipFile(file, "w") as archive:
        add_file(archive, "README.txt", _ABOUT.format(classes=classes).encode())
        for entry in entries:
            data = json.dumps(entry.to_dict(), indent=1).encode()
            add_file(archive, f"{entry.entry_id}/{ENTRY}", data)
            for name, content in challenge.picture_files(entry).items():
                add_file(archive, f"{entry.entry_id}/{name}", content, packed=True)
    return len(entries)


def import_zip(
    challenge: ChallengeSet, source: bytes | IO[bytes], *, on_tick: OnTick | None = None
) -> Imported:
    """Keep what a ZIP holds; what is not allowed in it is refused, and the rest goes on.

    Args:
        challenge: The set that grows.
        source: The bytes of the ZIP, or the file, opened for reading.
        on_tick: Called before each picture with how many were looked at, and of how many.

    Raises:
        ChallengeError: It is no ZIP, or so large that none of it is unpacked.
    """
    with opened(source) as archive:
        inside = contents(archive)
        found = Imported(refused=[_told(name, _NEITHER) for name in inside.others])
        jobs = _jobs(archive, inside)
        known = {entry.entry_id for entry in challenge.entries()}
        for done, (name, take) in enumerate(jobs):
            if on_tick:
                on_tick(done, len(jobs))
            try:
                kept = _keep(challenge, *take()).entry_id
            except ChallengeStopped as error:
                found.refused.append(f"{error} {len(jobs) - done:,} of {len(jobs):,} are missing.")
                break
            except FmnistError as error:
                found.refused.append(_told(name, str(error)))
                continue
            found.added += kept not in known
            found.skipped += kept in known
            known.add(kept)
        return found


def _jobs(archive: zipfile.ZipFile, inside: Contents) -> list[tuple[str, Take]]:
    """Return what there is to take, each with its name; entries oldest first, as ids sort."""
    entries = sorted(inside.entries.items())
    return [
        *((name, partial(_take_entry, archive, files)) for name, files in entries),
        *(
            (info.filename, partial(_take_picture, archive, info, label))
            for info, label in inside.pictures
        ),
    ]


def _keep(challenge: ChallengeSet, entry: ChallengeEntry, original: np.ndarray) -> ChallengeEntry:
    return challenge.add(
        entry.pixels, entry.label, original=original, name=entry.name, spec=entry.spec
    )


def _take_entry(
    archive: zipfile.ZipFile, files: Mapping[str, zipfile.ZipInfo]
) -> tuple[ChallengeEntry, np.ndarray]:
    """Read what an export wrote; an original that is missing is as the pixels are."""
    if PIXELS not in files:
        raise ChallengeError(f"Its {PIXELS} is missing.")
    try:
        data = json.loads(read(archive, files[ENTRY], MAX_JSON_BYTES))
    except (ValueError, RecursionError) as error:
        raise ChallengeError(f"Its {ENTRY} is no JSON.") from error
    entry = from_dict(data, "", read_pixels(read(archive, files[PIXELS], MAX_PIXELS_BYTES)))
    for name in ORIGINALS:
        if name in files:
            return entry, decode(read(archive, files[name]))
    return entry, entry.pixels


def _take_picture(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, label: int
) -> tuple[ChallengeEntry, np.ndarray]:
    """Read a picture of any kind, and make 28×28 pixels of it."""
    picture = decode(read(archive, info))
    spec = PhotoSpec()
    pixels = prepare(picture, spec).pixels
    name = short_name(info.filename)
    return ChallengeEntry(entry_id="", label=label, pixels=pixels, name=name, spec=spec), picture


def _told(name: str, problem: str) -> str:
    """Say what is wrong with a file; its name is a foreign one."""
    shown = name if name.isprintable() else ascii(name)
    return f"{shown[-MAX_SHOWN:]}: {problem}"
