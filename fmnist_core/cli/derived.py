"""What is computed later, once a run; and what follows from it: nearest training images."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from fmnist_core.analysis.features import load_features
from fmnist_core.analysis.neighbours import (
    NOTHING,
    Neighbours,
    in_words,
    nearest_many,
    source,
    used_as,
)
from fmnist_core.cli.image_tags import image_index
from fmnist_core.cli.shared import RUN_HELP, add_command, show
from fmnist_core.data.files import load
from fmnist_core.data.splits import Split, split_indices
from fmnist_core.derived.kinds import FEATURES, KINDS, Kind
from fmnist_core.derived.results import DerivedState, cancel, command, compute
from fmnist_core.derived.subject import Subject
from fmnist_core.labels import CLASS_NAMES
from fmnist_core.runs.image_tags import check_index
from fmnist_core.runs.store import RunStore

MAX_NEIGHBOURS = 1_000


def add(commands: Any) -> None:
    """Add `compute` and `neighbours`."""
    help_text = "compute what belongs to a run but takes a while, once, in the background"
    later = add_command(commands, "compute", _compute, help_text)
    later.add_argument("run_id", metavar="RUN", help=RUN_HELP)
    what = "; ".join(f"{kind.name}: {kind.title}" for kind in KINDS.values())
    later.add_argument("kind", metavar="WHAT", choices=KINDS, help=what)
    later.add_argument("--cancel", action="store_true", help="call it off instead")
    nearest = add_command(
        commands, "neighbours", _neighbours, "list the training images nearest to an image"
    )
    nearest.add_argument("run_id", metavar="RUN", help=RUN_HELP)
    nearest.add_argument("image", type=image_index, metavar="IMAGE", help="its number, 0 to 69999")
    nearest.add_argument(
        "--limit", type=_limit, default=8, metavar="N", help="how many (default: %(default)s)"
    )


def _limit(text: str) -> int:
    if not text.isdecimal() or len(text) > 6 or not 1 <= int(text) <= MAX_NEIGHBOURS:
        raise argparse.ArgumentTypeError(f'"{text[:40]}" is not in 1 to {MAX_NEIGHBOURS:,}')
    return int(text)


def _compute(args: argparse.Namespace) -> None:
    store = RunStore()
    run, kind = store.get(args.run_id), KINDS[args.kind]
    answer = {"run_id": run.run_id, "kind": kind.name}
    if args.cancel:
        cancel(run, kind, store)
        show(args, answer, f"Nothing of that kind is being computed for {run.run_id}.")
        return
    folder = computed(run, kind, store)
    show(args, {**answer, "folder": str(folder)}, f"{folder} holds {kind.title}.")


def computed(run: Subject, kind: Kind, store: RunStore) -> Path:
    """Return the folder of a result, with a progress bar where it has to be computed first.

    Raises:
        StoreError: The run has no weights yet, or the store cannot be written.
        DerivedError: It could not be computed, or was called off.
    """
    try:
        with _bar(kind) as on_tick:
            return compute(run, kind, store, on_tick=on_tick)
    except KeyboardInterrupt:
        print(
            f"\nIt is computed on. To end it: fmnist {command(run, kind)} --cancel",
            file=sys.stderr,
        )
        raise


@contextmanager
def _bar(kind: Kind) -> Iterator[Callable[[DerivedState], None]]:
    """Show a progress bar on standard error, once there is something to wait for."""
    from rich.console import Console
    from rich.progress import Progress, TaskID

    tasks: list[TaskID] = []
    bar = Progress(console=Console(stderr=True))

    def on_tick(state: DerivedState) -> None:
        if not tasks:
            bar.start()
            tasks.append(bar.add_task(kind.name, total=None))
        bar.update(tasks[0], completed=state.done, total=state.total or None)

    try:
        yield on_tick
    finally:
        bar.stop()


def _neighbours(args: argparse.Namespace) -> None:
    store, image = RunStore(), check_index(args.image)
    run = store.get(args.run_id)
    computed(run, FEATURES, store)
    features, labels = load_features(run, store), load().labels
    found = nearest_many(features, np.array([image]), labels, k=args.limit)
    rows = neighbour_rows(found, split_indices(labels, run.experiment.data))
    label = int(labels[image])
    data = {
        "run_id": run.run_id,
        "image": image,
        "label": label,
        "layer": features.layer,
        "numbers": features.size,
        "projected": features.projected,
        "neighbours": rows,
    }
    lines = [
        f"{run.run_id}  {run.title}, image {image} of class {CLASS_NAMES[label]}",
        f"  {in_words(found.label[0], label)}",
        f"  {source(features)}",
        "",
        *map(_line, rows),
    ]
    show(args, data, "\n".join(lines).rstrip())


def neighbour_rows(found: Neighbours, split: Split) -> list[dict[str, Any]]:
    """List the neighbours of the first image for JSON, nearest first."""
    there = found.index[0] != NOTHING
    columns = found.index[0], found.similarity[0], found.label[0], used_as(found.index[0], split)
    return [
        {"index": index, "similarity": round(similarity, 4), "label": label, "used_as": use}
        for index, similarity, label, use in zip(
            *(column[there].tolist() for column in columns), strict=True
        )
    ]


def _line(row: dict[str, Any]) -> str:
    use = row["used_as"] or "not used"
    return (
        f"  image {row['index']:>5}  {CLASS_NAMES[row['label']]:>11}  "
        f"similarity {row['similarity']:.3f}  {use}"
    )
