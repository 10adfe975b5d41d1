"""What commands about predictions share: the images they judge by, and how they write figures."""

from __future__ import annotations

import argparse

from fmnist_core.analysis.predictions import PARTS, Predictions, load_predictions
from fmnist_core.format import estimate as percent
from fmnist_core.labels import CLASS_NAMES
from fmnist_core.runs.run import Run
from fmnist_core.runs.store import RunStore

__all__ = [
    "OPTIMISTIC",
    "add_part",
    "class_label",
    "find",
    "heading",
    "optimistic",
    "percent",
]

OPTIMISTIC = "its test images also chose its best epoch, so that these figures are optimistic"


def add_part(command: argparse.ArgumentParser) -> None:
    """Let a command judge by the validation images, or where asked by the test images."""
    command.add_argument(
        "--part", choices=PARTS, default=PARTS[0], help="images to judge by (default: %(default)s)"
    )


def find(run_id: str, part: str) -> tuple[Run, Predictions]:
    """Return a run and what it predicted."""
    run = RunStore().get(run_id)
    return run, load_predictions(run, part)


def optimistic(run: Run) -> bool:
    """Whether the run's test images steered a choice, so that its figures are too good."""
    result = run.result
    return bool(result and result.test_used_for_validation)


def heading(run: Run, predictions: Predictions) -> str:
    """Say which run, and on how many images of which part."""
    text = f"{run.run_id}  {run.title}, {len(predictions):,} {predictions.part} images"
    return f"{text}; {OPTIMISTIC}" if optimistic(run) else text


def class_label(text: str) -> int:
    """Read a class: its number, or its name in any case."""
    names = [name.casefold() for name in CLASS_NAMES]
    if text.casefold() in names:
        return names.index(text.casefold())
    if text.isdecimal() and int(text) < len(names):
        return int(text)
    raise argparse.ArgumentTypeError(
        f'no class is called "{text[:40]}"; one of {", ".join(CLASS_NAMES)}, or 0 to 9'
    )


def image_count(text: str) -> int:
    """Read how many images are listed at most."""
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f'"{text[:40]}" is no number of images; 0 or more')
    return int(text)
