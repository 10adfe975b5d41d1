"""Maps of a sample of images by their pixels alone: `data map`."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from fmnist_core.analysis.embedding import METHODS, PIXEL_KIND_OF, load_embedding
from fmnist_core.analysis.map_agreement import NEIGHBOURS, by_class
from fmnist_core.cli.derived import computed
from fmnist_core.cli.shared import add_command, show
from fmnist_core.data.files import load
from fmnist_core.derived.subject import DATA_SET
from fmnist_core.export.files import write_file
from fmnist_core.export.map_list import map_csv, map_rows
from fmnist_core.format import percent
from fmnist_core.labels import CLASS_NAMES
from fmnist_core.runs.store import RunStore


def add(commands: Any) -> None:
    """Add `map` to the commands of `data`."""
    command = add_command(
        commands, "map", _map, "lay out a sample of images by their pixels, alike ones close"
    )
    command.add_argument(
        "--method", choices=METHODS, default="pca", help="how (default: %(default)s)"
    )
    command.add_argument(
        "--csv", metavar="FILE", type=Path, help="write where each image lies, as a table"
    )


def _map(args: argparse.Namespace) -> None:
    store, method = RunStore(), args.method
    kind = PIXEL_KIND_OF[method]
    computed(DATA_SET, kind, store)
    found, labels = load_embedding(DATA_SET, kind, store), load().labels
    rows = list(map_rows(found, method, labels, {}))
    classes = by_class(found.same, labels[found.index])
    data = {
        "method": method,
        "images": len(rows),
        "neighbours": NEIGHBOURS,
        "kept": float(found.maps[method].kept.mean()),
        "same_class": float(found.same.mean()),
        "explained": found.source.explained,
        "points": rows,
    }
    lines = [
        f"{len(rows):,} images of the training file by {METHODS[method]} of their pixels",
        f"  of an image's {NEIGHBOURS} nearest by all pixels, {data['kept']:.2f} are also among "
        f"its {NEIGHBOURS} nearest on the map, and {data['same_class']:.2f} are of its class",
        *(
            f"  {CLASS_NAMES[each.label]:<11} {percent(each.same, 1):>8} of them"
            for each in classes
        ),
    ]
    if args.csv:
        write_file(args.csv, map_csv(rows).encode())
        data["csv"] = str(args.csv)
        lines.append(f"{args.csv}: {len(rows):,} images")
    show(args, data, "\n".join(lines))
