"""The data set itself: its classes and pixels, one image, and what is computed of it once."""

from __future__ import annotations

import argparse
from typing import Any

import numpy as np

from fmnist_core.analysis.class_images import class_images, facing_left, typicality
from fmnist_core.analysis.pixel_values import pixel_histogram, summary_of
from fmnist_core.analysis.twins import (
    load_twins,
    nearest_in_other_file,
    squared_lengths,
    twin_counts,
)
from fmnist_core.cli import pixel_map, set_up, suspects, votes
from fmnist_core.cli.derived import computed
from fmnist_core.cli.image_tags import image_index
from fmnist_core.cli.predicted import class_label, image_count
from fmnist_core.cli.shared import add_command, show
from fmnist_core.data.augmentation_notes import SHOES
from fmnist_core.data.files import load
from fmnist_core.data.parts import PARTS, class_counts, file_of, part_indices
from fmnist_core.derived.kinds import DATA_KINDS, TWINS
from fmnist_core.derived.results import cancel
from fmnist_core.derived.subject import DATA_SET
from fmnist_core.format import percent
from fmnist_core.labels import CLASS_NAMES
from fmnist_core.runs.image_tags import check_index
from fmnist_core.runs.store import RunStore
from fmnist_core.specs import DataSpec

_NEAREST = 5


def add(commands: Any) -> None:
    """Add `data` with commands of its own."""
    parser = commands.add_parser("data", help="look at the data set", description=__doc__)
    own = parser.add_subparsers(required=True, metavar="WHAT")
    add_command(own, "summary", _summary, "count images and sum up pixels, part by part")
    image = add_command(own, "image", _image, "show one image: its numbers, and its twins")
    image.add_argument("index", type=image_index, metavar="INDEX", help="of the image, 0 to 69999")
    typical = add_command(
        own, "typical", _typical, "list a class by distance to its mean, most unusual first"
    )
    typical.add_argument("label", type=class_label, metavar="CLASS", help="by name or number")
    typical.add_argument("--most", action="store_true", help="the most typical ones first")
    typical.add_argument("--limit", type=image_count, default=10, metavar="N", help="how many; 10")
    twins = add_command(own, "twins", _twins, "count test images with a twin in the training file")
    twins.add_argument("--limit", type=image_count, default=10, metavar="N", help="pairs; 10")
    pixel_map.add(own)
    set_up.add(own)
    suspects.add(own)
    votes.add(own)
    later = add_command(own, "compute", _compute, "compute what takes a while, once")
    what = "; ".join(f"{kind.name}: {kind.title}" for kind in DATA_KINDS.values())
    later.add_argument("kind", metavar="WHAT", choices=DATA_KINDS, help=what)
    later.add_argument("--cancel", action="store_true", help="call it off instead")


def _summary(args: argparse.Namespace) -> None:
    data, spec = load(), DataSpec()
    parts, lines = {}, []
    for part, name in PARTS.items():
        index = part_indices(part, data.labels, spec)
        found = summary_of(pixel_histogram(data.images[index]))
        counts = class_counts(data.labels[index]).tolist()
        parts[part] = {**vars(found), "classes": counts}
        lines.append(
            f"  {name:<14} {found.images:>6,} images  pixels {found.minimum} to {found.maximum}, "
            f"mean {found.mean:.4f}, standard deviation {found.std:.4f}, "
            f"{percent(found.black, 1)} black"
        )
    mean = class_images(data.x_train, data.y_train).mean
    facing = {
        CLASS_NAMES[label]: float(
            facing_left(data.x_train[data.y_train == label], mean[label]).mean()
        )
        for label in SHOES
    }
    said = ", ".join(f"{name} {percent(share, 1)}" for name, share in facing.items())
    lines += ["", f"  shoes of the training file that point to the left: {said}"]
    show(args, {"parts": parts, "facing_left": facing}, "\n".join(lines))


