"""One line a run for tables, read from its small files and remembered until they change."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from fmnist_core.derived.place import weights_digest
from fmnist_core.exceptions import ChallengeError, FmnistError, StoreError
from fmnist_core.model.activation import activation
from fmnist_core.model.shapes import trace
from fmnist_core.runs.challenge_result import FILE_NAME as CHALLENGE
from fmnist_core.runs.challenge_result import read_challenge_result
from fmnist_core.runs.checkpoints import fingerprint
from fmnist_core.runs.index import Row, RunIndex, Stamp
from fmnist_core.runs.notes import FILE_NAME as NOTES
from fmnist_core.runs.notes import Notes, read_notes
from fmnist_core.runs.outcome import Challenged, Outcome, outcome
from fmnist_core.runs.run import Run
from fmnist_core.runs.status import STATES, Status
from fmnist_core.specs import Experiment
from fmnist_core.specs.parts import SETTINGS, changed_settings

_FILES = ("experiment.json", "status.json", "result.json", NOTES, CHALLENGE)


@dataclass(frozen=True, kw_only=True)
class RunSummary:
    """What tables show of a run.

    Attributes:
        title, model: Name of the run, that of its notes before that of its experiment, and name of
            its network.
        parent: Id of the run that it was made from, or "".
        status: Where it stands; None where a file cannot be read.
        parameters, mult_adds: Of the network, the second for one image; 0 where the experiment
            cannot be read.
        layers: How many layers it has; 0 likewise.
        activation: Of all its layers but the last, as `model.activation` tells it.
        total_epochs: Of the full training, with those that were added; 0 likewise.
        recipe: The same for runs that differ in nothing but names and seed; "" where the experiment
            cannot be read.
        settings: Those that are not at their default, by the names of `specs.parts.SETTINGS`.
        result: What came out; None where it has not ended.
        challenge: How good it was on the challenge set; None where nobody has asked it yet.
        notes: What people say of it; empty where they cannot be read.
        problem: What is wrong with the folder, for a person; "" for a sound one.
        notes_problem: What is wrong with its notes alone, likewise.
    """

    run_id: str
    title: str = ""
    model: str = ""
    owner: str = ""
    parent: str = ""
    status: Status | None = None
    parameters: int = 0
    mult_adds: int = 0
    layers: int = 0
    activation: str = ""
    total_epochs: int = 0
    recipe: str = ""
    settings: dict[str, Any] = field(default_factory=dict)
    result: Outcome | None = None
    challenge: Challenged | None = None
    notes: Notes = field(default_factory=Notes)
    problem: str = ""
    notes_problem: str = ""

    def __post_init__(self) -> None:
        """Check what an index that cannot be trusted may hold."""
        if self.status and self.status.state not in STATES:
            raise TypeError("status: an unknown state")
        checked = {name: SETTINGS[name].check(name, value) for name, value in self.settings.items()}
        object.__setattr__(self, "settings", checked)

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

    @property
    def honest(self) -> bool:
        """It has ended, and its test images had no say in which epoch is its best."""
        return self.result is not None and not self.result.test_used_for_validation

    @property
    def challenge_share(self) -> Challenged | None:
        """How good it is on the challenge set; None where that is not known of today's set.

        Shares of other pictures, or of other weights, cannot be set beside those of other runs.
        """
        return None if self.challenge and self.challenge.outdated else self.challenge

    def setting(self, name: str) -> Any:
        """Return the value of a setting by its full name; None where it cannot be read."""
        return None if self.problem else self.settings.get(name, SETTINGS[name].default)


class SummaryCache:
    """Reads summaries, and reads one again only when a file of its run has changed.

    What was read is remembered in memory, and the runs that have ended also in the store's index,
    for the next process.
    """

    def __init__(self, root: Path, set_digest: Callable[[], str]) -> None:
        """Start with what the index of the store at `root` knows, once it is asked.

        Args:
            root: The folder of the store.
            set_digest: Says what stands for the challenge set now; asked only where a run was
                judged by it.
        """
        self._root = root
        self._set_digest = set_digest
        self._index = RunIndex(root, RunSummary)
        self._known: dict[str, Row[RunSummary]] | None = None
        self._digest = ""  # what stands for today's challenge set
        # Rows of runs that were judged by another set: as they were read, and as they are told.
        self._marked: dict[str, tuple[RunSummary, RunSummary]] = {}
        self._lock = threading.Lock()  # sessions that come together read a large store once

    def read(self, run_ids: list[str]) -> list[RunSummary]:
        """Return the summaries of these runs, in their order."""
        with self._lock:
            before = self._index.load() if self._known is None else self._known
            stamp = _stamper(self._root)
            known, fresh = {}, {}
            for run_id in run_ids:
                now, row = stamp(run_id), before.get(run_id)
                if row is None or row.stamp != now:
                    row = fresh[run_id] = Row(now, _summarise(Run(self._root / run_id)))
                known[run_id] = row
            ended = {run_id: row for run_id, row in fresh.items() if not row.value.live}
            self._index.save(ended, gone=before.keys() - known.keys())
            self._known = known
            return self._judged_today([row.value for row in known.values()])

    def _judged_today(self, rows: list[RunSummary]) -> list[RunSummary]:
        """Mark what runs made of a challenge set that has changed since."""
        if not any(row.challenge for row in rows):
            return rows
        try:
            digest = self._set_digest()
        except ChallengeError:  # whoever looks at the set is told; runs are listed all the same
            digest = ""
        if digest != self._digest:
            self._digest, self._marked = digest, {}
        return [self._marked_row(row) for row in rows]

    def _marked_row(self, row: RunSummary) -> RunSummary:
        """Return the row, or one that says that its set is not today's, made once."""
        if row.challenge is None or row.challenge.set_digest == self._digest:
            return row
        before, marked = self._marked.get(row.run_id, (None, row))
        if before is not row:
            marked = replace(row, challenge=replace(row.challenge, outdated=True))
            self._marked[row.run_id] = row, marked
        return marked


