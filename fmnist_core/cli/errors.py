"""What a run gets wrong: commonest confusions, figures by class, and the images."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from fmnist_core.analysis.class_scores import ClassScore, class_scores
from fmnist_core.analysis.confusion import Confusion, top_confusions
from fmnist_core.analysis.intervals import wilson_interval
from fmnist_core.analysis.metrics import confusion
from fmnist_core.analysis.mistakes import SORTS, select, sort
from fmnist_core.analysis.predictions import Predictions
from fmnist_core.analysis.slices import Slice, slices
from fmnist_core.cli.predicted import (
    add_part,
    class_label,
    find,
    heading,
    image_count,
    optimistic,
    percent,
)
from fmnist_core.cli.shared import RUN_HELP, add_command, show
from fmnist_core.data.files import load
from fmnist_core.export.files import write_file
from fmnist_core.export.image_zip import images_zip
from fmnist_core.labels import CLASS_NAMES, NUM_CLASSES
from fmnist_core.runs.image_tags import read_tags
from fmnist_core.runs.run import Run
from fmnist_core.runs.store import RunStore

TOP = 5  # confusions listed


def add(commands: Any) -> None:
    """Add `errors`."""
    command = add_command(commands, "errors", _errors, "list what a run gets wrong")
    command.add_argument("run_id", metavar="RUN", help=RUN_HELP)
    add_part(command)
    for name, what in (("true", "images of this class"), ("predicted", "those taken for this one")):
        command.add_argument(
            f"--{name}", type=class_label, metavar="CLASS", help=f"only {what}, by name or number"
        )
    command.add_argument(
        "--tag",
        action="append",
        default=[],
        metavar="WORD",
        help="only images with this tag, and how good the run is on them; several: with any",
    )
    command.add_argument(
        "--sort", choices=SORTS, default=next(iter(SORTS)), help="order (default: %(default)s)"
    )
    command.add_argument(
        "--limit",
        type=image_count,
        default=10,
        metavar="N",
        help="images listed at most (default: 10)",
    )
    command.add_argument(
        "--zip", metavar="FILE", type=Path, help="write all of them as PNG files with a table"
    )


def _errors(args: argparse.Namespace) -> None:
    run, found = find(args.run_id, args.part)
    top = top_confusions(confusion(found.y_true, found.y_pred), TOP)
    scores = class_scores(found.y_true, found.y_pred, num_classes=NUM_CLASSES)
    tagged = _tagged(args.tag)
    among = np.concatenate(list(tagged.values())) if tagged else None
    chosen = select(found, true=args.true, predicted=args.predicted, among=among)
    parts = slices(found, tagged)
    in_order = sort(found, chosen, args.sort)
    images = _images(found.take(in_order[: args.limit]))
    data = {
        "run_id": run.run_id,
        "part": found.part,
        "images": len(found),
        "test_used_for_validation": optimistic(run),
        "confusions": [each._asdict() for each in top],
        "classes": [each._asdict() for each in scores],
        "slices": [_slice_data(each) for each in parts],
        "wrong": int(found.wrong.sum()),
        "chosen": len(chosen),
        "mistakes": images,
    }
    mistakes = f"{len(images):,} of {len(chosen):,} mistakes, {args.sort} first"
    if args.sort == "index":
        mistakes = f"{len(images):,} of {len(chosen):,} mistakes, in the order of the data set"
    lines = [
        heading(run, found),
        _accuracy_line(found),
        "",
        *_confusion_lines(top),
        "",
        *_class_lines(scores),
        *_slice_lines(parts),
    ]
    lines += ["", mistakes, *map(_image_line, images)]
    if args.zip:
        _write_zip(args, run, found.take(in_order))
        data["zip"] = str(args.zip)
        lines.append(f"{args.zip}: {len(chosen):,} images")
    show(args, data, "\n".join(lines))


def _write_zip(args: argparse.Namespace, run: Run, chosen: Predictions) -> None:
    names = [
        "any class" if label is None else CLASS_NAMES[label]
        for label in (args.true, args.predicted)
    ]
    about = [
        f"Run {run.run_id}, {run.title}",
        f"{len(chosen):,} mistakes among the {chosen.part} images",
        f"Classes (true → predicted): {' → '.join(names)}",
        f"Order: {args.sort}",
        *([f"Tagged: {' or '.join(args.tag)}"] if args.tag else []),
    ]
    tags = read_tags(run.folder.parent)
    write_file(args.zip, images_zip(chosen, load().images, about=about, tags=tags))


def _tagged(words: list[str]) -> dict[str, np.ndarray]:
    """Return the images of each word, as it is written in the store."""
    if not words:
        return {}
    tags = read_tags(RunStore().root)
    return {tags.known(word): tags.images_of(word) for word in words}


def _slice_data(part: Slice) -> dict[str, Any]:
    computed = ("accuracy", "interval", "difference", "difference_interval")
    return {**asdict(part), **{name: getattr(part, name) for name in computed}}


def _slice_lines(parts: list[Slice]) -> list[str]:
    """List how good the run is on each tag; nothing where none was asked for."""
    lines = ["", "tagged, accuracy on these, and points against all other images"] if parts else []
    for each in parts:
        line = f"  {each.name:<30} {each.images:>6,} of {each.of:,}"
        if each.accuracy is not None:
            line += f"  {percent(each.accuracy, each.interval)}"
        if each.difference is not None and each.difference_interval is not None:
            low, high = (100 * end for end in each.difference_interval)
            line += f"  {100 * each.difference:+.1f} ({low:+.1f} to {high:+.1f})"
        lines.append(line)
    return lines


def _accuracy_line(found: Predictions) -> str:
    images, wrong = len(found), int(found.wrong.sum())
    right = percent((images - wrong) / images, wilson_interval(images - wrong, images))
    return f"  {wrong:,} wrong, {right} right; 95 % intervals in brackets, here and below"


def _images(found: Predictions) -> list[dict[str, Any]]:
    """Describe images, one dict each."""
    columns = {
        "index": found.index,
        "true": found.y_true,
        "predicted": found.y_pred,
        "confidence": found.confidence,
        "loss": found.loss,
        "margin": found.margin,
    }
    rows = zip(*(column.tolist() for column in columns.values()), strict=True)
    return [dict(zip(columns, row, strict=True)) for row in rows]


def _image_line(image: dict[str, Any]) -> str:
    true, predicted = CLASS_NAMES[image["true"]], CLASS_NAMES[image["predicted"]]
    return (
        f"  image {image['index']:>5}  {true:>11} → {predicted:<11}  "
        f"{100 * image['confidence']:.1f} % sure, loss {image['loss']:.2f}"
    )


def _confusion_lines(top: list[Confusion]) -> list[str]:
    lines = ["commonest confusions, of all images of the true class"]
    for each in top:
        names = f"{CLASS_NAMES[each.true]:>11} → {CLASS_NAMES[each.predicted]:<11}"
        share = percent(each.images / each.of, each.interval)
        lines.append(f"  {names}  {each.images:>5,} of {each.of:,}  {share}")
    return lines if top else ["no confusions"]


def _class_lines(scores: list[ClassScore]) -> list[str]:
    line = "  {:<11} {:>7}  {:<21} {:<21} {}"
    return [
        line.format("class", "images", "precision", "recall", "F1"),
        *(
            line.format(
                CLASS_NAMES[each.label],
                f"{each.support:,}",
                percent(each.precision, each.precision_interval),
                percent(each.recall, each.recall_interval),
                percent(each.f1, each.f1_interval),
            )
            for each in scores
        ),
    ]
