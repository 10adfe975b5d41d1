"""What a network does with filters switched off, and which of them matter most."""

from __future__ import annotations

import argparse
from contextlib import closing
from typing import Any

import numpy as np

from fmnist_core.analysis.channels import channels_text, read_channels
from fmnist_core.analysis.intervals import Z_95
from fmnist_core.analysis.surgery import (
    IMAGES,
    NUMBERS,
    Surgery,
    judge,
    noun_of,
    operable,
    verdict,
)
from fmnist_core.analysis.usefulness import LayerUsefulness, load_usefulness
from fmnist_core.cli.image_tags import image_index
from fmnist_core.cli.shared import RUN_HELP, add_command, show
from fmnist_core.data.files import load
from fmnist_core.derived.kinds import USEFULNESS
from fmnist_core.derived.results import DONE, state
from fmnist_core.exceptions import InferenceError
from fmnist_core.format import percent, points, signed
from fmnist_core.inference.client import Inference
from fmnist_core.labels import CLASS_NAMES
from fmnist_core.model.shapes import LayerShape
from fmnist_core.runs.image_tags import check_index
from fmnist_core.runs.run import Run
from fmnist_core.runs.store import RunStore
from fmnist_core.specs.data import NUM_TRAIN_FILE

SECONDS = 600.0  # for the answer; nobody else waits
TOP = 3  # classes of the image
SHOWN = 5  # of the most, and of the least useful filters; JSON has them all


def add(commands: Any) -> None:
    """Add `surgery`."""
    command = add_command(
        commands, "surgery", _surgery, "switch filters off and say what the network loses"
    )
    command.add_argument("run_id", metavar="RUN", help=RUN_HELP)
    command.add_argument("--layer", metavar="NAME", help="whose filters (default: the first layer)")
    which = command.add_mutually_exclusive_group()
    for name, what in (("off", "switch these off, such as 0-5,9"), ("only", "switch off all but")):
        text = what if name == "off" else f"{what} these"
        which.add_argument(f"--{name}", type=_channels, metavar="NUMBERS", help=text)
    command.add_argument(
        "--image",
        type=image_index,
        default=NUM_TRAIN_FILE,
        metavar="IMAGE",
        help="also tell what becomes of this one, 0 to 69999 (default: %(default)s)",
    )
    command.add_argument(
        "--images",
        type=int,
        choices=NUMBERS,
        default=IMAGES,
        help="validation images to judge by (default: %(default)s)",
    )


