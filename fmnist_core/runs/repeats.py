"""The same experiment with other seeds: what chance alone does to its figures."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from fmnist_core.runs.run import Run
from fmnist_core.runs.summary import RunSummary
from fmnist_core.settings import Number, settings_of
from fmnist_core.specs import Experiment, TrainSpec

DEFAULT = 3
SEEDS = Number(
    label="Seeds",
    help="How many repeats are queued.",
    default=DEFAULT,
    minimum=1,
    maximum=20,
    integer=True,
)


def siblings(rows: Iterable[RunSummary], of: RunSummary) -> list[RunSummary]:
    """Return the runs that differ from one in nothing but their seed, itself among them."""
    return [row for row in rows if row.recipe and row.recipe == of.recipe]


def repeats(run: Run, rows: Iterable[RunSummary], seeds: int = DEFAULT) -> list[Experiment]:
    """Return a run's experiment with the next seeds that no run like it has had.

    Args:
        run: What to repeat; the repeats are its children.
        rows: All runs of the store.
        seeds: How many repeats, 1 to 20.

    Raises:
        SpecError: The number is outside that range.
        StoreError: The run cannot be read.
    """
    number = int(SEEDS.check(SEEDS.label, seeds) or 0)
    asked, rows = run.experiment, list(rows)
    me = next((row for row in rows if row.run_id == run.run_id), None)
    taken = {asked.train.seed, *(row.setting("seed") for row in (siblings(rows, me) if me else []))}
    found: list[Experiment] = []
    seed = asked.train.seed
    limit = int(settings_of(TrainSpec)["seed"].maximum)  # type: ignore[attr-defined]
    while len(found) < number:
        seed = (seed + 1) % (limit + 1)
        if seed not in taken:
            name = f"{run.title[:40].strip()} seed {seed}"
            train = replace(asked.train, seed=seed)
            found.append(replace(asked, name=name, parent=run.run_id, train=train))
    return found
