"""The store of the challenge set: a folder of entries, beside the runs that are tested on them."""

from __future__ import annotations

import hashlib
import os
import threading
import time
from dataclasses import replace
from pathlib import Path

import numpy as np

from fmnist_core.challenge.changes import appearing, remove, turn, unusable
from fmnist_core.challenge.entry import (
    ENTRY,
    PIXELS,
    ChallengeEntry,
    check_label,
    picture_files,
    read_entry,
    read_original,
    short_name,
    write_entry,
)
from fmnist_core.challenge.pictures import SHAPE, checked_pixels, pixel_digest
from fmnist_core.data.photo import PhotoSpec
from fmnist_core.exceptions import ChallengeError, ChallengeStopped
from fmnist_core.labels import CLASS_NAMES
from fmnist_core.runs.files import write_json
from fmnist_core.runs.ids import RUN_ID, new_id

MAX_ENTRIES = 2_000

Stamp = tuple[int, ...]


def challenge_root(runs: Path) -> Path:
    """Return `FMNIST_CHALLENGE_DIR`, else `challenge_set` beside the folder of the runs."""
    if chosen := os.environ.get("FMNIST_CHALLENGE_DIR"):
        return Path(chosen).expanduser().resolve()
    return runs.parent / "challenge_set"


class ChallengeSet:
    """Keeps, finds and lists pictures with their true classes; threads may share it.

    Attributes:
        root: The folder; it is made when the first picture is kept.
    """

    def __init__(self, root: Path) -> None:
        """Look after the set in this folder."""
        self.root = root
        self._known: dict[str, tuple[Stamp, ChallengeEntry]] = {}
        self._reading = threading.Lock()

    def entries(self) -> list[ChallengeEntry]:
        """Return all entries, newest first; a damaged one comes with its problem.

        Raises:
            ChallengeError: The folder cannot be read.
        """
        with self._reading:
            before, known = self._known, {}
            for entry_id in self._ids():
                now, (stamp, entry) = self._stamp(entry_id), before.get(entry_id, ((), None))
                if entry is None or stamp != now:
                    entry = read_entry(self.root / entry_id)
                known[entry_id] = now, entry
            self._known = known
            return [entry for _, entry in known.values()]

    def sound(self) -> list[ChallengeEntry]:
        """Return the entries that are not damaged, newest first: those that runs are tested on."""
        return [entry for entry in self.entries() if not entry.problem]

    def arrays(self) -> tuple[np.ndarray, np.ndarray]:
        """Return pixels, uint8 (N, 28, 28), and labels, uint8 (N,), of the sound entries."""
        found = self.sound()
        pixels = np.array([entry.pixels for entry in found], np.uint8).reshape(-1, *SHAPE)
        return pixels, np.array([entry.label for entry in found], np.uint8)

    def digest(self) -> str:
        """Return what stands for pixels and labels of the sound entries, whatever their order."""
        return digest_of(self.sound())

    def get(self, entry_id: str) -> ChallengeEntry:
        """Return the entry of that id, or of the id that begins so.

        Raises:
            ChallengeError: None or several do.
        """
        found = [each for each in self.entries() if entry_id and each.entry_id.startswith(entry_id)]
        if len(found) != 1:
            many = f"{len(found)} pictures begin" if found else "No picture begins"
            raise ChallengeError(
                f'{many} with "{entry_id[:40]}". "fmnist challenge list" lists them all.'
            )
        return found[0]

    def find(self, pixels: np.ndarray) -> ChallengeEntry | None:
        """Return the sound entry with these pixels, uint8 (28, 28); None where there is none."""
        digest = pixel_digest(pixels)
        return next((entry for entry in self.sound() if entry.digest == digest), None)

    def original(self, entry: ChallengeEntry) -> np.ndarray:
        """Return the original of one of the entries, uint8 (height, width, 3) or (…, 4).

        Raises:
            ChallengeError: It is gone or damaged.
        """
        return read_original(self.root / entry.entry_id)

    def picture_files(self, entry: ChallengeEntry) -> dict[str, bytes]:
        """Return the files of pixels and original of one of the entries; those that can be read."""
        return picture_files(self.root / entry.entry_id)

    def add(
        self,
        pixels: np.ndarray,
        label: int,
        *,
        original: np.ndarray,
        name: str = "",
        spec: PhotoSpec | None = None,
    ) -> ChallengeEntry:
        """Keep a picture, whole or not at all; the same one with the same label is kept once.

        Args:
            pixels: uint8 (28, 28), as networks take it.
            label: The true class, 0 to 9.
            original: What it was made of, uint8 (height, width), (height, width, 3) or
                (height, width, 4), as `photo.decode` returns it; kept at no more than 1,024 pixels
                a side.
            name: Of the file that it came from.
            spec: How the original became these pixels.

        Returns:
            The entry; the one that was there already where it is the same.

        Raises:
            ChallengeError: Pixels or label are not allowed, the picture is there with another
                label, the set is full, or it cannot be written.
        """
        entry = ChallengeEntry(
            entry_id=new_id(),
            label=check_label(label),
            pixels=checked_pixels(pixels),
            name=short_name(name),
            spec=spec,
            created=time.time(),
        )
        with turn(self.root):
            if (there := self.find(entry.pixels)) is not None:
                return _same(there, entry.label)
            if len(self._ids()) >= MAX_ENTRIES:
                raise ChallengeStopped(
                    f"The challenge set is full: it has room for {MAX_ENTRIES:,} pictures. Delete "
                    "some of them first."
                )
            with appearing(self.root, entry.entry_id) as draft:
                write_entry(draft, entry, original)
        return entry

    def relabel(self, entry_id: str, label: int) -> ChallengeEntry:
        """Give a picture another class.

        Raises:
            ChallengeError: There is no such entry, it is damaged, or it cannot be written.
        """
        label = check_label(label)
        with turn(self.root):
            before = self.get(entry_id)
            if before.problem:
                raise ChallengeError(f"{before.problem} Delete it, and keep the picture anew.")
            after = replace(before, label=label)
            write_json(self.root / before.entry_id / ENTRY, after.to_dict())
        return after

    def delete(self, entry_id: str) -> None:
        """Delete an entry, damaged or not, for good.

        Raises:
            ChallengeError: There is no such entry, or it cannot be deleted.
        """
        with turn(self.root):
            remove(self.root, self.get(entry_id).entry_id)

    def clear(self) -> int:
        """Delete all entries for good, and return how many there were.

        Raises:
            ChallengeError: They cannot be deleted.
        """
        with turn(self.root):
            ids = self._ids()
            for entry_id in ids:
                remove(self.root, entry_id)
        return len(ids)

    def _ids(self) -> list[str]:
        """Return the ids of all entries, newest first."""
        try:
            with os.scandir(self.root) as found:
                names = [e.name for e in found if RUN_ID.fullmatch(e.name) and e.is_dir()]
        except FileNotFoundError:
            return []
        except OSError as error:
            raise unusable(self.root, error) from error
        return sorted(names, reverse=True)

    def _stamp(self, entry_id: str) -> Stamp:
        """Return what changes when a file of the entry is replaced."""
        found: list[int] = []
        for name in (ENTRY, PIXELS):
            try:
                entry = os.stat(f"{self.root}/{entry_id}/{name}")
                found += (entry.st_mtime_ns, entry.st_ino, entry.st_size)
            except OSError:
                found += (0, 0, 0)
        return tuple(found)


def digest_of(entries: list[ChallengeEntry]) -> str:
    """Return what stands for pixels and labels of entries, the same in any order and place."""
    lines = sorted(f"{entry.digest} {entry.label}\n" for entry in entries)
    return hashlib.sha256("".join(lines).encode()).hexdigest()[:32]


def _same(there: ChallengeEntry, label: int) -> ChallengeEntry:
    if there.label != label:
        raise ChallengeError(
            f"This picture is in the challenge set already, as {CLASS_NAMES[there.label]}: it "
            f"cannot be {CLASS_NAMES[label]} too. Change the class of {there.entry_id} instead."
        )
    return there