def _channels(text: str) -> list[int]:
    try:
        return read_channels(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _surgery(args: argparse.Namespace) -> None:
    store, image = RunStore(), check_index(args.image)
    run = store.get(args.run_id)
    shape = _layer(run, args.layer)
    off = _off(args, int(shape.output[-1]))
    data = load()
    with closing(Inference(store.root)) as inference:
        arrays = inference.ask(
            "surgery",
            run.run_id,
            {"image": data.images[image]},
            seconds=SECONDS,
            layer=shape.name,
            off=off,
            images=args.images,
        ).arrays
    found = judge(*(arrays[name] for name in ("index", "y_true", "intact", "cut")))
    ranking = _ranking(run, shape, store)
    label, noun = int(data.labels[image]), noun_of(run.experiment.model, shape.name)
    sides = {"before": arrays["image_intact"], "after": arrays["image_cut"]}
    answer = {
        "run_id": run.run_id,
        "layer": shape.name,
        "channels": shape.output[-1],
        "off": off,
        **_figures(found),
        "image": {"index": image, "label": label}
        | {side: proba.astype(float).round(4).tolist() for side, proba in sides.items()},
        "usefulness": _ranked(ranking) if ranking else None,
    }
    lines = [
        f"{run.run_id}  {run.title}, layer {shape.name}, off: {channels_text(off) or 'none'}",
        *_lines(found, f"{len(off):,} of {shape.output[-1]:,} {noun}s off"),
        "",
        f"image {image} of class {CLASS_NAMES[label]}",
        *(f"  {side:<6}  {_top(proba)}" for side, proba in sides.items()),
        "",
        *_class_lines(found),
        "",
        *_ranking_lines(run, ranking),
    ]
    show(args, answer, "\n".join(lines))


def _layer(run: Run, name: str | None) -> LayerShape:
    """Return the layer that is operated on.

    Raises:
        InferenceError: There is no such layer.
    """
    shapes = {shape.name: shape for shape in operable(run.experiment.model)}
    if not shapes:
        raise InferenceError(
            f"The network of run {run.run_id} has no layer before its last one whose channels "
            "could be switched off. Choose another run."
        )
    chosen = next(iter(shapes)) if name is None else name
    if chosen not in shapes:
        raise InferenceError(
            f'No channels of a layer "{chosen[:40]}" can be switched off; those of '
            f"{', '.join(shapes)} can."
        )
    return shapes[chosen]


def _off(args: argparse.Namespace, channels: int) -> list[int]:
    """Return what is switched off.

    Raises:
        InferenceError: The layer has no such channel.
    """
    named: list[int] = args.off or args.only or []
    if named and named[-1] >= channels:
        raise InferenceError(f"The layer has the channels 0 to {channels - 1:,} only.")
    return named if args.only is None else sorted(set(range(channels)) - set(named))


def _ranking(run: Run, shape: LayerShape, store: RunStore) -> LayerUsefulness | None:
    if state(run, USEFULNESS, store).state != DONE:
        return None
    return load_usefulness(run, store).get(shape.name)


def _figures(found: Surgery) -> dict[str, Any]:
    before, after = (int(np.sum(~each.wrong)) for each in (found.intact, found.cut))
    return {
        "correct_before": before,
        "correct_after": after,
        **found.gain._asdict(),
        "loss": found.loss._asdict(),
        "classes": [
            {"true": each.true, **each.gain._asdict(), "adjusted_p": each.adjusted_p}
            for each in found.classes
        ],
        "confusion_before": [found.taken_for(label)[0].tolist() for label in range(10)],
        "confusion_after": [found.taken_for(label)[1].tolist() for label in range(10)],
    }


def _lines(found: Surgery, off: str) -> list[str]:
    gain, loss = found.gain, found.loss
    before, after = (1 - float(each.wrong.mean()) for each in (found.intact, found.cut))
    return [
        verdict(found, off),
        f"  accuracy  {percent(before)} → {percent(after)}: {points(gain.gain)} points "
        f"({' to '.join(map(points, gain.interval))}); 95 % intervals in brackets, here and below",
        f"  loss      {loss.before:.3f} → {loss.after:.3f}: {signed(loss.rise)} "
        f"({' to '.join(map(signed, loss.interval))})",
    ]


def _top(proba: np.ndarray) -> str:
    likeliest = np.argsort(-proba, kind="stable")[:TOP]
    return ", ".join(
        f"{CLASS_NAMES[label]} {percent(float(proba[label]), 1)}" for label in likeliest
    )


def _class_lines(found: Surgery) -> list[str]:
    line = "  {:<11} {:>6} {:>6} {:>6}  {}"
    rows = [line.format("class", "images", "before", "after", "change of recall in points")]
    for each in found.classes:
        before, after = found.taken_for(each.true)
        low, high = map(points, each.gain.interval)
        change = f"{points(each.gain.gain)} ({low} to {high})"
        name, support = CLASS_NAMES[each.true], int(before.sum())
        rows.append(line.format(name, support, before[each.true], after[each.true], change))
    return rows


def _ranked(ranking: LayerUsefulness) -> dict[str, Any]:
    names = ("loss_rise", "loss_error", "fixed", "broken", "least_first", "most_first")
    return {
        "images": ranking.images,
        "least_useful_first": ranking.order.tolist(),
        **{name: getattr(ranking, name).tolist() for name in names},
    }


def _ranking_lines(run: Run, ranking: LayerUsefulness | None) -> list[str]:
    if ranking is None:
        return [f'"fmnist compute {run.run_id} usefulness" ranks the filters of convolutions.']
    order = ranking.order.tolist()
    shown = {"most": order[::-1][:SHOWN], "least": order[:SHOWN]}
    lines = [f"each filter off alone, on {ranking.images:,} validation images"]
    for which, channels in shown.items():
        for channel in channels:
            error = Z_95 * float(ranking.loss_error[channel])
            lines.append(
                f"  {which:>5} useful  {channel:>4}  loss "
                f"{signed(float(ranking.loss_rise[channel]))} ± {error:.3f}, accuracy "
                f"{points(float(ranking.accuracy_change[channel]))} points"
            )
    return lines