def _image(args: argparse.Namespace) -> None:
    data, image = load(), check_index(args.index)
    pixels, label = data.images[image], int(data.labels[image])
    mean = class_images(data.x_train, data.y_train).mean
    found = typicality(data.images, data.labels, mean)
    index, distance = nearest_in_other_file(
        data.images, image, _NEAREST, lengths=squared_lengths(data.images)
    )
    twins: list[dict[str, Any]] = [
        {"index": each, "label": int(data.labels[each]), "distance": round(apart, 4)}
        for each, apart in zip(index.tolist(), distance.tolist(), strict=True)
    ]
    answer = {
        "index": image,
        "label": label,
        "distance": float(found.distance[image]),
        "share_as_far": float(found.share[image]),
        "twins": twins,
        "pixels": pixels.tolist(),
    }
    lines = [
        *(" ".join(f"{value:>3}" for value in row) for row in pixels.tolist()),
        "",
        f"Image {image}, {CLASS_NAMES[label]}, {file_of(image)}: {found.distance[image]:.2f} from "
        f"the mean of its class; {percent(float(found.share[image]), 1)} of the class in its file "
        "are as far or farther",
        *(
            f"  image {each['index']:>5}  {CLASS_NAMES[each['label']]:>11}  {each['distance']:.2f}"
            for each in twins
        ),
    ]
    show(args, answer, "\n".join(lines))


def _typical(args: argparse.Namespace) -> None:
    data = load()
    mean = class_images(data.x_train, data.y_train).mean
    distance = typicality(data.images, data.labels, mean).distance
    index = np.flatnonzero(data.y_train == args.label)
    order = np.argsort(distance[index] if args.most else -distance[index], kind="stable")
    rows = [
        {"index": int(each), "distance": round(float(distance[each]), 4)}
        for each in index[order[: args.limit]]
    ]
    lines = [
        f"{CLASS_NAMES[args.label]}, {len(index):,} images of the training file by their distance "
        "to its mean image",
        *(f"  image {row['index']:>5}  {row['distance']:.2f}" for row in rows),
    ]
    show(args, {"label": args.label, "images": rows}, "\n".join(lines))


def _twins(args: argparse.Namespace) -> None:
    store, data = RunStore(), load()
    computed(DATA_SET, TWINS, store)
    found = load_twins(store)
    counts = twin_counts(found, data.labels)
    order = np.argsort(found.squared, kind="stable")[: args.limit]
    pairs: list[dict[str, Any]] = [
        {
            "test_image": 60_000 + int(place),
            "label": int(data.y_test[place]),
            "training_image": int(found.index[place]),
            "its_label": int(data.labels[found.index[place]]),
            "distance": round(float(found.distance[place]), 4),
        }
        for place in order
    ]
    lines = [
        "test images with a training image nearer than this (Euclidean, pixels 0 to 1)",
        *(
            f"  {row.nearer_than:.1f}  {row.images:>5,} of 10,000, {row.conflicts:,} of them with "
            "another label"
            for row in counts
        ),
        "",
        *(
            f"  image {pair['test_image']} {CLASS_NAMES[pair['label']]:>11}   image "
            f"{pair['training_image']:>5} {CLASS_NAMES[pair['its_label']]:>11}  "
            f"{pair['distance']:.2f}"
            for pair in pairs
        ),
    ]
    answer = {"counts": [vars(row) for row in counts], "pairs": pairs}
    show(args, answer, "\n".join(lines))


def _compute(args: argparse.Namespace) -> None:
    store, kind = RunStore(), DATA_KINDS[args.kind]
    if args.cancel:
        cancel(DATA_SET, kind, store)
        show(args, {"kind": kind.name}, "Nothing of that kind is being computed any more.")
        return
    folder = computed(DATA_SET, kind, store)
    show(args, {"kind": kind.name, "folder": str(folder)}, f"{folder} holds {kind.title}.")
