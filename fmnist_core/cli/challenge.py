"""The challenge set: pictures with their true classes, and how good runs are on them."""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from fmnist_core.challenge import ChallengeEntry, ChallengeSet, evaluate, export_zip, import_zip
from fmnist_core.challenge.archive import Imported
from fmnist_core.cli.pictures import (
    add_photo_flags,
    network_of,
    photo_spec,
    printable,
    read_picture,
)
from fmnist_core.cli.predicted import class_label
from fmnist_core.cli.shared import RUN_HELP, add_command, show
from fmnist_core.data.photo import PhotoSpec, prepare
from fmnist_core.exceptions import ChallengeError, ChallengeStopped, FmnistError
from fmnist_core.export.files import unwritable
from fmnist_core.format import count, percent, share_interval
from fmnist_core.labels import CLASS_NAMES
from fmnist_core.runs.challenge_result import ChallengeResult
from fmnist_core.runs.files import replacing
from fmnist_core.runs.run import Run
from fmnist_core.runs.store import RunStore

ID_HELP = "id of the picture, or how it begins"


def add(commands: Any) -> None:
    """Add `challenge` with its actions."""
    noun = commands.add_parser(
        "challenge",
        help="keep pictures with their true classes, and judge runs by them",
        description="Keep pictures with their true classes, and judge runs by them.",
    )
    actions = noun.add_subparsers(required=True, metavar="ACTION")
    add_command(actions, "list", _list, "list the pictures, newest first")
    _add_pictures(actions)
    label = add_command(actions, "label", _label, "give a picture another class")
    label.add_argument("entry_id", metavar="ID", help=ID_HELP)
    label.add_argument("label", type=class_label, metavar="CLASS", help="name or number")
    delete = add_command(actions, "delete", _delete, "delete pictures for good")
    _one_or_all(delete, "entry_ids", "ID", ID_HELP, "all of them")
    for name, run, text in (
        ("export", _export, "write the set as a ZIP"),
        ("import", _import, "add an exported set, or a ZIP with a folder of pictures a class"),
    ):
        command = add_command(actions, name, run, text)
        command.add_argument("file", type=Path, metavar="FILE.zip")
    judge = add_command(actions, "evaluate", _evaluate, "judge runs by the set")
    _one_or_all(judge, "run_ids", "RUN", RUN_HELP, "all runs that have ended")


def _add_pictures(actions: Any) -> None:
    command = add_command(actions, "add", _add, "keep pictures of one class")
    command.add_argument("files", nargs="+", metavar="FILE", help="a picture: PNG, JPEG, WebP, …")
    command.add_argument(
        "--label", type=class_label, required=True, metavar="CLASS", help="name or number"
    )
    add_photo_flags(command)


def _one_or_all(
    command: argparse.ArgumentParser, name: str, metavar: str, help_text: str, all_text: str
) -> None:
    which = command.add_mutually_exclusive_group(required=True)
    which.add_argument(name, metavar=metavar, nargs="*", default=[], help=help_text)
    which.add_argument("--all", action="store_true", help=all_text)


def _list(args: argparse.Namespace) -> None:
    entries = RunStore().challenge.entries()
    sound = [entry for entry in entries if not entry.problem]
    text = [
        f"{count(len(sound), 'picture')}, {_classes(sound)}"
        if sound
        else "No pictures yet. To keep one: fmnist challenge add FILE --label CLASS"
    ]
    show(args, [_row(entry) for entry in entries], "\n".join([*text, *map(_line, entries)]))


def _classes(entries: list[ChallengeEntry]) -> str:
    labels = [entry.label for entry in entries]
    return ", ".join(f"{labels.count(label)} {CLASS_NAMES[label]}" for label in sorted({*labels}))


def _row(entry: ChallengeEntry) -> dict[str, Any]:
    return {
        "id": entry.entry_id,
        "class": None if entry.problem else CLASS_NAMES[entry.label],
        "name": entry.name,
        "created": entry.created,
        "spec": entry.spec.to_dict() if entry.spec else None,
        "problem": entry.problem,
    }


def _line(entry: ChallengeEntry) -> str:
    if entry.problem:
        return f"  damaged: {entry.problem}"
    kept = time.strftime("%Y-%m-%d %H:%M", time.gmtime(entry.created))
    return f"  {entry.entry_id}  {CLASS_NAMES[entry.label]:<11}  {kept}  {entry.name}".rstrip()


def _add(args: argparse.Namespace) -> None:
    spec, challenge = photo_spec(args), RunStore().challenge
    rows = []
    for name in args.files:
        try:
            entry, problem = _kept(challenge, name, args.label, spec), ""
        except ChallengeStopped:
            raise
        except FmnistError as error:
            entry, problem = None, str(error)
        rows.append({"file": name, "id": entry.entry_id if entry else None, "problem": problem})
    lines = [
        f"  {printable(row['file'])}  "
        + (f"not kept: {row['problem']}" if row["problem"] else f"{row['id']}")
        for row in rows
    ]
    kept = sum(not row["problem"] for row in rows)
    heading = f"{kept} of {count(len(rows), 'picture')} kept as {CLASS_NAMES[args.label]}"
    show(args, {"class": CLASS_NAMES[args.label], "pictures": rows}, "\n".join([heading, *lines]))
    if not kept:
        raise ChallengeError(f"None of {count(len(rows), 'file')} was kept.")


