"""The store: a folder of run folders."""

from __future__ import annotations

import os
import shutil
import time
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from fmnist_core.exceptions import RunNotFound, StoreError
from fmnist_core.model.check import check
from fmnist_core.runs.files import sync_folder, write_json
from fmnist_core.runs.ids import RUN_ID, new_id
from fmnist_core.runs.run import Run
from fmnist_core.runs.status import FORMAT, QUEUED, Status
from fmnist_core.runs.summary import RunSummary, SummaryCache
from fmnist_core.runs.trash import Trash
from fmnist_core.specs import Experiment

if TYPE_CHECKING:
    from fmnist_core.challenge.store import ChallengeSet

MIN_FREE_BYTES = 100 * 2**20  # a run of the largest shipped preset needs about 30 MB


def default_root() -> Path:
    """Return `FMNIST_RUNS_DIR`, else `saved_runs` beside app.py, else in the working folder."""
    if chosen := os.environ.get("FMNIST_RUNS_DIR"):
        return Path(chosen).expanduser().resolve()
    project = Path(__file__).resolve().parents[2]
    home = project if (project / "app.py").exists() else Path.cwd()
    return home / "saved_runs"


class RunStore:
    """Creates, finds and lists runs.

    Attributes:
        root: The folder.
        trash: Where deleted runs lie for a week.
    """

    def __init__(self, root: Path | str | None = None) -> None:
        """Use `root`, or the default folder; it is made when the first run is."""
        self.root = Path(root) if root is not None else default_root()
        self.trash = Trash(self.root)
        self._summaries = SummaryCache(self.root, self._challenge_digest)

    @cached_property
    def challenge(self) -> ChallengeSet:
        """Pictures with their true classes that runs are tested on, beside the runs."""
        # Imported late: it reads pictures, and workers, which never do, would start 0.2 s later.
        from fmnist_core.challenge.store import ChallengeSet, challenge_root

        return ChallengeSet(challenge_root(self.root))

    def _challenge_digest(self) -> str:
        return self.challenge.digest()

    def create(self, experiment: Experiment) -> Run:
        """Queue an experiment as a new run, whole or not at all.

        Raises:
            ModelError: The network cannot be trained.
            StoreError: The folder cannot be written, or the disk is nearly full.
        """
        check(experiment.model)
        run_id = new_id()
        draft, folder = self.root / f".new-{run_id}", self.root / run_id
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            self._check_space()
            draft.mkdir()
            birth = {"format": FORMAT, "created": time.time(), "experiment": experiment.to_dict()}
            write_json(draft / "experiment.json", birth)
            Status(state=QUEUED).write(draft)
            os.rename(draft, folder)
            draft = folder  # what to take back if the last step fails
            sync_folder(self.root)
        except OSError as error:
            shutil.rmtree(draft, ignore_errors=True)
            raise StoreError(
                f"The run could not be saved in {self.root}: {error.strerror or error}. Make the "
                "folder writable, or set FMNIST_RUNS_DIR to another one."
            ) from error
        return Run(folder)

    def run_ids(self) -> list[str]:
        """Return the ids of all run folders, oldest first."""
        try:
            with os.scandir(self.root) as entries:
                return sorted(e.name for e in entries if RUN_ID.fullmatch(e.name) and e.is_dir())
        except FileNotFoundError:
            return []
        except OSError as error:
            raise StoreError(
                f"The runs in {self.root} cannot be read: {error.strerror}. Check the folder, or "
                "set FMNIST_RUNS_DIR to another one."
            ) from error

    def get(self, run_id: str) -> Run:
        """Return the run of that id, or of the id that begins so.

        Raises:
            RunNotFound: None or several do.
        """
        matches = [known for known in self.run_ids() if run_id and known.startswith(run_id)]
        if len(matches) != 1:
            many = f"{len(matches)} runs begin" if matches else "No run begins"
            raise RunNotFound(f'{many} with "{run_id[:40]}". "fmnist runs" lists them all.')
        return Run(self.root / matches[0])

    def summaries(self) -> list[RunSummary]:
        """Return one line a run, newest first; a damaged run is listed with what is wrong."""
        return self._summaries.read(self.run_ids()[::-1])

    def _check_space(self) -> None:
        free = shutil.disk_usage(self.root).free
        if free < MIN_FREE_BYTES:
            raise StoreError(
                f"The disk that holds {self.root} has {free / 2**20:.0f} MB left, and a run needs "
                f"{MIN_FREE_BYTES / 2**20:.0f} MB. Delete something, or set FMNIST_RUNS_DIR to a "
                "folder on another disk."
            )
