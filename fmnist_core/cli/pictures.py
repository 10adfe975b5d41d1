"""What commands about pictures of one's own share: their flags, and how a file is read."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from fmnist_core.analysis.own_pictures import Ask
from fmnist_core.data.photo import PhotoSpec, decode
from fmnist_core.data.photo.spec import AUTO, YES
from fmnist_core.exceptions import PhotoError
from fmnist_core.inference.client import Inference
from fmnist_core.runs.store import RunStore
from fmnist_core.settings import Choice, settings_of
from fmnist_core.specs.text import number


def add_photo_flags(command: argparse.ArgumentParser) -> None:
    """Let a command choose how pictures become 28×28 pixels."""
    settings = settings_of(PhotoSpec)
    help_of = {name: setting.help.replace("%", "%%") for name, setting in settings.items()}
    polarity = settings["polarity"]
    assert isinstance(polarity, Choice)
    command.add_argument(
        "--polarity", choices=polarity.choices, default=AUTO, help=help_of["polarity"]
    )
    command.add_argument("--tolerance", metavar="PERCENT", help=help_of["tolerance"])
    command.add_argument("--rotate", metavar="DEGREES", help=help_of["rotation"])
    command.add_argument(
        "--crop", metavar="L,T,R,B", help="use only this part: fractions of the turned picture"
    )
    command.add_argument("--no-sharpen", action="store_true", help="leave the pixels soft")
    command.add_argument(
        "--as-is", action="store_true", help="take pictures of 28 by 28 pixels as they are"
    )


def photo_spec(args: argparse.Namespace) -> PhotoSpec:
    """Return what the flags say.

    Raises:
        SpecError: A value is not allowed.
    """
    given: dict[str, Any] = {"polarity": args.polarity, "sharpen": not args.no_sharpen}
    for name, text in (("tolerance", args.tolerance), ("rotation", args.rotate)):
        given |= {} if text is None else {name: number(text)}
    given |= {"as_is": YES} if args.as_is else {}
    given |= {"crop": [number(part) for part in args.crop.split(",")]} if args.crop else {}
    return PhotoSpec.from_dict(given)


def read_picture(name: str) -> np.ndarray:
    """Read a picture from a file, as `photo.decode` returns it.

    Raises:
        PhotoError: It cannot be read, or is none.
    """
    try:
        with Path(name).open("rb") as file:
            return decode(file)
    except OSError as error:
        raise PhotoError(
            f"It cannot be read: {error.strerror}. Name a file with a picture."
        ) from error


def printable(name: str) -> str:
    """Show a file's name, whatever bytes it is made of."""
    return name if name.isprintable() else ascii(name)


@contextmanager
def network_of(store: RunStore) -> Iterator[Ask]:
    """Yield who asks the networks of a store; the process for that ends with the block."""
    inference = Inference(store.root)
    try:
        yield inference.ask
    finally:
        inference.close()
