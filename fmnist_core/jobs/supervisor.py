"""The supervisor: works the queue of one store, alone, and exits when there is nothing to do.

Run as `python -m fmnist_core.jobs.supervisor STORE`. Everything it knows is in the run folders
(`status.json`, `handle.json`), so it can be killed at any moment: the next one takes over, and the
workers do not notice.
"""

from __future__ import annotations

import os
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from fmnist_core.exceptions import FmnistError
from fmnist_core.jobs.executors import Executor, LocalProcesses, Poll
from fmnist_core.jobs.locks import is_held, take
from fmnist_core.jobs.queue import LOCK_NAME
from fmnist_core.runs import commands
from fmnist_core.runs.files import read_json, write_json
from fmnist_core.runs.status import (
    FAILED,
    FORMAT,
    INTERRUPTED,
    QUEUED,
    STOPPED,
    read_status,
)
from fmnist_core.runs.store import RUN_ID

PASS_SECONDS = 0.25
IDLE_SECONDS = 20.0
GRACE_SECONDS = 3.0  # between "the process is gone" and "the run is interrupted"
INTENT_SECONDS = 10.0  # a submission without a handle is given up after this
LINGER_SECONDS = 30.0  # an ended run's process may live so long
MAX_TRIES = 3


class Supervisor:
    """One pass after the other over the runs that have not been closed."""

    def __init__(self, root: Path, executor: Executor) -> None:
        """Look after the runs in `root`, with workers by `executor`."""
        self.root = root
        self.executor = executor
        self._closed: set[str] = set()  # ended and forgotten: never looked at again
        self._gone_since: dict[Path, float] = {}

    def step(self) -> int:
        """Do what has to be done now; return how many runs wait or run."""
        handles = {folder: _handle(folder).get("handle") for folder in self.open_runs()}
        polls = self.executor.poll([handle for handle in handles.values() if handle])
        busy, queue = 0, []
        for folder, handle in handles.items():
            try:
                if handle:
                    busy += self._look_after(folder, handle, polls[handle])
                elif self._is_waiting(folder):
                    queue.append(folder)
                else:
                    busy += self._look_after_unhandled(folder)
            except (FmnistError, OSError) as error:
                print(f"{folder.name}: {error}", flush=True)  # into the supervisor's log
        for folder in queue[: max(0, self.executor.capacity(busy))]:
            self._submit(folder)
        return busy + len(queue)

    def open_runs(self) -> list[Path]:
        """Return the folders of runs that are not closed, oldest first."""
        names = sorted(name for name in os.listdir(self.root) if RUN_ID.fullmatch(name))
        found = []
        for name in names:
            folder = self.root / name
            if name in self._closed:
                continue
            try:
                ended = not read_status(folder).live
            except (FmnistError, OSError):
                self._closed.add(name)  # damaged: a page says so; not ours to mend
                continue
            known = _handle(folder)
            if ended and (not known.get("handle") or known.get("closed")):
                self._closed.add(name)
            else:
                found.append(folder)
        return found

    def _is_waiting(self, folder: Path) -> bool:
        """Say whether a run without a handle waits for a worker; take it out if it is to stop."""
        if read_status(folder).state != QUEUED or is_held(folder / "worker.lock"):
            return False
        if time.time() - _handle(folder).get("intent", 0) < INTENT_SECONDS:
            return False
        if commands.is_wanted(folder, commands.STOP):
            commands.done(folder, commands.STOP)
            self._end(folder, STOPPED, "Taken out of the queue before it began.")
            return False
        return True

    def _look_after_unhandled(self, folder: Path) -> bool:
        """Look after a run whose handle was lost when a supervisor died; say whether it is busy."""
        status = read_status(folder)
        if status.live and status.state != QUEUED:
            return self._end_if_gone(folder)
        return status.live

    def _look_after(self, folder: Path, handle: str, poll: Poll) -> bool:
        """Look after a run that was submitted; say whether it holds a slot."""
        status = read_status(folder)
        if poll is Poll.UNKNOWN:
            return True
        if poll is not Poll.GONE:
            self._gone_since.pop(folder, None)
            if poll is Poll.PENDING and commands.is_wanted(folder, commands.STOP):
                self.executor.cancel(handle)
            if not status.live and time.time() - status.time > LINGER_SECONDS:
                self.executor.cancel(handle, force=True)
            return True
        if status.state == QUEUED:
            return self._put_back(folder, handle)
        if status.live and self._end_if_gone(folder):
            return True
        if not read_status(folder).live:
            write_json(folder / "handle.json", {**_handle(folder), "closed": time.time()})
            self.executor.forget(handle)
        return False

    def _end_if_gone(self, folder: Path) -> bool:
        """End a run without a worker after a grace; True while that is not certain."""
        since = self._gone_since.setdefault(folder, time.time())
        if is_held(folder / "worker.lock") or time.time() - since < GRACE_SECONDS:
            return True
        if read_status(folder).live:  # it may have ended well in the meantime
            if commands.is_wanted(folder, commands.STOP):
                commands.done(folder, commands.STOP)
                self._end(folder, STOPPED, "Its process ended before it could keep its results.")
            else:
                self._end(folder, INTERRUPTED, "Its process ended without a word. See log.txt.")
        return False

    def _put_back(self, folder: Path, handle: str) -> bool:
        """Queue a run again whose worker ended before it began; give up after some tries."""
        if is_held(folder / "worker.lock"):
            return True
        tries = [*_handle(folder).get("tries", []), handle]
        write_json(folder / "handle.json", {"format": FORMAT, "tries": tries})
        if len(tries) >= MAX_TRIES:
            message = f"Its process could not start, {MAX_TRIES} times in a row. See log.txt."
            self._end(folder, FAILED, message)
        return False

    def _submit(self, folder: Path) -> None:
        """Hand a run to the engine: first the intent, then the handle, so that nothing is lost."""
        known = {"format": FORMAT, "tries": _handle(folder).get("tries", [])}
        known |= {"engine": self.executor.name, "intent": time.time()}
        try:
            write_json(folder / "handle.json", known)
            handle = self.executor.submit(folder)
            write_json(folder / "handle.json", {**known, "handle": handle})
        except OSError as error:
            print(f"{folder.name}: could not be started: {error}", flush=True)

    def _end(self, folder: Path, state: str, message: str) -> None:
        status = replace(read_status(folder), state=state, message=message, time=time.time())
        status.write(folder)


def _handle(folder: Path) -> dict[str, Any]:
    """Read `handle.json`; a damaged one counts as none."""
    try:
        return read_json(folder / "handle.json")
    except FmnistError:
        return {}


def serve(root: Path, executor: Executor, *, idle_seconds: float = IDLE_SECONDS) -> None:
    """Work the queue until it has been empty for a while; return at once if another one does."""
    supervisor = Supervisor(root, executor)
    while lock := take(root / LOCK_NAME):
        busy_at = time.monotonic()
        while time.monotonic() - busy_at < idle_seconds:
            if supervisor.step():
                busy_at = time.monotonic()
            time.sleep(PASS_SECONDS)
        lock.release()
        if not supervisor.open_runs():  # else: queued while the lock was still held
            return


def main(argv: list[str]) -> int:
    """Serve the store named on the command line; `FMNIST_WORKERS` says how many run at a time."""
    workers = os.environ.get("FMNIST_WORKERS", "1")
    slots = int(workers) if workers.isdigit() and int(workers) > 0 else 1
    serve(Path(argv[0]), LocalProcesses(slots))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
