"""Labels of the data set that are doubted: `data suspects`."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from fmnist_core.analysis.suspects import load_suspects
from fmnist_core.cli.derived import computed
from fmnist_core.cli.predicted import class_label, image_count
from fmnist_core.cli.shared import add_command, show
from fmnist_core.data.files import load
from fmnist_core.derived.kinds import SUSPECTS
from fmnist_core.derived.subject import DATA_SET
from fmnist_core.export.data_table import table_csv
from fmnist_core.export.files import write_file
from fmnist_core.format import percent
from fmnist_core.labels import CLASS_NAMES
from fmnist_core.runs.store import RunStore


def add(commands: Any) -> None:
    """Add `suspects` to the commands of `data`."""
    command = add_command(
        commands, "suspects", _suspects, "list labels that are worth a look, most doubtful first"
    )
    command.add_argument(
        "--class", dest="label", type=class_label, metavar="CLASS", help="only of this class"
    )
    command.add_argument("--limit", type=image_count, default=10, metavar="N", help="how many; 10")
    command.add_argument("--csv", metavar="FILE", type=Path, help="write all of them as a table")


def _suspects(args: argparse.Namespace) -> None:
    store = RunStore()
    computed(DATA_SET, SUSPECTS, store)
    found, labels = load_suspects(store), load().labels
    order = found.order
    if args.label is not None:
        order = order[labels[order] == args.label]
    rows = [
        {
            "index": image,
            "label": int(labels[image]),
            "suggested": int(found.suggested[image]),
            "probability": round(float(found.proba[image].max()), 4),
            "quality": round(float(found.quality[image]), 4),
        }
        for image in order.tolist()
    ]
    listed = rows[: args.limit]
    lines = [
        f"{len(rows):,} of {len(labels):,} labels are worth a look; candidates, not mistakes",
        *(
            f"  image {row['index']:>5}  {CLASS_NAMES[row['label']]:>11} → "
            f"{CLASS_NAMES[row['suggested']]:<11} {percent(row['probability'], 1)}"
            for row in listed
        ),
    ]
    answer: dict[str, Any] = {"candidates": len(rows), "images": listed}
    if args.csv:
        columns: dict[str, list[Any]] = {
            key: [row[key] for row in rows] for key in ("index", "probability", "quality")
        }
        columns |= {key: [CLASS_NAMES[row[key]] for row in rows] for key in ("label", "suggested")}
        write_file(args.csv, table_csv(columns).encode())
        answer["csv"] = str(args.csv)
        lines.append(f"{args.csv}: {len(rows):,} images")
    show(args, answer, "\n".join(lines))
