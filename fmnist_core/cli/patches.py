"""Which images excite each filter of a convolution most."""

from __future__ import annotations

import argparse
from typing import Any

from fmnist_core.analysis.exciting import NUM_IMAGES, Exciting, convolutions, load_exciting
from fmnist_core.cli.derived import computed
from fmnist_core.cli.shared import RUN_HELP, add_command, show
from fmnist_core.data.files import load
from fmnist_core.derived.kinds import EXCITING
from fmnist_core.exceptions import FmnistError
from fmnist_core.labels import CLASS_NAMES
from fmnist_core.runs.run import Run
from fmnist_core.runs.store import RunStore

SHOWN = 3  # images of each filter in the table; JSON has all


def add(commands: Any) -> None:
    """Add `patches`."""
    command = add_command(
        commands, "patches", _patches, "list the images that excite each filter of a layer most"
    )
    command.add_argument("run_id", metavar="RUN", help=RUN_HELP)
    command.add_argument("--layer", help="a convolution (default: the first one)")


def _patches(args: argparse.Namespace) -> None:
    store = RunStore()
    run = store.get(args.run_id)
    layer = _layer(run, args.layer)
    computed(run, EXCITING, store)
    found, labels = load_exciting(run, store)[layer], load().labels
    rows = [_row(found, filter_, labels) for filter_ in range(len(found.image))]
    data = {"run_id": run.run_id, "layer": layer, "images": NUM_IMAGES, "filters": rows}
    head = f"{run.run_id}  {run.title}, layer {layer}, the first {NUM_IMAGES:,} training images"
    show(args, data, "\n".join([head, *map(_line, rows)]))


def _layer(run: Run, asked: str | None) -> str:
    """Return the layer that is asked for, or the first one.

    Raises:
        FmnistError: The network has no such convolution, or none.
    """
    names = [shape.name for shape in convolutions(run.experiment.model)]
    if not names:
        raise FmnistError(f"The network of run {run.run_id} has no convolution.")
    if asked is not None and asked not in names:
        raise FmnistError(
            f'The network of run {run.run_id} has no convolution "{asked[:60]}". It has '
            f"{', '.join(names)}."
        )
    return asked or names[0]


def _row(found: Exciting, filter_: int, labels: Any) -> dict[str, Any]:
    columns = found.image, found.row, found.column, found.value
    return {
        "filter": filter_,
        "active": int(found.active[filter_]),
        "class_mean": [round(float(mean), 4) for mean in found.class_mean[filter_]],
        "strongest": [
            {
                "image": image,
                "label": int(labels[image]),
                "row": row,
                "column": column,
                "value": round(value, 4),
            }
            for image, row, column, value in zip(
                *(column[filter_].tolist() for column in columns), strict=True
            )
        ],
    }


def _line(row: dict[str, Any]) -> str:
    if not row["active"]:
        return f"  filter {row['filter']:>3}  dead: 0 for each of them"
    best = ", ".join(
        f"{each['value']:.3g} image {each['image']} ({CLASS_NAMES[each['label']]})"
        for each in row["strongest"][:SHOWN]
    )
    return f"  filter {row['filter']:>3}  above 0 in {row['active']:>5,}: {best}"
