"""Whose turn it is: owners take turns, however many runs one of them has queued."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from fmnist_core.exceptions import FmnistError
from fmnist_core.runs.run import Run


class Turns:
    """Chooses from the queue; remembers who came last."""

    def __init__(self, cap: int = 0) -> None:
        """Let an owner have at most `cap` runs at a time; 0 is no limit."""
        self._cap = cap
        self._turn = 0
        self._last: dict[str, int] = {}  # the last turn of each owner
        self._owners: dict[str, str] = {}  # by run id: an experiment never changes

    def next(self, queue: list[Path], busy: list[Path], free: int) -> list[Path]:
        """Return the runs to start now, at most `free`.

        Args:
            queue: Folders of runs that wait, oldest first.
            busy: Folders of runs that hold a slot.
            free: Slots that are free.
        """
        running = Counter(self._owner(folder) for folder in busy)
        waiting = list(queue)
        chosen: list[Path] = []
        while len(chosen) < free:
            open_to = [f for f in waiting if not self._cap or running[self._owner(f)] < self._cap]
            if not open_to:
                break
            folder = min(open_to, key=lambda f: self._last.get(self._owner(f), 0))
            owner = self._owner(folder)
            self._turn += 1
            self._last[owner] = self._turn
            running[owner] += 1
            waiting.remove(folder)
            chosen.append(folder)
        return chosen

    def _owner(self, folder: Path) -> str:
        """Return the owner of a run; "" where its experiment cannot be read."""
        if folder.name not in self._owners:
            try:
                self._owners[folder.name] = Run(folder).experiment.owner
            except FmnistError:
                return ""
        return self._owners[folder.name]
