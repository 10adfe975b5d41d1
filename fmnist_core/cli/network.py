"""A network as a picture, and an experiment as code."""

from __future__ import annotations

import argparse
from typing import Any

from fmnist_core.cli.shared import SOURCE_HELP, add_command, named_experiment, print_or_write
from fmnist_core.model.code import notebook, script
from fmnist_core.model.cost_bars import cost_bars_svg
from fmnist_core.model.drawing import network_svg
from fmnist_core.model.shapes import trace


def add(commands: Any) -> None:
    """Add `draw` and `code`."""
    _add_draw(commands)
    _add_code(commands)


def _add_draw(commands: Any) -> None:
    draw = add_command(commands, "draw", _draw, "draw a network to scale, as an SVG file")
    draw.add_argument("source", metavar="NAME", help=SOURCE_HELP)
    draw.add_argument("--cost", action="store_true", help="draw what each layer costs instead")
    draw.add_argument("--dark", action="store_true", help="in the colours for a dark page")
    draw.add_argument("-o", "--output", metavar="FILE", help="write it there instead of printing")


def _add_code(commands: Any) -> None:
    code = add_command(
        commands, "code", _code, "write an experiment as a Keras script that runs alone"
    )
    code.add_argument("source", metavar="NAME", help=SOURCE_HELP)
    code.add_argument("--notebook", action="store_true", help="write a Jupyter notebook instead")
    code.add_argument("-o", "--output", metavar="FILE", help="write it there instead of printing")


def _draw(args: argparse.Namespace) -> None:
    model = named_experiment(args.source).model
    drawn = (cost_bars_svg if args.cost else network_svg)(model, trace(model), dark=args.dark)
    print_or_write(args, "svg", drawn)


def _code(args: argparse.Namespace) -> None:
    experiment = named_experiment(args.source)
    print_or_write(args, "code", (notebook if args.notebook else script)(experiment))
