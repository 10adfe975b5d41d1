"""Whose fault each mistake of a run is, by stated rules."""

from __future__ import annotations

import argparse
from itertools import chain
from typing import Any

from fmnist_core.analysis.calibration import fit_temperature
from fmnist_core.analysis.companions import companions
from fmnist_core.analysis.fault_evidence import Surroundings, gather
from fmnist_core.analysis.fault_rules import KINDS, RULES
from fmnist_core.analysis.faults import (
    Fault,
    KindCount,
    count_kinds,
    looked_for,
    not_asked,
    of_kind,
    sort_mistakes,
)
from fmnist_core.analysis.features import load_features
from fmnist_core.analysis.predictions import Predictions, load_predictions
from fmnist_core.analysis.surroundings import surroundings
from fmnist_core.cli.predicted import (
    add_part,
    find,
    heading,
    image_count,
    optimistic,
    percent,
)
from fmnist_core.cli.shared import RUN_HELP, add_command, show
from fmnist_core.data.files import load
from fmnist_core.exceptions import DerivedError, StoreError
from fmnist_core.export.fault_list import fault_row, faults_csv
from fmnist_core.labels import CLASS_NAMES
from fmnist_core.runs.image_tags import read_tags
from fmnist_core.runs.run import Run
from fmnist_core.runs.selection import sort
from fmnist_core.runs.store import RunStore


def add(commands: Any) -> None:
    """Add `faults`."""
    command = add_command(
        commands, "faults", _faults, "sort a run's mistakes by whose fault they are"
    )
    command.add_argument("run_id", metavar="RUN", help=RUN_HELP)
    add_part(command)
    command.add_argument(
        "--runs",
        nargs="*",
        metavar="RUN",
        help="other runs to ask about these images; none after it: only the run itself "
        "(default: the best by validation accuracy that predicted the same images)",
    )
    command.add_argument("--kind", choices=KINDS, help="list images of this kind only")
    command.add_argument(
        "--limit",
        type=image_count,
        default=5,
        metavar="N",
        help="images of each kind at most (default: 5)",
    )
    command.add_argument(
        "--csv", action="store_true", help="print a CSV table of all mistakes, or of all of --kind"
    )


def _faults(args: argparse.Namespace) -> None:
    run, found = find(args.run_id, args.part)
    asked = {run.run_id: found} | _others(args, run, found)
    around, no_features = _around(run, found)
    temperatures = [_temperature(run_id) for run_id in asked]
    evidence = gather(list(asked.values()), temperatures, around)
    faults = sort_mistakes(evidence, read_tags(RunStore().root))
    chosen = [of_kind(faults, kind) for kind in KINDS if args.kind in (None, kind)]
    if args.csv:
        print(faults_csv(chain(*chosen)), end="")
        return
    counts = count_kinds(faults)
    listed = [fault for of_one in chosen for fault in of_one[: args.limit]]
    data = {
        "run_id": run.run_id,
        "part": found.part,
        "images": len(found),
        "test_used_for_validation": optimistic(run),
        "runs": list(asked),
        "features": around is not None,
        "wrong": len(faults),
        "rules": [{"kind": rule.kind, "applies_if": rule.words} for rule in RULES],
        "kinds": [_count_data(each) for each in counts],
        "mistakes": [fault_row(fault) for fault in listed],
    }
    lines = [
        heading(run, found),
        f"  {len(faults):,} wrong; asked about them: {', '.join(asked)}",
        *(f"  {note}" for note in not_asked(len(asked), no_features=no_features)),
        "",
        *(_count_line(each, features=around is not None) for each in counts),
        "",
        f"{len(listed):,} mistakes, {args.limit:,} at most of each kind, the clearest first",
        *map(_fault_line, listed),
    ]
    show(args, data, "\n".join(lines))


def _others(args: argparse.Namespace, run: Run, found: Predictions) -> dict[str, Predictions]:
    """Return what the other runs predicted: those that were named, else the best ones."""
    store = RunStore()
    if args.runs is not None:
        named = [store.get(name) for name in args.runs]
        return {other.run_id: load_predictions(other, args.part) for other in named}
    rows = [row.run_id for row in sort(store.summaries()) if row.result]
    candidates = [run_id for run_id in rows if run_id != run.run_id]
    return companions(found, candidates, lambda name: load_predictions(store.get(name), args.part))


def _around(run: Run, found: Predictions) -> tuple[list[Surroundings | None] | None, str]:
    """Return what lies near each mistake, or None and why that is not known."""
    try:
        return surroundings(found, load_features(run, RunStore()), load().labels), ""
    except (DerivedError, StoreError) as error:
        return None, str(error)


def _temperature(run_id: str) -> float:
    validation = load_predictions(RunStore().get(run_id), "validation")
    return fit_temperature(validation.y_true, validation.y_proba)


def _count_data(count: KindCount) -> dict[str, Any]:
    names = ("kind", "images", "of", "by_tag", "interval", "classes")
    return {name: getattr(count, name) for name in names}


def _count_line(count: KindCount, *, features: bool) -> str:
    if not looked_for(count, features=features):
        return f"  {KINDS[count.kind]:<14} not looked for"
    share = percent(count.images / count.of, count.interval)
    line = f"  {KINDS[count.kind]:<14} {count.images:>6,} of {count.of:,}  {share}"
    return line + (f"; {count.by_tag:,} by tag" if count.by_tag else "")


def _fault_line(fault: Fault) -> str:
    found = fault.evidence
    names = f"{CLASS_NAMES[found.true]:>11} → {CLASS_NAMES[found.predicted]:<11}"
    return f"  image {found.index:>5}  {names}  {fault.reason}"
