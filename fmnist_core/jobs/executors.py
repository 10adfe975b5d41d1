"""Executors: five methods between the queue and whatever runs a worker.

A handle is a plain string that any later supervisor can poll. No metrics and no results cross
this seam: those are in the run folder.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from enum import Enum
from pathlib import Path
from typing import IO, Protocol

import psutil

from fmnist_core.exceptions import FmnistError
from fmnist_core.jobs.machine import THREADS, needs_own_environment
from fmnist_core.runs.run import Run

SPARE_BYTES = 2 * 2**30  # a spare takes 0.6 GB, and the run to come its own
SPARE_LOG_NAME = ".spare.log"
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
        """Run at most `slots` workers at a time, the processor's threads divided among them."""
        self.slots = slots
        self._children: list[subprocess.Popen[bytes]] = []
        self._spare: subprocess.Popen[bytes] | None = None
        self._environment = _threads((os.cpu_count() or 1) // slots) if slots > 1 else {}

    def capacity(self, busy: int) -> int:
        """Return the free slots."""
        return self.slots - busy

    def submit(self, folder: Path) -> str:
        """Start a worker that outlives supervisor, server and terminal."""
        process = (_fits_spare(folder) and self._take_spare(folder)) or start_detached(
            ["fmnist_core.jobs.worker", str(folder)],
            log=folder / "log.txt",
            environment=self._environment,
        )
        self._children.append(process)
        return handle_of(process)

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

    def keep_spare(self, root: Path, *, wanted: bool, start: bool = True) -> bool:
        """Keep one worker warm for the next run, or let it go; as the memory allows.

        Args:
            root: The store.
            wanted: Keep one that is there.
            start: Start one that is wanted and not there, which takes the processor 5 seconds
                from the runs that train.

        Returns:
            What was wanted.
        """
        spare = self._spare
        if spare and spare.poll() is not None:
            self._spare = spare = None
        free = psutil.virtual_memory().available
        if spare and (not wanted or free < SPARE_BYTES / 2):
            _stdin(spare).close()  # it ends with its input
            self._children.append(spare)
            self._spare = None
        elif wanted and start and not spare and free > SPARE_BYTES:
            self._spare = start_detached(
                ["fmnist_core.jobs.spare", str(root)],
                log=root / SPARE_LOG_NAME,
                environment=self._environment,
                stdin=subprocess.PIPE,
            )
        return wanted

    def _take_spare(self, folder: Path) -> subprocess.Popen[bytes] | None:
        """Give the run to the spare worker; None if there is none."""
        spare, self._spare = self._spare, None
        if spare is None or spare.poll() is not None:
            return None
        try:
            with _stdin(spare) as pipe:
                pipe.write(f"{folder}\n".encode())
        except OSError:  # it died in this moment
            return None
        return spare


def _stdin(process: subprocess.Popen[bytes]) -> IO[bytes]:
    assert process.stdin is not None
    return process.stdin


def _threads(count: int) -> dict[str, str]:
    """Return the environment in which TensorFlow computes with so many threads."""
    return dict.fromkeys(THREADS, str(max(1, count)))


def _fits_spare(folder: Path) -> bool:
    """Say whether a process that has imported TensorFlow already can train this run."""
    try:
        return not needs_own_environment(Run(folder).experiment.train)
    except FmnistError:  # its worker says what is wrong
        return True


def start_detached(
    module: list[str],
    *,
    log: Path,
    environment: Mapping[str, str] | None = None,
    stdin: int = subprocess.DEVNULL,
    stdout: int | None = None,
) -> subprocess.Popen[bytes]:
    """Start `python -m MODULE ARGS…` in a session of its own, its output appended to `log`.

    Args:
        module: Its name and arguments.
        log: Where its output goes.
        environment: What it has beyond this process's own.
        stdin: As in `subprocess.Popen`.
        stdout: Likewise, where its output shall not go into the log but its errors.
    """
    package_home = str(Path(__file__).resolve().parents[2])
    inherited = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    paths = [package_home, inherited.get("PYTHONPATH", "")]
    inherited["PYTHONPATH"] = os.pathsep.join(path for path in paths if path)
    with log.open("ab") as output:
        return subprocess.Popen(
            [sys.executable, "-m", *module],
            stdin=stdin,
            stdout=output if stdout is None else stdout,
            stderr=output,
            start_new_session=True,  # Ctrl-C in the terminal and the server's end pass it by
            env={**inherited, **(environment or {})},
        )


def handle_of(process: subprocess.Popen[bytes]) -> str:
    """Return the handle of a process that was just started."""
    return f"{process.pid}:{psutil.Process(process.pid).create_time():.2f}"


def _process(handle: str) -> psutil.Process | None:
    """Return the living process of a handle; pids are reused, so its start time counts too."""
    try:
        pid, started = handle.split(":")
        process = psutil.Process(int(pid))
        same = abs(process.create_time() - float(started)) < SAME_START
        return process if same and process.status() != psutil.STATUS_ZOMBIE else None
    except (psutil.Error, ValueError, OverflowError):
        return None
