"""The command line: `python -m fmnist_core`, or `fmnist` where it is installed."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

from fmnist_core.cli import (
    calibration,
    challenge,
    classify,
    comparison,
    control,
    data_set,
    derived,
    embedding,
    errors,
    export,
    faults,
    image_tags,
    inside,
    listing,
    network,
    notes,
    patches,
    reference,
    reports,
    saliency,
    surgery,
    sweeps,
    training,
    trajectory,
    trash,
)
from fmnist_core.exceptions import FmnistError

# Each adds its commands.
_NOUNS = (
    *(training, sweeps, reference, control, listing, notes, trash),
    *(errors, faults, image_tags, trajectory, calibration, comparison),
    *(derived, classify, challenge, inside, patches, saliency, surgery, embedding),
    *(network, export, reports, data_set),
)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0 done, 1 a problem was shown, 2 wrong usage."""
    args = build_parser().parse_args(argv)
    try:
        args.run(args)
        sys.stdout.flush()
    except FmnistError as error:
        print(f"fmnist: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("fmnist: interrupted.", file=sys.stderr)
        return 130
    except BrokenPipeError:  # who reads has seen enough, such as `| head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def build_parser() -> argparse.ArgumentParser:
    """Describe all commands."""
    parser = argparse.ArgumentParser(
        prog="fmnist", description="Experiments with small networks on Fashion-MNIST."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for noun in _NOUNS:
        noun.add(commands)
    return parser
