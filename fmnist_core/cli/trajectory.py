"""How the prediction of an image moved from epoch to epoch."""

from __future__ import annotations

import argparse
from typing import Any

from fmnist_core.analysis.trajectories import Trajectory, load_trajectories
from fmnist_core.cli.shared import RUN_HELP, add_command, show
from fmnist_core.exceptions import FmnistError
from fmnist_core.labels import CLASS_NAMES
from fmnist_core.runs.store import RunStore


def add(commands: Any) -> None:
    """Add `trajectory`."""
    command = add_command(
        commands, "trajectory", _trajectory, "tell what each epoch made of a validation image"
    )
    command.add_argument("run_id", metavar="RUN", help=RUN_HELP)
    command.add_argument("image", type=int, metavar="IMAGE", help="0 to 69999")


def _trajectory(args: argparse.Namespace) -> None:
    run = RunStore().get(args.run_id)
    found = load_trajectories(run).of(args.image)
    if found is None:
        raise FmnistError(
            f"Image {args.image} is no validation image of run {run.run_id}. "
            f'"fmnist errors {run.run_id}" lists some that are.'
        )
    data = {
        "run_id": run.run_id,
        "image": args.image,
        "label": found.label,
        "right": found.right,
        "last_change": found.last_change,
        "epochs": [_epoch(found, place) for place in range(len(found.epochs))],
    }
    lines = [
        f"{run.run_id}  {run.title}, image {args.image}: {CLASS_NAMES[found.label]}",
        f"taken for it after {found.right} of {len(found.epochs)} epochs",
        *(_line(each, found.label) for each in data["epochs"]),
    ]
    show(args, data, "\n".join(lines))


def _epoch(found: Trajectory, place: int) -> dict[str, Any]:
    taken = int(found.y_pred[place])
    return {
        "epoch": int(found.epochs[place]),
        "predicted": taken,
        "confidence": round(float(found.y_proba[place, taken]), 3),
        "of_true": round(float(found.y_proba[place, found.label]), 3),
    }


def _line(epoch: dict[str, Any], label: int) -> str:
    text = f"  {epoch['epoch']:>4}  {CLASS_NAMES[epoch['predicted']]:<12} "
    text += f"{100 * epoch['confidence']:>3.0f} %"
    if epoch["predicted"] != label:
        text += f", {CLASS_NAMES[label]} {100 * epoch['of_true']:.0f} %"
    return text
