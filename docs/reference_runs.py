"""Trains the runs that come with the app, and copies them to saved_runs: `make references`.

What is trained lies in `.references/`, beside copies of what is shipped already, so that a second
call goes on where the first one ended. It writes `docs/results.md` too, from all runs that are
there. About ten hours on two cores;
`PYTHONPATH=. python docs/reference_runs.py --only-ship` trains nothing, and ships what is there.
"""

from __future__ import annotations

import argparse
import shutil
from dataclasses import replace
from pathlib import Path

from fmnist_core import presets
from fmnist_core.cli.waiting import watch
from fmnist_core.export.reference_list import reference_markdown
from fmnist_core.jobs import launch
from fmnist_core.reference import REPORTS, claim_named
from fmnist_core.reference.asked import missing
from fmnist_core.reference.grid import grid_experiments
from fmnist_core.reference.measured import went_through
from fmnist_core.reference.shipping import LARGE, MOMENTS, ship, shipped_ids, write_ignored
from fmnist_core.reference.timing import time_all
from fmnist_core.runs.run import MODEL
from fmnist_core.runs.store import RunStore
from fmnist_core.runs.summary import recipe
from fmnist_core.runs.sweeps import SweepSpec
from fmnist_core.specs import Experiment

ROOT = Path(__file__).resolve().parents[1]
STORE = RunStore(ROOT / ".references")
SHIPPED = ROOT / "saved_runs"
# What is left out of each, for want of room: `ship`'s `without`.
CLAIMS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(
        (
            *("r4-baseline", "r4-better"),
            *("r1-linear-cnn", "r1-linear-max-pool", "r1-linear-average-pool", "r1-fan-out"),
            *("r2-1-layer", "r2-2-layer", "r2-3-layer"),
            "r0-lenet",
        ),
        (),  # can be looked at epoch by epoch
    ),
    **dict.fromkeys(
        (
            *("r1-mlp-1", "r1-mlp-2", "r1-mlp-3"),
            *("r1-linear-cnn-batch-32", "r1-linear-cnn-batch-64"),
            *("r1-batch-norm", "r1-batch-norm-deep", "r1-augmented", "r1-dropout"),
            *("r1-grid", "r1-l1", "r1-l2", "r1-l1-l2", "r1-mastery", "r1-fan-in"),
        ),
        (MOMENTS,),
    ),
    # The same networks as those above, trained on the report's own split.
    **dict.fromkeys(
        ("r2-1-layer-resplit", "r2-2-layer-resplit", "r2-3-layer-resplit"), (MOMENTS, MODEL)
    ),
    "r3-vgg-short": (MODEL,),  # its weights alone would take a quarter of all room
}
# Quick ones, trained with more seeds: how far these lie apart says what chance does.
MORE_SEEDS = (
    *("r1-mlp-1", "r1-mlp-2", "r1-mlp-3", "r1-linear-cnn"),
    *("r1-linear-max-pool", "r1-linear-average-pool", "r1-mastery"),
)
SEEDS = 3


def all_runs() -> list[tuple[Experiment, tuple[str, ...]]]:
    """Return what is shipped, and what is left out of each."""
    tour = next(report for report in REPORTS if report.key == "r1")
    figures_only = [*more_seeds(), *grid_experiments(tour), *slow_descents()]
    return [
        *((claim_named(name).experiment(), without) for name, without in CLAIMS.items()),
        *((experiment, ()) for experiment in others()),
        *((experiment, LARGE) for experiment in figures_only),
    ]


def more_seeds() -> list[Experiment]:
    """Return the quick references with seeds beyond their first one."""
    claims = list(map(claim_named, MORE_SEEDS))
    firsts = [claim.experiment().train.seed for claim in claims]
    return [
        claim.experiment(seed=first + n)
        for n in range(1, SEEDS)
        for claim, first in zip(claims, firsts, strict=True)
    ]


def slow_descents() -> list[Experiment]:
    """Return two cells of the grid at the rate of the other optimizers, a tenth of SGD's own."""
    axes = {"activation": ("elu", "leaky_relu"), "optimizer": ("sgd",)}
    return SweepSpec(base=presets.load("r1-grid").experiment, axes=axes).experiments()


def others() -> list[Experiment]:
    """Return what is shipped besides: quick ones, and one that learns 2,000 images by heart."""
    small, one, two = (
        presets.load(name).experiment for name in ("small", "r2-1-layer", "r2-2-layer")
    )
    overfitted = replace(
        two,
        name="overfitted",
        data=replace(two.data, subset=2_000),
        train=replace(two.train, epochs=60, batch_size=64),
    )
    return [
        replace(small, train=replace(small.train, epochs=10)),
        _early(one, called="1_Layer", patience=10),
        _early(two, called="2_Layer", patience=8),
        overfitted,
    ]


def _early(known: Experiment, *, called: str, patience: int) -> Experiment:
    """Return an experiment that stops early, with its network under the report's name for it."""
    model = replace(known.model, name=called)
    return replace(known, model=model, train=replace(known.train, early_stopping=patience))


def main() -> None:
    """Train what is missing, one after the other, and ship what is there."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only-ship", action="store_true", help="train nothing")
    only_ship = parser.parse_args().only_ship
    take_back()
    if not only_ship:
        train()
    ship_all()


def take_back() -> None:
    """Copy what is shipped to where the others are trained, so that none is trained again."""
    for run_id in shipped_ids(SHIPPED):
        if not (STORE.root / run_id).exists():
            shutil.copytree(SHIPPED / run_id, STORE.root / run_id)


def train() -> None:
    """Train what is missing, one after the other."""
    asked = [experiment for experiment, _ in all_runs()]
    for experiment in missing(asked, STORE.summaries()):
        watch(launch(experiment, STORE))


def ship_all() -> None:
    """Ship the first run of each experiment that is there, and write the results."""
    rows = {  # newest first, so the oldest one stays
        (row.recipe, row.setting("seed")): row.run_id
        for row in STORE.summaries()
        if went_through(row)
    }
    shipped = dict[str, tuple[str, ...]]()
    for experiment, without in all_runs():
        if run_id := rows.get((recipe(experiment), experiment.train.seed)):
            shipped.setdefault(run_id, without)  # the best of a grid is a claim of its own
    for run_id, without in shipped.items():
        ship(STORE.get(run_id), SHIPPED, without=without)
    write_ignored(SHIPPED, {*shipped_ids(SHIPPED), *shipped})
    time_all([way for report in REPORTS for way in report.timed], STORE)
    (ROOT / "docs" / "results.md").write_text(reference_markdown(STORE), encoding="utf-8")


if __name__ == "__main__":
    main()