def _kept(challenge: ChallengeSet, name: str, label: int, spec: PhotoSpec) -> ChallengeEntry:
    picture = read_picture(name)
    pixels = prepare(picture, spec).pixels
    return challenge.add(pixels, label, original=picture, name=name, spec=spec)


def _label(args: argparse.Namespace) -> None:
    entry = RunStore().challenge.relabel(args.entry_id, args.label)
    show(args, _row(entry), f"{entry.entry_id} is of class {CLASS_NAMES[entry.label]} now.")


def _delete(args: argparse.Namespace) -> None:
    challenge = RunStore().challenge
    if args.all:
        deleted = challenge.clear()
        show(args, {"deleted": deleted}, f"{count(deleted, 'picture')} deleted.")
        return
    found = [challenge.get(entry_id).entry_id for entry_id in args.entry_ids]  # all, or none
    for entry_id in dict.fromkeys(found):
        challenge.delete(entry_id)
    show(args, {"deleted": found}, "\n".join(f"{each} is deleted." for each in found))


def _export(args: argparse.Namespace) -> None:
    try:
        with replacing(args.file, durable=False) as file:
            written = export_zip(RunStore().challenge, file)
    except OSError as error:
        raise unwritable(args.file, error) from error
    text = f"{args.file} holds {count(written, 'picture')}."
    show(args, {"file": str(args.file), "pictures": written}, text)


def _import(args: argparse.Namespace) -> None:
    try:
        with args.file.open("rb") as file:
            found = import_zip(RunStore().challenge, file)
    except OSError as error:
        raise ChallengeError(
            f"{args.file} cannot be read: {error.strerror or error}. Name a ZIP file."
        ) from error
    data = {"added": found.added, "skipped": found.skipped, "refused": found.refused}
    show(args, data, "\n".join(_report(found)))


def _report(found: Imported) -> Iterator[str]:
    yield f"{count(found.added, 'picture')} added, {found.skipped:,} there already"
    if found.refused:
        yield f"not taken: {len(found.refused):,}"
    yield from (f"  {sentence}" for sentence in found.refused)


def _evaluate(args: argparse.Namespace) -> None:
    store = RunStore()
    ended = [row.run_id for row in store.summaries() if row.result]
    runs = [store.get(run_id) for run_id in (ended if args.all else args.run_ids)]
    rows: list[dict[str, Any]] = []
    with network_of(store) as ask:
        for run in runs:
            try:
                rows.append(_judged(run, evaluate(run, store.challenge, ask), store.challenge))
            except ChallengeError:  # it would be the same for each run
                raise
            except FmnistError as error:
                if not args.all:
                    raise
                rows.append({"run_id": run.run_id, "problem": str(error)})
            if not args.json:
                print("\n".join(_lines(rows[-1], wrong=len(runs) == 1)), flush=True)
    if args.json:
        show(args, rows, "")
    if rows and all(row["problem"] for row in rows):
        raise FmnistError(f"None of {count(len(rows), 'run')} could be judged.")
    if not runs and not args.json:
        print("No run has ended yet. To make one: fmnist train --preset small --epochs 2")


def _judged(run: Run, found: ChallengeResult, challenge: ChallengeSet) -> dict[str, Any]:
    known = {entry.digest: entry for entry in challenge.sound()}
    return {
        "run_id": run.run_id,
        "title": run.title,
        "correct": found.correct,
        "of": found.of,
        "temperature": found.temperature,
        "pictures": [
            {
                "id": known[each.pixels].entry_id if each.pixels in known else None,
                "name": known[each.pixels].name if each.pixels in known else "",
                "class": CLASS_NAMES[each.label],
                "predicted": CLASS_NAMES[each.predicted],
                "confidence": each.confidence,
            }
            for each in found.pictures
        ],
        "problem": "",
    }


def _lines(row: dict[str, Any], *, wrong: bool) -> Iterator[str]:
    if row["problem"]:
        yield f"{row['run_id']}  not judged: {row['problem']}"
        return
    correct, of = row["correct"], row["of"]
    yield (
        f"{row['run_id']}  {row['title']}: {percent(correct / of, 1)} "
        f"({share_interval(correct, of)}), {correct:,} of {count(of, 'picture')} right"
    )
    for each in row["pictures"] if wrong else ():
        if each["class"] != each["predicted"]:
            taken = f"{each['class']:>11} → {each['predicted']:<11}"
            sure = f"{percent(each['confidence'], 1):>7} sure"
            yield f"  {taken}  {sure}  {each['id'] or ''}  {each['name']}".rstrip()
