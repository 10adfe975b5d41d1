"""Maps of a run's test images: where each lies, and how far the map can be trusted."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from fmnist_core.analysis.embedding import KIND_OF, METHODS, Embedding, load_embedding
from fmnist_core.analysis.map_agreement import NEIGHBOURS, ClassAgreement, by_class
from fmnist_core.analysis.predictions import load_predictions
from fmnist_core.cli.derived import computed
from fmnist_core.cli.shared import RUN_HELP, add_command, show
from fmnist_core.data.files import load
from fmnist_core.exceptions import StoreError
from fmnist_core.export.files import write_file
from fmnist_core.export.map_list import map_csv, map_rows
from fmnist_core.format import count
from fmnist_core.format import percent as share
from fmnist_core.labels import CLASS_NAMES
from fmnist_core.runs.run import Run
from fmnist_core.runs.store import RunStore


def add(commands: Any) -> None:
    """Add `embedding`."""
    command = add_command(
        commands, "embedding", _embedding, "lay out a run's test images on a map, alike ones close"
    )
    command.add_argument("run_id", metavar="RUN", help=RUN_HELP)
    command.add_argument(
        "--method", choices=METHODS, default="tsne", help="how (default: %(default)s)"
    )
    command.add_argument(
        "--csv", metavar="FILE", type=Path, help="write where each image lies, as a table"
    )


def _embedding(args: argparse.Namespace) -> None:
    store, method = RunStore(), args.method
    run = store.get(args.run_id)
    kind = KIND_OF[method]
    computed(run, kind, store)
    found, labels = load_embedding(run, kind, store), load().labels
    rows = list(map_rows(found, method, labels, _predicted(run)))
    classes = by_class(found.same, labels[found.index])
    data = {
        "run_id": run.run_id,
        "method": method,
        **vars(found.source),
        "images": len(rows),
        "neighbours": NEIGHBOURS,
        "kept": float(found.maps[method].kept.mean()),
        "same_class": float(found.same.mean()),
        "classes": [vars(each) for each in classes],
        "points": rows,
    }
    lines = [
        f"{run.run_id}  {run.title}, {count(len(rows), 'test image')} by {METHODS[method]}",
        *_agreement(found, method),
        "",
        f"share of the {NEIGHBOURS} nearest that are of the same class",
        *map(_class_line, classes),
    ]
    if args.csv:
        write_file(args.csv, map_csv(rows).encode())
        data["csv"] = str(args.csv)
        lines += ["", f"{args.csv}: {count(len(rows), 'image')}"]
    show(args, data, "\n".join(lines))


def _predicted(run: Run) -> dict[int, int]:
    """Return what the run took its test images for, by index; nothing before it has ended."""
    try:
        known = load_predictions(run, "test")
    except StoreError:
        return {}
    return dict(zip(known.index.tolist(), known.y_pred.tolist(), strict=True))


def _agreement(found: Embedding, method: str) -> list[str]:
    source = found.source
    return [
        f"  of an image's {NEIGHBOURS} nearest by what layer {source.layer} reads "
        f"({count(source.size, 'number')}),",
        f"  {found.maps[method].kept.mean():.2f} are also among its {NEIGHBOURS} nearest on the "
        f"map, and {found.same.mean():.2f} are of its class",
        *([f"  left out: {count(source.silent, 'image')}"] if source.silent else []),
    ]


def _class_line(each: ClassAgreement) -> str:
    return f"  {CLASS_NAMES[each.label]:<11} {each.images:>6,}  {share(each.same, 1):>8}"
