"""What a person writes down about a run: its name, note, tags, star, archived or not."""

from __future__ import annotations

import argparse
from typing import Any

from fmnist_core.cli.shared import RUN_HELP, add_command, show
from fmnist_core.runs.notes import change_notes
from fmnist_core.runs.store import RunStore

_FIELDS = ("name", "note", "star", "archived")


def add(commands: Any) -> None:
    """Add `note`."""
    note = add_command(commands, "note", _note, "name, tag, star or archive a run")
    note.add_argument("run_id", metavar="RUN", help=RUN_HELP)
    note.add_argument("--name", help='what it is called from now on; "" for its first name')
    note.add_argument("--note", help='a text about it; "" for none')
    note.add_argument("--tag", action="append", default=[], help="add a tag; may be repeated")
    note.add_argument("--untag", action="append", default=[], help="take a tag away")
    note.add_argument("--star", action=argparse.BooleanOptionalAction, help="mark a favourite")
    for flag, archived, help_text in (
        ("--archive", True, "leave it out of lists"),
        ("--unarchive", False, "list it again"),
    ):
        note.add_argument(
            flag, dest="archived", action="store_const", const=archived, help=help_text
        )


def _note(args: argparse.Namespace) -> None:
    run = RunStore().get(args.run_id)
    given = {name: getattr(args, name) for name in _FIELDS}
    changes = {name: value for name, value in given.items() if value is not None}
    if changes or args.tag or args.untag:
        change_notes(run.folder, tag=args.tag, untag=args.untag, **changes)
    notes = run.notes
    lines = [f"{run.run_id}  {run.title}"]
    lines += [f"  {name:<9}{value}" for name, value in _words(notes.to_dict()).items() if value]
    show(args, {"run_id": run.run_id, **notes.to_dict()}, "\n".join(lines))


def _words(notes: dict[str, Any]) -> dict[str, str]:
    flags = {name: "yes" if notes[name] else "" for name in ("star", "archived")}
    return {"note": notes["note"], "tags": ", ".join(notes["tags"]), **flags}
