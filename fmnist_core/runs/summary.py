"""One line a run for tables, read from its small files and remembered until they change."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from fmnist_core.exceptions import FmnistError
from fmnist_core.model.shapes import trace
from fmnist_core.runs.result import Result
from fmnist_core.runs.run import Run
from fmnist_core.runs.status import Status

_FILES = ("experiment.json", "status.json", "result.json")


@dataclass(frozen=True, kw_only=True)
class RunSummary:
    """What tables show of a run.

    Attributes:
        title, model: Name of the run and of its network.
        status: Where it stands; None where a file cannot be read.
        parameters: Of the network; 0 where the experiment cannot be read.
        total_epochs: Of the full training, with those that were added; 0 likewise.
        result: What came out; None where it has not ended.
        problem: What is wrong with the folder, for a person; "" for a sound one.
    """

    run_id: str
    title: str = ""
    model: str = ""
    owner: str = ""
    status: Status | None = None
    parameters: int = 0
    total_epochs: int = 0
    result: Result | None = None
    problem: str = ""

    @property
    def live(self) -> bool:
        """It waits, starts, runs or pauses."""
        return self.status is not None and self.status.live

    @property
    def state(self) -> str:
        """One of `STATES`, or "damaged"."""
        return "damaged" if self.status is None else self.status.state

    @property
    def val_accuracy(self) -> float | None:
        """Best validation accuracy, in [0, 1]."""
        if self.result:
            return self.result.validation.accuracy
        return self.status.val_accuracy if self.status else None


class SummaryCache:
    """Reads summaries, and reads one again only when a file of its run has changed."""

    def __init__(self) -> None:
        """Start empty."""
        self._known: dict[Path, tuple[tuple[tuple[int, int], ...], RunSummary]] = {}

    def read(self, folders: list[Path]) -> list[RunSummary]:
        """Return the summaries of these run folders, in their order."""
        known = {}
        for folder in folders:
            stamp = tuple(_stamp(folder / name) for name in _FILES)
            before = self._known.get(folder)
            fresh = before if before and before[0] == stamp else (stamp, _summarise(Run(folder)))
            known[folder] = fresh
        self._known = known
        return [known[folder][1] for folder in folders]


def _stamp(path: Path) -> tuple[int, int]:
    """Return what changes when a file is replaced; zeros where there is none."""
    try:
        found = os.stat(path)
    except OSError:
        return (0, 0)
    return (found.st_mtime_ns, found.st_ino)


def _summarise(run: Run) -> RunSummary:
    try:
        experiment, status, result = run.experiment, run.status, run.result
        return RunSummary(
            run_id=run.run_id,
            title=experiment.title,
            model=experiment.model.name or "unnamed",
            owner=experiment.owner,
            status=status,
            parameters=trace(experiment.model).parameters,
            total_epochs=run.total_epochs,
            result=result,
        )
    except FmnistError as error:
        return RunSummary(run_id=run.run_id, problem=str(error))
