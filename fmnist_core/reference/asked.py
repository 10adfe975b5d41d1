"""Repeating what reports did: which runs are still wanted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from fmnist_core.reference.claims import Claim
from fmnist_core.reference.measured import went_through
from fmnist_core.runs.repeats import SEEDS
from fmnist_core.runs.summary import RunSummary, recipe
from fmnist_core.specs import Experiment


def wanted(
    claims: Sequence[Claim], rows: Iterable[RunSummary], *, seeds: object = 1, quick: bool = False
) -> list[Experiment]:
    """Return what has to be trained so that each claim has runs with so many seeds.

    Two claims of one recipe need one run. What waits, trains or went through counts; what failed,
    was interrupted or was stopped early does not.

    Args:
        claims: Which claims.
        rows: All runs of the store.
        seeds: From the preset's seed on, 1 to 20.
        quick: As `Claim.experiment` takes it.

    Raises:
        SpecError: The number of seeds is outside its range.
    """
    number = int(SEEDS.check(SEEDS.label, seeds) or 0)
    asked = []
    for claim in claims:
        first = claim.experiment(quick=quick).train.seed
        asked += [claim.experiment(seed=first + n, quick=quick) for n in range(number)]
    return missing(asked, rows)


def missing(asked: Iterable[Experiment], rows: Iterable[RunSummary]) -> list[Experiment]:
    """Return the experiments that no run repeats, with their seed, each once.

    Args:
        asked: Which.
        rows: All runs of the store; those count that wait, train or went through.
    """
    there = {(row.recipe, row.setting("seed")) for row in rows if row.live or went_through(row)}
    found = []
    for experiment in asked:
        key = (recipe(experiment), experiment.train.seed)
        if key not in there:
            there.add(key)
            found.append(experiment)
    return found
