"""The index of a store: what its runs' files said, so that a new process need not read them all.

The folders stay the truth. A row counts only while the stamp of its run's files is still the same;
an index that is missing, torn, foreign or of another version is as good as an empty one, and is
written anew.
"""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

from fmnist_core.exceptions import FmnistError
from fmnist_core.runs.records import as_type

FILE_NAME = ".index.sqlite"
VERSION = 4  # raise it when the same files would make another row
BUSY_SECONDS = 2.0
_CREATE = "CREATE TABLE IF NOT EXISTS runs (run_id TEXT PRIMARY KEY, stamp TEXT, row TEXT)"
# Nothing is wrong with the file itself.
_OUT_OF_REACH = {
    *(sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_CANTOPEN),
    *(sqlite3.SQLITE_READONLY, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_PERM),
}

Stamp = tuple[int, ...]
Value = TypeVar("Value")


@dataclass(frozen=True)
class Row(Generic[Value]):
    """What a run's files said, and the stamp that they had then."""

    stamp: Stamp
    value: Value


class RunIndex(Generic[Value]):
    """Rows of one dataclass by run id, in an SQLite file of the store."""

    def __init__(self, root: Path, kind: type[Value]) -> None:
        """Use the index of the store at `root`, whose rows are of the dataclass `kind`."""
        self._path = root / FILE_NAME
        self._kind = kind

    def load(self) -> dict[str, Row[Value]]:
        """Return all rows that can be read; the runs of the others have to be read anew."""
        if not self._path.exists():
            return {}
        try:
            with self._open() as database:
                rows = database.execute("SELECT run_id, stamp, row FROM runs").fetchall()
        except sqlite3.Error:  # torn, foreign or of another version: save() begins anew
            return {}
        found = {}
        for run_id, stamp, text in rows:
            # A row that was tampered with is no row; its run is read anew.
            with contextlib.suppress(ValueError, TypeError, KeyError, RecursionError, FmnistError):
                value = as_type(json.loads(text), self._kind)
                if value.run_id == run_id:
                    found[run_id] = Row(tuple(json.loads(stamp)), value)
        return found

    def save(self, rows: Mapping[str, Row[Value]], *, gone: Iterable[str] = ()) -> None:
        """Write these rows and forget those that are gone.

        Where that cannot be done (a read-only store, a full disk, another process that writes for
        long), all works without: the next process only takes longer to start.
        """
        gone = list(gone)
        if not rows and not gone:
            return
        for _ in range(2):  # the second time on a new file
            try:
                with self._open() as database:
                    database.executemany("DELETE FROM runs WHERE run_id = ?", [(x,) for x in gone])
                    database.executemany(
                        "INSERT OR REPLACE INTO runs VALUES (?, ?, ?)", map(_as_text, rows.items())
                    )
                return
            except sqlite3.DatabaseError as error:
                if getattr(error, "sqlite_errorcode", None) in _OUT_OF_REACH:
                    return
                with contextlib.suppress(OSError):
                    self._path.unlink()

    @contextlib.contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        """Yield the database; what was written counts when the block ends well."""
        database = sqlite3.connect(self._path, timeout=BUSY_SECONDS)
        try:
            (version,) = database.execute("PRAGMA user_version").fetchone()
            if version not in (0, VERSION):
                raise sqlite3.DatabaseError("of another version")
            with database:
                database.execute(_CREATE)
                database.execute(f"PRAGMA user_version = {VERSION}")
                yield database
        finally:
            database.close()


def _as_text(item: tuple[str, Row[Any]]) -> tuple[str, str, str]:
    run_id, row = item
    return run_id, json.dumps(row.stamp), json.dumps(asdict(row.value), allow_nan=False)
