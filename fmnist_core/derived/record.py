"""Who computes a result, and how far it is: one small JSON file beside it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path

from fmnist_core.exceptions import StoreError
from fmnist_core.runs.files import read_json, write_json
from fmnist_core.runs.records import as_type

FORMAT = 1


@dataclass(frozen=True, kw_only=True)
class DerivedRecord:
    """The contents of such a file.

    Attributes:
        stamp: Of the result that is computed.
        handle: The process that computes it, as the local executor writes it.
        asked: When it was asked for, in seconds since 1970.
        queued: Whether it waits for other results that are computed before it.
        began: When the first of it was about to be computed; 0 before.
        done, total: How much of it is computed, in the kind's unit; total is 0 until
            that is known.
        told: When that was so.
        failure: Why it could not be computed, for a person; "" for no failure.
    """

    stamp: str
    handle: str
    asked: float
    queued: bool = False
    began: float = 0.0
    done: int = 0
    total: int = 0
    told: float = 0.0
    failure: str = ""

    @property
    def waits(self) -> bool:
        """Nothing has come out yet."""
        return not self.failure

    def write(self, path: Path) -> None:
        """Replace the file; a power cut may lose it, as the result can be computed again."""
        write_json(path, {"format": FORMAT, **asdict(self)}, durable=False)


def read_record(path: Path) -> DerivedRecord | None:
    """Read such a file; None where there is none, or where it is damaged or foreign."""
    try:
        data = read_json(path)
        known = data.pop("format", None) == FORMAT
        return as_type(data, DerivedRecord) if known else None
    except (StoreError, TypeError):
        return None
