"""Tags of images: giving and taking them, counting them, and as a table for other programs."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

from fmnist_core.cli.shared import add_command, show
from fmnist_core.data.files import load
from fmnist_core.exceptions import TagError
from fmnist_core.export.tag_list import MAX_BYTES, tags_csv, with_csv
from fmnist_core.runs.image_tags import ImageTags, change_tags, read_tags
from fmnist_core.runs.store import RunStore


def add(commands: Any) -> None:
    """Add `tags`, `tag` and `untag`."""
    tags = add_command(commands, "tags", _tags, "list the tags of images, for all runs alike")
    what = tags.add_mutually_exclusive_group()
    what.add_argument("--csv", action="store_true", help="print a CSV table of the tagged images")
    what.add_argument(
        "--from", dest="source", metavar="FILE", help="add the tags of such a table first"
    )
    what.add_argument("--forget", metavar="WORD", help="forget an own word that no image bears")
    for name, run, help_text in (
        ("tag", _tag, "give images a tag: a word that is known, or one of up to five own"),
        ("untag", _untag, "take a tag from images"),
    ):
        command = add_command(commands, name, run, help_text)
        command.add_argument(
            "index", type=image_index, nargs="+", metavar="INDEX", help="of an image, 0 to 69999"
        )
        command.add_argument("--as", dest="word", required=True, metavar="WORD", help="the tag")


def image_index(text: str) -> int:
    """Read the number of an image; whether there is one of that number is another matter."""
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise argparse.ArgumentTypeError(f'"{text[:40]}" is no image; 0 to 69999')
    return int(text)


def _tags(args: argparse.Namespace) -> None:
    if args.source is not None:
        table = _read(args.source)
        _change(args, lambda tags: with_csv(tags, table))
    elif args.forget is not None:
        _change(args, lambda tags: tags.without_word(args.forget))
    elif args.csv:
        print(tags_csv(read_tags(RunStore().root), load().labels), end="")
    else:
        _show(args, read_tags(RunStore().root))


def _tag(args: argparse.Namespace) -> None:
    _change(args, lambda tags: tags.with_tag(args.index, args.word))


def _untag(args: argparse.Namespace) -> None:
    _change(args, lambda tags: tags.without_tag(args.index, args.word))


def _change(args: argparse.Namespace, change: Callable[[ImageTags], ImageTags]) -> None:
    _show(args, change_tags(RunStore().root, change))


def _show(args: argparse.Namespace, tags: ImageTags) -> None:
    lines = [
        f"  {key}  {word:<30} {len(tags.images.get(word, ())):>6,}"
        for key, word in enumerate(tags.words, start=1)
    ]
    heading = f"{len(tags.tagged):,} of 70,000 images are tagged; a word, and how many bear it"
    images = {word: tags.images_of(word).tolist() for word in tags.words}
    data = {"own": list(tags.own), "images": images}
    show(args, data, "\n".join([heading, *lines]))


def _read(name: str) -> bytes:
    try:
        with Path(name).open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError as error:
        raise TagError(
            f"{name} cannot be read: {error.strerror}. Name a CSV table of tags."
        ) from error
