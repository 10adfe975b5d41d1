"""Which pixels of an image speak for a class, as figures and as a picture."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np

from fmnist_core.analysis.edges import rank_correlation, sobel
from fmnist_core.analysis.saliency import (
    BASELINES,
    CAMS,
    METHODS,
    good_layer,
    layers_with_maps,
    paint,
)
from fmnist_core.cli.image_tags import image_index
from fmnist_core.cli.predicted import class_label
from fmnist_core.cli.shared import RUN_HELP, add_command, show
from fmnist_core.data.files import load
from fmnist_core.exceptions import FmnistError
from fmnist_core.export.files import write_file
from fmnist_core.export.png import png
from fmnist_core.inference.client import Inference
from fmnist_core.labels import CLASS_NAMES
from fmnist_core.runs.image_tags import check_index
from fmnist_core.runs.run import Run
from fmnist_core.runs.store import RunStore


def add(commands: Any) -> None:
    """Add `saliency`."""
    command = add_command(
        commands, "saliency", _saliency, "tell which pixels of an image speak for a class"
    )
    command.add_argument("run_id", metavar="RUN", help=RUN_HELP)
    command.add_argument("image", type=image_index, metavar="IMAGE", help="0 to 69999")
    command.add_argument("--method", choices=METHODS, default="grad-cam")
    command.add_argument(
        "--for",
        dest="target",
        type=class_label,
        metavar="CLASS",
        help="a class (default: what is predicted)",
    )
    command.add_argument(
        "--against",
        type=class_label,
        metavar="CLASS",
        help="another class (default, without --for, of a mistake: the true one)",
    )
    command.add_argument("--layer", help="whose maps a CAM weighs (default: the last that fits)")
    command.add_argument("--baseline", choices=BASELINES, default="black")
    command.add_argument("--png", type=Path, metavar="FILE", help="write the map as a picture")


def _saliency(args: argparse.Namespace) -> None:
    run, data, image = RunStore().get(args.run_id), load(), check_index(args.image)
    pixels, label = data.images[image], int(data.labels[image])
    layer = _layer(run, args.layer) if args.method in CAMS else ""
    with closing(Inference(run.folder.parent)) as inference:
        asked = inference.ask("classify", run.run_id, {"images": pixels[np.newaxis]})
        predicted = int(asked.arrays["proba"][0].argmax())
        target, against = _classes(args, predicted, label)
        trained, untrained = (
            inference.ask(
                "saliency",
                run.run_id,
                {"image": pixels},
                method=args.method,
                target=target,
                against=against,
                layer=layer,
                baseline=args.baseline,
                random=random,
            )
            for random in (False, True)
        )
    map_ = trained.arrays["map"]
    answer = {
        "run_id": run.run_id,
        "image": image,
        "label": label,
        "predicted": predicted,
        "method": args.method,
        "for": target,
        "against": against,
        "layer": layer or None,
        **{name: round(value, 4) for name, value in trained.values.items()},
        "like_untrained": _rounded(rank_correlation(map_, untrained.arrays["map"])),
        "like_edges": _rounded(rank_correlation(map_, sobel(pixels))),
    }
    if args.png:
        write_file(
            args.png, png(paint(pixels, map_, signed=True, largest=float(np.abs(map_).max())))
        )
    show(args, {**answer, "map": map_.round(6).tolist()}, "\n".join(_lines(answer, args.png)))


def _layer(run: Run, asked: str | None) -> str:
    """Return the layer that is asked for, or the last one whose maps say where.

    Raises:
        FmnistError: There is none.
    """
    shapes = layers_with_maps(run.experiment.model)
    if not shapes:
        raise FmnistError(
            f"The network of run {run.run_id} has no layer with maps. Choose another method: "
            f"{', '.join(name for name in METHODS if name not in CAMS)}."
        )
    return asked or good_layer(shapes)


def _classes(args: argparse.Namespace, predicted: int, label: int) -> tuple[int, int | None]:
    """Return the class that is explained, and the one that it is set against."""
    if args.target is not None:
        target, against = args.target, args.against
    else:
        target, against = predicted, label if args.against is None else args.against
    return target, None if against == target else against


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def _lines(answer: dict[str, Any], picture: Path | None) -> Sequence[str]:
    about = CLASS_NAMES[answer["for"]]
    if answer["against"] is not None:
        about += f" rather than {CLASS_NAMES[answer['against']]}"
    of = f" at layer {answer['layer']}" if answer["layer"] else ""
    lines = [
        f"{answer['run_id']}, image {answer['image']} of class {CLASS_NAMES[answer['label']]}, "
        f"taken for {CLASS_NAMES[answer['predicted']]}",
        f"  {METHODS[answer['method']][0]}{of}: what speaks for {about}",
        f"  score (logit) {answer['score']:.3f}",
    ]
    if "gap" in answer:
        lines.append(
            f"  of the baseline {answer['baseline_score']:.3f}; the map adds up to the difference "
            f"but for {answer['gap']:.4f}"
        )
    for key, name in (("like_untrained", "the untrained network"), ("like_edges", "the edges")):
        text = "cannot be told: one is flat" if answer[key] is None else f"{answer[key]:.2f}"
        lines.append(f"  agreement with {name}, of -1 to 1: {text}")
    return [*lines, f"  written to {picture}"] if picture else lines
