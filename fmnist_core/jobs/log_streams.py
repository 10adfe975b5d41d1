"""Standard output as the log of a detached process, which a full disk does not take."""

from __future__ import annotations

import io
import sys
from typing import TYPE_CHECKING

from fmnist_core.jobs.unexpected import is_disk_full

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer


class _Log(io.FileIO):
    """Passes over what no longer fits: the status has the last word, not the log."""

    def write(self, data: ReadableBuffer) -> int:
        try:
            return super().write(data)
        except OSError as error:
            if not is_disk_full(error):
                raise
            return memoryview(data).nbytes


def outlive_a_full_disk() -> None:
    """Let what this process prints no longer end it where the disk of its log is full."""
    for name, number in (("stdout", 1), ("stderr", 2)):
        file = io.BufferedWriter(_Log(number, "w", closefd=False))
        stream = io.TextIOWrapper(
            file, encoding="utf-8", errors="backslashreplace", line_buffering=True
        )
        setattr(sys, name, stream)
