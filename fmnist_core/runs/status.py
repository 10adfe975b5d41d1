"""What state a run is in, and who said so."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass, field
from pathlib import Path

from fmnist_core.exceptions import StoreError
from fmnist_core.runs.files import read_json, write_json
from fmnist_core.runs.records import as_type

FORMAT = 1

QUEUED, STARTING, RUNNING, PAUSED = "queued", "starting", "running", "paused"
FINISHED, STOPPED, FAILED, INTERRUPTED = "finished", "stopped", "failed", "interrupted"
LIVE = frozenset({QUEUED, STARTING, RUNNING, PAUSED})
STATES = LIVE | {FINISHED, STOPPED, FAILED, INTERRUPTED}


@dataclass(frozen=True, kw_only=True)
class Status:
    """The contents of `status.json`.

    Attributes:
        state: One of `STATES`.
        attempt: 0 until a worker has taken the run, then 1, 2, …
        token: Random word of the worker that holds the run; one that finds another stops writing.
        epoch: Epochs done.
        step: Batches done.
        val_accuracy: Best validation accuracy so far, in [0, 1]; None before the first epoch.
        planned_steps: Batches after which it ends, where epochs were added; 0: as its experiment
            says.
        message: Why it ended, for a person; "" where there is nothing to say.
        time: When this was written, in seconds since 1970.
    """

    state: str
    attempt: int = 0
    token: str = ""
    epoch: int = 0
    step: int = 0
    val_accuracy: float | None = None
    planned_steps: int = 0
    message: str = ""
    time: float = field(default_factory=time.time)

    @property
    def live(self) -> bool:
        """It waits, starts, runs or pauses."""
        return self.state in LIVE

    def write(self, folder: Path) -> None:
        """Write `status.json`, durably."""
        write_json(folder / "status.json", {"format": FORMAT, **asdict(self)})


def read_status(folder: Path) -> Status:
    """Read `status.json` of a run folder.

    Raises:
        StoreError: Missing, torn, or not a status of this format.
    """
    data = read_json(folder / "status.json")
    if not data:
        raise StoreError(f"{folder.name}/status.json is missing.")
    if data.pop("format", None) != FORMAT:
        raise StoreError(f"{folder.name}/status.json is not of format {FORMAT}.")
    try:
        status = as_type(data, Status)
        if status.state not in STATES:
            raise TypeError("state: it is not one of " + ", ".join(sorted(STATES)))
    except TypeError as error:
        raise StoreError(f"{folder.name}/status.json is damaged ({error}).") from error
    return status