def _stamper(root: Path) -> Callable[[str], Stamp]:
    """Return what tells, of a run's id, what changes when one of its files is replaced.

    It takes 20 µs a run, and would take twice that with paths as objects.
    """
    stat, start = os.stat, f"{root}/"

    def stamp(run_id: str) -> Stamp:
        folder = f"{start}{run_id}/"
        found: list[int] = []
        for name in _FILES:
            try:
                entry = stat(folder + name)
                found += (entry.st_mtime_ns, entry.st_ino, entry.st_size)
            except OSError:
                found += (0, 0, 0)
        return tuple(found)

    return stamp


def _summarise(run: Run) -> RunSummary:
    notes, notes_problem = Notes(), ""
    try:
        notes = read_notes(run.folder)
    except StoreError as error:
        notes_problem = str(error)
    try:
        return replace(_sound(run, notes), notes=notes, notes_problem=notes_problem)
    except FmnistError as error:
        return RunSummary(
            run_id=run.run_id,
            title=notes.name,
            notes=notes,
            problem=str(error),
            notes_problem=notes_problem,
        )


def _sound(run: Run, notes: Notes) -> RunSummary:
    experiment, status, result = run.experiment, run.status, run.result
    found = trace(experiment.model)
    return RunSummary(
        run_id=run.run_id,
        title=notes.name or experiment.title,
        model=experiment.model.name or "unnamed",
        owner=experiment.owner,
        parent=experiment.parent,
        status=status,
        parameters=found.parameters,
        mult_adds=found.total.mult_adds,
        layers=len(experiment.model.layers),
        activation=activation(experiment.model),
        total_epochs=run.total_epochs,
        recipe=recipe(experiment),
        settings=changed_settings(experiment),
        result=outcome(result) if result else None,
        challenge=_challenge(run),
    )


def _challenge(run: Run) -> Challenged | None:
    found = read_challenge_result(run.folder)
    if found is None:
        return None
    try:
        outdated = found.weights != weights_digest(run)
    except StoreError:  # the weights are gone
        outdated = True
    return Challenged(
        correct=found.correct, images=found.of, set_digest=found.set_digest, outdated=outdated
    )


def recipe(experiment: Experiment) -> str:
    """Return what is the same for experiments that differ in nothing but names and seed."""
    unseeded = replace(experiment, train=replace(experiment.train, seed=0))
    return fingerprint(unseeded)[:16]
