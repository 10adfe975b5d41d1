"""Processes that compute one thing for whoever asked, and are named in a record beside the result.

A process is started before the record that names it is written, so it waits until it finds itself
there; a record whose process has gone without a word is of a failure.
"""

from __future__ import annotations

import contextlib
import math
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol, TypeVar

from fmnist_core.jobs.executors import LocalProcesses, Poll, handle_of, start_detached

ASKED_SECONDS = 10.0  # until the record names a process
PAUSE_SECONDS = 0.02
LAST_SECONDS = 10.0  # for the last words of a process whose time is over
MAX_LOG_BYTES = 2**20


class Named(Protocol):
    """A record that names a process."""

    @property
    def handle(self) -> str:
        """The process, as the local executor writes it."""

    @property
    def waits(self) -> bool:
        """Nothing has come out yet."""


Record = TypeVar("Record", bound=Named)


def begin(module: list[str], log: Path) -> str:
    """Start `python -m MODULE ARGS…` and return its handle; a log that has grown begins anew.

    Raises:
        OSError: The log cannot be written, or nothing can be started.
    """
    if log.exists() and log.stat().st_size > MAX_LOG_BYTES:
        log.unlink()
    return handle_of(start_detached(module, log=log))


def at_work(handle: str) -> bool:
    """Say whether the process of a handle lives."""
    return LocalProcesses().poll([handle])[handle] is Poll.RUNNING


def end(handle: str) -> None:
    """Kill the process of a handle, if it lives."""
    LocalProcesses().cancel(handle, force=True)


def own_record(path: Path, read: Callable[[Path], Record | None]) -> Record | None:
    """Return the record once it names this process; None if it does not for 10 seconds."""
    deadline = time.monotonic() + ASKED_SECONDS
    while time.monotonic() < deadline:
        record = read(path)
        if record and record.waits and record.handle.startswith(f"{os.getpid()}:"):
            return record
        time.sleep(PAUSE_SECONDS)
    return None


@contextlib.contextmanager
def time_limit(seconds: float, last_words: Callable[[], object]) -> Iterator[None]:
    """End this process if what is done here takes longer, after `last_words`, which says so.

    From a thread: the main one may be inside a library for minutes.
    """

    def leave() -> None:
        try:
            last_words()
        finally:
            os._exit(1)

    watch = threading.Timer(seconds, leave)
    watch.daemon = True
    watch.start()
    signal.alarm(math.ceil(seconds + LAST_SECONDS))  # also where no thread gets its turn
    try:
        yield
    finally:
        watch.cancel()
        signal.alarm(0)
