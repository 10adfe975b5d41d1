"""Executors: five methods between the queue and whatever runs a worker.

A handle is a plain string that any later supervisor can poll. No metrics and no results cross
this seam: those are in the run folder.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from enum import Enum
from pathlib import Path
from typing import Protocol

import psutil

SAME_START = 2.0  # seconds; two readings of one process's start time differ by less


class Poll(Enum):
    """What an engine knows of a handle. UNKNOWN, the engine out of reach, must change nothing."""

    PENDING = "pending"
    RUNNING = "running"
    GONE = "gone"
    UNKNOWN = "unknown"


class Executor(Protocol):
    """Runs workers somewhere; must never retry by itself."""

    name: str

    def capacity(self, busy: int) -> int:
        """Return how many more runs it would take beside `busy` ones."""

    def submit(self, folder: Path) -> str:
        """Start a worker on a run folder and return its handle."""

    def poll(self, handles: list[str]) -> dict[str, Poll]:
        """Look the handles up; never raises because of one of them."""

    def cancel(self, handle: str, *, force: bool = False) -> None:
        """Ask the worker to end, or with `force` end it."""

    def forget(self, handle: str) -> None:
        """Drop what the engine keeps of a run that has ended."""


class LocalProcesses:
    """Workers as detached processes of this machine; a handle is `pid:start time`."""

    name = "local"

    def __init__(self, slots: int = 1) -> None:
        """Run at most `slots` workers at a time."""
        self.slots = slots
        self._children: list[subprocess.Popen[bytes]] = []

    def capacity(self, busy: int) -> int:
        """Return the free slots."""
        return self.slots - busy

    def submit(self, folder: Path) -> str:
        """Start a worker that outlives supervisor, server and terminal."""
        process = start_detached(["fmnist_core.jobs.worker", str(folder)], log=folder / "log.txt")
        self._children.append(process)
        return f"{process.pid}:{psutil.Process(process.pid).create_time():.2f}"

    def poll(self, handles: list[str]) -> dict[str, Poll]:
        """Look the processes up."""
        self._children = [child for child in self._children if child.poll() is None]  # reap
        return {h: Poll.RUNNING if _process(h) else Poll.GONE for h in handles}

    def cancel(self, handle: str, *, force: bool = False) -> None:
        """Send SIGTERM, which the worker takes for stop and keep, or SIGKILL."""
        if process := _process(handle):
            process.send_signal(signal.SIGKILL if force else signal.SIGTERM)

    def forget(self, handle: str) -> None:
        """Nothing is kept of an ended process."""


def start_detached(module: list[str], *, log: Path) -> subprocess.Popen[bytes]:
    """Start `python -m MODULE ARGS…` in a session of its own, its output appended to `log`."""
    package_home = str(Path(__file__).resolve().parents[2])
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    paths = [package_home, environment.get("PYTHONPATH", "")]
    environment["PYTHONPATH"] = os.pathsep.join(path for path in paths if path)
    with log.open("ab") as output:
        return subprocess.Popen(
            [sys.executable, "-m", *module],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,  # Ctrl-C in the terminal and the server's end pass it by
            env=environment,
        )


def _process(handle: str) -> psutil.Process | None:
    """Return the living process of a handle; pids are reused, so its start time counts too."""
    try:
        pid, started = handle.split(":")
        process = psutil.Process(int(pid))
        same = abs(process.create_time() - float(started)) < SAME_START
        return process if same and process.status() != psutil.STATUS_ZOMBIE else None
    except (psutil.Error, ValueError, OverflowError):
        return None
