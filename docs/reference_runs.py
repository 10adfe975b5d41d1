"""Trains the runs that come with the app, and copies them to saved_runs: `make references`.

What is trained lies in `.references/`, beside copies of what is shipped already, so that a second
call goes on where the first one ended. It writes `docs/results.md` too, from all runs that are
there. Some hours on two cores;
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
from fmnist_core.reference.measured import went_through
from fmnist_core.reference.shipping import ship, shipped_ids, write_ignored
from fmnist_core.reference.timing import time_all
from fmnist_core.runs.store import RunStore
from fmnist_core.runs.summary import recipe
from fmnist_core.specs import Experiment

ROOT = Path(__file__).resolve().parents[1]
STORE = RunStore(ROOT / ".references")
SHIPPED = ROOT / "saved_runs"
# Those that can be looked at epoch by epoch; the others are shipped without their moments.
WHOLE = (
    *("r4-baseline", "r4-better"),
    *("r1-linear-cnn", "r1-linear-max-pool", "r1-linear-average-pool", "r1-fan-out"),
    *("r2-1-layer", "r2-2-layer", "r2-3-layer"),
    "r0-lenet",
)
SLIM = (
    *("r1-mlp-1", "r1-mlp-2", "r1-mlp-3"),
    *("r1-linear-cnn-batch-32", "r1-linear-cnn-batch-64"),
    *("r1-batch-norm", "r1-batch-norm-deep", "r1-augmented", "r1-dropout"),
    *("r1-grid", "r1-l1", "r1-l2", "r1-l1-l2", "r1-mastery", "r1-fan-in"),
    *("r2-1-layer-resplit", "r2-2-layer-resplit", "r2-3-layer-resplit"),
)
# Its weights alone would take a quarter of the room that all runs have.
WITHOUT_MODEL = ("r3-vgg-short",)


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
    claims = [claim_named(name).experiment() for name in (*WHOLE, *SLIM, *WITHOUT_MODEL)]
    for experiment in missing([*claims, *others()], STORE.summaries()):
        watch(launch(experiment, STORE))


def ship_all() -> None:
    """Ship the first run of each recipe that is there, and write the results."""
    slim, whole, without_model = map(recipes, (SLIM, WHOLE, WITHOUT_MODEL))
    known = {*slim, *whole, *without_model, *map(recipe, others())}
    rows = [row for row in STORE.summaries() if went_through(row) and row.recipe in known]
    chosen = {row.recipe: row.run_id for row in rows}  # newest first, so the oldest one stays
    for key, run_id in chosen.items():
        run = STORE.get(run_id)
        ship(run, SHIPPED, moments=key not in slim, model=key not in without_model)
    write_ignored(SHIPPED, {*shipped_ids(SHIPPED), *chosen.values()})
    time_all([way for report in REPORTS for way in report.timed], STORE)
    (ROOT / "docs" / "results.md").write_text(reference_markdown(STORE), encoding="utf-8")


def recipes(names: tuple[str, ...]) -> set[str]:
    """Return the recipes of the claims of these names."""
    return {recipe(claim_named(name).experiment()) for name in names}


if __name__ == "__main__":
    main()
