"""What data settings make of the images: `data set-up` and `data augment`."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from fmnist_core.cli.image_tags import image_index
from fmnist_core.cli.settings import add_part, given_settings
from fmnist_core.cli.shared import RUN_HELP, add_command, show
from fmnist_core.data.augmentation import preview
from fmnist_core.data.augmentation_notes import notes
from fmnist_core.data.files import load
from fmnist_core.data.label_noise import noisy_labels, read_noise
from fmnist_core.data.parts import class_counts
from fmnist_core.data.splits import split_indices
from fmnist_core.export.files import write_file
from fmnist_core.export.png import enlarged, png
from fmnist_core.labels import CLASS_NAMES
from fmnist_core.runs.image_tags import check_index
from fmnist_core.runs.store import RunStore
from fmnist_core.specs import AugmentSpec, DataSpec

DRAWS = 24
_COLUMNS = 5


def add(commands: Any) -> None:
    """Add `set-up`, `noise` and `augment` to the commands of `data`."""
    set_up = add_command(
        commands, "set-up", _set_up, "count what data settings make of the images, class by class"
    )
    add_part(set_up, "data")
    noise = add_command(commands, "noise", _noise, "list the wrong labels that a run trained on")
    noise.add_argument("run_id", metavar="RUN", help=RUN_HELP)
    augment = add_command(
        commands, "augment", _augment, "write an image before and under 24 draws, and what to mind"
    )
    augment.add_argument("index", type=image_index, metavar="INDEX", help="of the image")
    augment.add_argument("--png", metavar="FILE", type=Path, help="where the pictures go")
    augment.add_argument(
        "--draw", type=int, default=0, metavar="N", help="another one, other draws"
    )
    add_part(augment, "augment")


def _set_up(args: argparse.Namespace) -> None:
    spec, labels = DataSpec(**given_settings(args, "data")), load().labels
    split = split_indices(labels, spec)
    noisy = noisy_labels(labels, split.train, spec)
    wrong = noisy[split.train] != labels[split.train]
    counts = {
        "training": class_counts(labels[split.train]),
        "validation": class_counts(labels[split.validation]),
        "test": class_counts(labels[split.test]),
        "labelled": class_counts(noisy[split.train]),
        "wrong": class_counts(noisy[split.train][wrong]),
    }
    lines = [
        f"{len(split.train):,} training, {len(split.validation):,} validation and "
        f"{len(split.test):,} test images, {int(wrong.sum()):,} wrong labels",
        "  class       " + "".join(f"{name:>12}" for name in counts),
        *(
            f"  {name:<12}" + "".join(f"{found[label]:>12,}" for found in counts.values())
            for label, name in enumerate(CLASS_NAMES)
        ),
    ]
    answer = {"data": asdict(spec), **{name: found.tolist() for name, found in counts.items()}}
    show(args, answer, "\n".join(lines))


def _noise(args: argparse.Namespace) -> None:
    run, labels = RunStore().get(args.run_id), load().labels
    known = run.experiment.data.label_noise > 0
    index, given = read_noise(run.folder) if known else (np.empty(0, int), np.empty(0, int))
    rows = [
        {"index": image, "label": int(labels[image]), "given": label}
        for image, label in zip(index.tolist(), given.tolist(), strict=True)
    ]
    lines = [
        f"{run.run_id}  {run.title}: {len(rows):,} wrong labels among its training images",
        *(
            f"  image {row['index']:>5}  {CLASS_NAMES[row['label']]:>11} → "
            f"{CLASS_NAMES[row['given']]}"
            for row in rows
        ),
    ]
    show(args, {"run_id": run.run_id, "wrong_labels": rows}, "\n".join(lines))


def _augment(args: argparse.Namespace) -> None:
    spec, data = AugmentSpec(**given_settings(args, "augment")), load()
    image = check_index(args.index)
    found = notes(spec, int(data.labels[image]))
    answer: dict[str, Any] = {"image": image, "notes": [vars(note) for note in found]}
    lines = [f"{note.kind}: {note.text}" for note in found]
    if args.png:
        write_file(args.png, _sheet(data.images[[image, *range(3)]], spec, abs(args.draw)))
        answer["png"] = str(args.png)
        lines.append(f"{args.png}: the image, and {DRAWS} draws")
    show(args, answer, "\n".join(lines) or "There is nothing to mind.")


def _sheet(images: np.ndarray, spec: AugmentSpec, seed: int) -> bytes:
    """Return the first image and its draws as a PNG, five in a row."""
    drawn = preview(images, spec, seed, DRAWS)[0]
    tiles = np.concatenate([images[:1], drawn])
    rows = tiles.reshape(-1, _COLUMNS, *tiles.shape[1:]).swapaxes(1, 2)
    sheet = rows.reshape(rows.shape[0] * tiles.shape[1], -1)
    return png(enlarged(sheet, 4))
