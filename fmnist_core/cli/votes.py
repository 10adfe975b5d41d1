"""What people take the test images for: `data votes`."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import numpy as np

from fmnist_core.analysis.human_votes import (
    MAX_BYTES,
    keep_votes,
    load_votes,
    read_csv,
    votes_by_class,
)
from fmnist_core.cli.predicted import image_count
from fmnist_core.cli.shared import add_command, show
from fmnist_core.data.files import load
from fmnist_core.exceptions import DataError
from fmnist_core.format import percent
from fmnist_core.labels import CLASS_NAMES
from fmnist_core.runs.store import RunStore
from fmnist_core.specs.data import NUM_TRAIN_FILE


def add(commands: Any) -> None:
    """Add `votes` to the commands of `data`."""
    command = add_command(
        commands, "votes", _votes, "say what people take the test images for, most divided first"
    )
    command.add_argument(
        "--from", dest="source", metavar="FILE", type=Path, help="keep fmh_counts.csv first"
    )
    command.add_argument("--limit", type=image_count, default=10, metavar="N", help="images; 10")


def _votes(args: argparse.Namespace) -> None:
    root, labels = RunStore().root, load().y_test
    if args.source is not None:
        keep_votes(root, read_csv(_read(args.source)))
    found = load_votes(root)
    if found is None:
        raise DataError(
            "Nobody has brought the votes of people yet: take fmh_counts.csv of Fashion-MNIST-H, "
            'and run "fmnist data votes --from fmh_counts.csv".'
        )
    rows = votes_by_class(found, labels)
    right = sum(row.right for row in rows)
    agreement, disagreement = found.agreement(labels), found.disagreement
    order = np.argsort(-disagreement, kind="stable")[: args.limit]
    images = [
        {
            "index": NUM_TRAIN_FILE + place,
            "label": int(labels[place]),
            "votes": found.counts[place].tolist(),
            "agreement": round(float(agreement[place]), 4),
            "disagreement": round(float(disagreement[place]), 4),
        }
        for place in order.tolist()
    ]
    lines = [
        f"most people say the label of {right:,} of {len(labels):,} test images, "
        f"{percent(right / len(labels), 1)}",
        *(
            f"  {CLASS_NAMES[row.label]:<11} {percent(row.right / row.images, 1):>7}, share of the "
            f"votes {percent(row.agreement, 1):>7}"
            for row in rows
        ),
        "",
        *(
            f"  image {image['index']}  {CLASS_NAMES[image['label']]:>11}  "
            f"{percent(image['agreement'], 0)} for the label, {image['disagreement']:.2f} bits"
            for image in images
        ),
    ]
    show(args, {"classes": [vars(row) for row in rows], "images": images}, "\n".join(lines))


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError as error:
        raise DataError(
            f"{path} cannot be read: {error.strerror}. Name fmh_counts.csv of Fashion-MNIST-H."
        ) from error
