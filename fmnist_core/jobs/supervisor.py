"""The supervisor: works the queue of one store, alone, and exits when there is nothing to do.

Run as `python -m fmnist_core.jobs.supervisor STORE`. Everything it knows is in the run folders
(`status.json`, `handle.json`), so it can be killed at any moment: the next one takes over, and the
workers do not notice.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from fmnist_core.exceptions import FmnistError
from fmnist_core.jobs.executors import Executor, LocalProcesses, Poll
from fmnist_core.jobs.log_streams import outlive_a_full_disk
from fmnist_core.jobs.queue import LOCK_NAME, is_in_use
from fmnist_core.jobs.turns import Turns
from fmnist_core.runs import commands
from fmnist_core.runs.control import WAKE_NAME
from fmnist_core.runs.files import read_json, write_json
from fmnist_core.runs.ids import RUN_ID
from fmnist_core.runs.locks import is_held, take
from fmnist_core.runs.status import (
    FAILED,
    FORMAT,
    INTERRUPTED,
    PAUSED,
    QUEUED,
    STOPPED,
    read_status,
)

PASS_SECONDS = 0.25
IDLE_SECONDS = 20.0
GRACE_SECONDS = 3.0  # between "the process is gone" and "the run is interrupted"
INTENT_SECONDS = 10.0  # a submission without a handle is given up after this
LINGER_SECONDS = 30.0  # an ended run's process may live so long
MAX_TRIES = 3
MOMENTARY = commands.NAMES - {commands.RATE, commands.PLAN}  # these outlive a worker
WAKING = (commands.RESUME, commands.STEP, commands.STOP)  # what a paused run without worker heeds


class Supervisor:
    """One pass after the other over the runs that have not been closed."""

    def __init__(self, root: Path, executor: Executor, *, cap: int = 0) -> None:
        """Look after the runs in `root`, with workers by `executor`, `cap` an owner at most.

        A cap of 0 is none.
        """
        self.root = root
        self._turns = Turns(cap)
        self.executor = executor
        self._closed: set[str] = set()  # ended and forgotten: never looked at again
        self._woken = 0.0  # when a run that had ended was last queued again
        self._gone_since: dict[Path, float] = {}
        self.expects_start = False  # a slot is free, or a run waits for one

    def step(self) -> int:
        """Do what has to be done now; return how many runs wait or run."""
        handles = {folder: _open_handle(folder) for folder in self.open_runs()}
        polls = self.executor.poll([handle for handle in handles.values() if handle])
        busy: list[Path] = []
        queue = []
        for folder, handle in handles.items():
            try:
                if handle:
                    is_busy = self._look_after(folder, handle, polls[handle])
                elif self._is_waiting(folder):
                    queue.append(folder)
                    is_busy = False
                else:
                    is_busy = self._look_after_unhandled(folder)
                busy += [folder] if is_busy else []
            except (FmnistError, OSError) as error:
                print(f"{folder.name}: {error}", flush=True)  # into the supervisor's log
        free = max(0, self.executor.capacity(len(busy)))
        starting = list(self._turns.next(queue, busy, free))
        for folder in starting:
            self._submit(folder)
        self.expects_start = max(free, len(queue)) > len(starting)
        if len(queue) > free:
            self._send_paused_away([folder for folder, handle in handles.items() if handle])
        return len(busy) + len(queue)

    def _send_paused_away(self, folders: list[Path]) -> None:
        """Let workers of paused runs make room; such a run goes on from its checkpoint later."""
        for folder in folders:
            try:
                paused = read_status(folder).state == PAUSED
                if paused and not commands.is_wanted(folder, commands.LEAVE):
                    commands.send(folder, commands.LEAVE)
            except FmnistError as error:
                print(f"{folder.name}: {error}", flush=True)

    def open_runs(self) -> list[Path]:
        """Return the folders of runs that are not closed, oldest first."""
        self._look_again_if_woken()
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
            if ended and not _open_handle(folder):
                self._closed.add(name)
            else:
                found.append(folder)
        return found

    def _look_again_if_woken(self) -> None:
        try:
            woken = os.stat(self.root / WAKE_NAME).st_mtime
        except OSError:
            return
        if woken != self._woken:
            self._woken = woken
            self._closed.clear()

    def _is_waiting(self, folder: Path) -> bool:
        """Say whether a run without a handle waits for a worker; take it out if it is to stop."""
        status = read_status(folder)
        if status.state not in (QUEUED, PAUSED) or is_held(folder / "worker.lock"):
            return False
        if time.time() - _handle(folder).get("intent", 0) < INTENT_SECONDS:
            return False
        if status.state == PAUSED:
            return commands.is_wanted(folder, *WAKING)
        if commands.is_wanted(folder, commands.STOP):
            commands.done(folder, *commands.NAMES)
            begun = "It can be resumed." if status.attempt else "It had not begun."
            self._say(folder, STOPPED, f"Taken out of the queue. {begun}")
            return False
        return True

    def _look_after_unhandled(self, folder: Path) -> bool:
        """Look after a run without an open handle; say whether it is busy."""
        status = read_status(folder)
        if status.state == PAUSED:
            return is_held(folder / "worker.lock")
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
        if status.state != PAUSED and status.live and self._end_if_gone(folder):
            return True
        if status.state == PAUSED or not read_status(folder).live:
            self._close(folder, handle)
        return False

    def _close(self, folder: Path, handle: str) -> None:
        """Be done with a worker; its run may be handed over again later."""
        done_with = {"format": FORMAT, "engine": self.executor.name, "handle": handle}
        write_json(folder / "handle.json", {**done_with, "closed": time.time()})
        self._gone_since.pop(folder, None)
        self.executor.forget(handle)

    def _end_if_gone(self, folder: Path) -> bool:
        """End a run without a worker after a grace; True while that is not certain."""
        since = self._gone_since.setdefault(folder, time.time())
        if is_held(folder / "worker.lock") or time.time() - since < GRACE_SECONDS:
            return True
        if read_status(folder).live:  # it may have ended well in the meantime
            if commands.is_wanted(folder, commands.STOP):
                self._say(folder, STOPPED, "Its process ended before it could keep its results.")
            else:
                self._say(folder, INTERRUPTED, "Its process ended without a word. See log.txt.")
            commands.done(folder, *MOMENTARY)
        return False

    def _put_back(self, folder: Path, handle: str) -> bool:
        """Queue a run again whose worker ended before it began; give up after some tries."""
        if is_held(folder / "worker.lock"):
            return True
        tries = [*_handle(folder).get("tries", []), handle]
        write_json(folder / "handle.json", {"format": FORMAT, "tries": tries})
        if len(tries) >= MAX_TRIES:
            message = f"Its process could not start, {MAX_TRIES} times in a row. See log.txt."
            self._say(folder, FAILED, message)
        return False

    def _submit(self, folder: Path) -> None:
        """Hand a run to the engine: first the intent, then the handle, so that nothing is lost."""
        known = {"format": FORMAT, "tries": _handle(folder).get("tries", [])}
        known |= {"engine": self.executor.name, "intent": time.time()}
        try:
            write_json(folder / "handle.json", known)
            if read_status(folder).state == PAUSED:  # its worker had left
                self._say(folder, QUEUED, "")
            handle = self.executor.submit(folder)
            write_json(folder / "handle.json", {**known, "handle": handle})
        except OSError as error:
            print(f"{folder.name}: could not be started: {error}", flush=True)

    def _say(self, folder: Path, state: str, message: str) -> None:
        status = replace(read_status(folder), state=state, message=message, time=time.time())
        status.write(folder)


def _handle(folder: Path) -> dict[str, Any]:
    """Read `handle.json`; a damaged one counts as none."""
    try:
        return read_json(folder / "handle.json")
    except FmnistError:
        return {}


def _open_handle(folder: Path) -> str:
    """Return the handle of a worker that may live; "" where there is none."""
    known = _handle(folder)
    return "" if known.get("closed") else known.get("handle", "")


def serve(
    root: Path,
    executor: Executor,
    *,
    idle_seconds: float = IDLE_SECONDS,
    cap: int = 0,
    stays: Callable[[bool], bool] = lambda expects_start: False,
) -> None:
    """Work the queue until it has been empty for a while; return at once if another one does.

    Args:
        root: The store.
        executor: What runs the workers.
        idle_seconds: How long to stay when there is nothing to do.
        cap: As in `Supervisor`.
        stays: Asked after each pass whether to stay all the same, and told whether a run may start
            before one of those that train has ended.
    """
    supervisor = Supervisor(root, executor, cap=cap)
    while lock := take(root / LOCK_NAME):
        busy_at = time.monotonic()
        while time.monotonic() - busy_at < idle_seconds:
            if supervisor.step() + stays(supervisor.expects_start):
                busy_at = time.monotonic()
            time.sleep(PASS_SECONDS)
        lock.release()
        if not supervisor.open_runs():  # else: queued while the lock was still held
            return


def main(argv: list[str]) -> int:
    """Serve the store named on the command line, as the environment says.

    `FMNIST_WORKERS`: runs at a time; `FMNIST_WORKERS_PER_OWNER`: of them for one owner at most;
    `FMNIST_SPARE=0`: no warm worker is kept.
    """
    root = Path(argv[0])
    executor = LocalProcesses(_count("FMNIST_WORKERS", 1))
    keeps = os.environ.get("FMNIST_SPARE", "1") != "0"
    serve(
        root,
        executor,
        cap=_count("FMNIST_WORKERS_PER_OWNER", 0),
        stays=lambda expects_start: executor.keep_spare(
            root, wanted=keeps and is_in_use(root), start=expects_start
        ),
    )
    return 0


def _count(name: str, default: int) -> int:
    """Read a whole number above 0 from the environment."""
    text = os.environ.get(name, "")
    return int(text) if text.isdigit() and int(text) > 0 else default


if __name__ == "__main__":
    outlive_a_full_disk()
    sys.exit(main(sys.argv[1:]))
