"""What a ZIP that cannot be trusted holds: entries, pictures by class, and what is neither.

No name in it ever becomes part of a path on disk.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import IO

from fmnist_core.challenge.entry import ENTRY, PIXELS
from fmnist_core.challenge.pictures import ORIGINALS
from fmnist_core.challenge.store import MAX_ENTRIES
from fmnist_core.data.photo.decode import MAX_BYTES
from fmnist_core.exceptions import ChallengeError
from fmnist_core.labels import CLASS_NAMES

MAX_ZIP_BYTES = 500 * 2**20
MAX_FILES = 5 * MAX_ENTRIES  # three of an entry, and some that are none
MAX_DIRECTORY = 512 * MAX_FILES  # bytes that say what is inside; Python reads them all at once
MAX_UNPACKED = 2 * MAX_ZIP_BYTES  # of all files together: pictures are packed already
# What a damaged, encrypted or oddly packed file makes zipfile raise.
_ZIP_ERRORS = (
    *(OSError, EOFError, ValueError, RuntimeError, NotImplementedError),
    *(zipfile.BadZipFile, zlib.error),
)
# What systems lay beside the files of a person.
_JUNK = re.compile(r"(?is)__MACOSX/.*|(.*/)?(\.[^/]*|Thumbs\.db|desktop\.ini)")


def _letters(name: str) -> str:
    return re.sub(r"[^a-z]", "", name.casefold())


_LABELS = {_letters(name): label for label, name in enumerate(CLASS_NAMES)}
_LABELS |= {f"{name}s": label for name, label in _LABELS.items()}
_LABELS |= {"dresses": 3, "tshirt": 0, "tshirts": 0, "tshirtstops": 0, "top": 0, "tops": 0}


@dataclass(kw_only=True)
class Contents:
    """What lies in a ZIP.

    Attributes:
        entries: For each folder with an `entry.json`, its files by name.
        pictures: Files in folders that bear the name of a class, each with its label.
        others: Names of files that are neither.
    """

    entries: dict[str, dict[str, zipfile.ZipInfo]] = field(default_factory=dict)
    pictures: list[tuple[zipfile.ZipInfo, int]] = field(default_factory=list)
    others: list[str] = field(default_factory=list)


def opened(source: bytes | IO[bytes]) -> zipfile.ZipFile:
    """Open a ZIP, unless it is so large that nothing of it shall be unpacked.

    Args:
        source: Its bytes, or the file, opened for reading.

    Raises:
        ChallengeError: It is too large, or no ZIP.
    """
    file = io.BytesIO(source) if isinstance(source, bytes) else source
    try:
        if file.seek(0, io.SEEK_END) > MAX_ZIP_BYTES:
            raise _too_large(f"more than {MAX_ZIP_BYTES // 2**20} MB")
        # What ZipFile itself will go by; a field of the file alone could say something else.
        end = zipfile._EndRecData(file)  # type: ignore[attr-defined]
        if end and end[zipfile._ECD_SIZE] > MAX_DIRECTORY:  # type: ignore[attr-defined]
            raise _too_large("far too many files")
        archive = zipfile.ZipFile(file)
    except _ZIP_ERRORS as error:
        raise ChallengeError(
            "This is no ZIP file, or a damaged one. Choose one that was exported here, or one with "
            "a folder of pictures for each class."
        ) from error
    files = archive.infolist()
    if len(files) > MAX_FILES:
        raise _too_large(f"{len(files):,} files")
    if (size := sum(info.file_size for info in files)) > MAX_UNPACKED:
        raise _too_large(f"{size / 2**20:,.0f} MB once it is unpacked")
    return archive


def _too_large(what: str) -> ChallengeError:
    return ChallengeError(
        f"This ZIP has {what}; at most {MAX_ZIP_BYTES // 2**20} MB with {MAX_FILES:,} files, "
        f"{MAX_UNPACKED // 2**20:,} MB unpacked, are read. Split it into smaller ones."
    )


def contents(archive: zipfile.ZipFile) -> Contents:
    """Tell by their names what the files of a ZIP are; none of them is read.

    Raises:
        ChallengeError: There are more pictures than a challenge set can hold.
    """
    files = [info for info in archive.infolist() if not info.is_dir()]
    files = [info for info in files if not _JUNK.fullmatch(info.filename)]
    folders = {_folder(info) for info in files if _name(info) == ENTRY}
    found = Contents()
    for info in files:
        if _folder(info) in folders:
            if _name(info) in (ENTRY, PIXELS, *ORIGINALS):
                found.entries.setdefault(_folder(info), {})[_name(info)] = info
        elif (label := _label(_folder(info))) is not None:
            found.pictures.append((info, label))
        elif info.filename != "README.txt":
            found.others.append(info.filename)
    if (total := len(found.entries) + len(found.pictures)) > MAX_ENTRIES:
        raise ChallengeError(
            f"This ZIP holds {total:,} pictures, and a challenge set has room for "
            f"{MAX_ENTRIES:,}. Take some out of it."
        )
    return found


def read(archive: zipfile.ZipFile, info: zipfile.ZipInfo, limit: int = MAX_BYTES) -> bytes:
    """Read one file of a ZIP.

    Raises:
        ChallengeError: It has more bytes than the limit, or is damaged or encrypted.
    """
    if info.file_size > limit:
        raise ChallengeError(
            f"It has {info.file_size / 2**20:,.1f} MB; at most {limit / 2**20:,.1f} MB are read."
        )
    try:
        with archive.open(info) as file:
            return file.read(limit)
    except _ZIP_ERRORS as error:
        raise ChallengeError("It is damaged or encrypted. Pack it anew.") from error


def _path(info: zipfile.ZipInfo) -> PurePosixPath:
    return PurePosixPath(info.filename.replace("\\", "/"))


def _name(info: zipfile.ZipInfo) -> str:
    return _path(info).name


def _folder(info: zipfile.ZipInfo) -> str:
    return str(_path(info).parent)


def _label(folder: str) -> int | None:
    """Return the class that the last part of a folder's path names, or None."""
    return _LABELS.get(_letters(PurePosixPath(folder).name))
