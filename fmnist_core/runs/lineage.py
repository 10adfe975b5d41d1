"""Who descends from whom: runs as trees, each edge with what was changed and what it gave."""

from __future__ import annotations

import contextlib
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from fmnist_core.analysis.alignment import align
from fmnist_core.analysis.intervals import difference_interval
from fmnist_core.analysis.paired import paired_gain
from fmnist_core.analysis.predictions import Predictions
from fmnist_core.exceptions import ComparisonError, StoreError
from fmnist_core.format import signed
from fmnist_core.model.difference import experiment_difference
from fmnist_core.runs.outcome import Outcome
from fmnist_core.runs.summary import RunSummary
from fmnist_core.specs import Experiment

MAX_PHRASES = 3  # changes that are named; of more, the number is told


@dataclass(frozen=True, kw_only=True)
class Relative:
    """A run in its family.

    Attributes:
        depth: 0 for a run without a parent in the store, 1 for its children, and so on.
        parent: The run it was made from; None where that is not in the store.
    """

    row: RunSummary
    depth: int
    parent: RunSummary | None


@dataclass(frozen=True, kw_only=True)
class Gain:
    """How much better a run is than its parent in validation accuracy.

    Attributes:
        points: Percentage points; negative for a loss.
        low, high: 95 % interval of it.
        paired: It goes by what was fixed and broken on the same images; else it takes the two for
            separate samples, as `difference_interval` does, and errs on the wide side.
    """

    points: float
    low: float
    high: float
    paired: bool = False

    @property
    def in_noise(self) -> bool:
        """Chance alone could have made it."""
        return self.low <= 0 <= self.high


def families(rows: Iterable[RunSummary], run_ids: Iterable[str]) -> list[Relative]:
    """Return all relatives of some runs, each child after its parent, elder before younger.

    Args:
        rows: All runs of the store.
        run_ids: Whose families to return; each family comes once, whole.
    """
    by_id = {row.run_id: row for row in rows}
    children: dict[str, list[RunSummary]] = defaultdict(list)
    for row in sorted(by_id.values(), key=lambda row: row.run_id):
        children[row.parent].append(row)
    found: dict[str, Relative] = {}
    for run_id in run_ids:
        if run_id in by_id and run_id not in found:
            _add(found, _eldest(by_id, by_id[run_id]), by_id, children)
    return list(found.values())


def _eldest(by_id: dict[str, RunSummary], row: RunSummary) -> RunSummary:
    """Go up to the one without a parent here; a foreign file may name its parents in a circle."""
    seen = {row.run_id}
    while row.parent in by_id and row.parent not in seen:
        seen.add(row.parent)
        row = by_id[row.parent]
    return row


def _add(
    found: dict[str, Relative],
    eldest: RunSummary,
    by_id: dict[str, RunSummary],
    children: dict[str, list[RunSummary]],
) -> None:
    waiting = [Relative(row=eldest, depth=0, parent=None)]
    while waiting:
        relative = waiting.pop()
        if relative.row.run_id in found:
            continue
        found[relative.row.run_id] = relative
        waiting += [
            Relative(row=child, depth=relative.depth + 1, parent=relative.row)
            for child in reversed(children[relative.row.run_id])
        ]


def gain(
    before: RunSummary, after: RunSummary, predicted: Callable[[str], Predictions]
) -> Gain | None:
    """Return how much better one run is than another; None until both have ended.

    Args:
        before: The one.
        after: The other.
        predicted: Reads the validation predictions of a run by its id.
    """
    if not before.result or not after.result:
        return None
    with contextlib.suppress(ComparisonError, StoreError):  # then it is told without them
        one, two = predicted(before.run_id), predicted(after.run_id)
        if np.array_equal(one.index, two.index):
            return _paired(one, two)
    return _separate(before.result, after.result)


def _paired(before: Predictions, after: Predictions) -> Gain:
    one, two = align([before, after])
    fixed, broken = int(np.sum(one.wrong & ~two.wrong)), int(np.sum(~one.wrong & two.wrong))
    found = paired_gain(len(one), fixed, broken, np.random.default_rng(0))
    low, high = (100 * bound for bound in found.interval)
    return Gain(points=100 * found.gain, low=low, high=high, paired=True)


def _separate(before: Outcome, after: Outcome) -> Gain:
    one, two = before.validation, after.validation
    low, high = difference_interval(one.correct, one.images, two.correct, two.images)
    points = 100 * (two.accuracy - one.accuracy)
    return Gain(points=points, low=100 * low, high=100 * high)


def edge_text(before: Experiment, after: Experiment, gained: Gain | None) -> str:
    """Say in one line what was changed from parent to child, and what it gave.

    More than one change is marked, as nobody can tell which of them did it; so is a gain that
    chance alone could have made.
    """
    changes = experiment_difference(before, after)
    named = ", ".join(changes[:MAX_PHRASES]) or "nothing changed"
    if len(changes) > MAX_PHRASES:
        named += f" and {len(changes) - MAX_PHRASES} more"
    if len(changes) > 1:
        named += f" [{len(changes)} changes at once]"
    if gained is None:
        return f"{named}: not known yet"
    noise = ", within the noise" if gained.in_noise else ""
    about = "" if gained.paired else ", as of separate images"
    low, high = signed(gained.low, 1), signed(gained.high, 1)
    return f"{named}: {signed(gained.points, 2)} points ({low} to {high}{noise}{about})"
