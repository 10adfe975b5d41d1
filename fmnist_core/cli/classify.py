"""What a run makes of pictures of one's own."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from itertools import chain
from itertools import count as counting
from pathlib import Path
from typing import Any

import numpy as np

from fmnist_core.analysis.own_pictures import Ask, fitted_temperature, probabilities
from fmnist_core.cli.classify_details import add_details, sentences
from fmnist_core.cli.classify_runs import in_line, side_by_side
from fmnist_core.cli.pictures import (
    add_photo_flags,
    network_of,
    photo_spec,
    printable,
    read_picture,
)
from fmnist_core.cli.shared import RUN_HELP, add_command, show
from fmnist_core.data.photo import PhotoSpec, Prepared, prepare
from fmnist_core.exceptions import PhotoError
from fmnist_core.export.files import unwritable, write_file
from fmnist_core.export.png import png
from fmnist_core.format import count
from fmnist_core.labels import CLASS_NAMES, IMAGE_SHAPE
from fmnist_core.runs.run import Run
from fmnist_core.runs.store import RunStore

TOP = 3  # classes a picture


def add(commands: Any) -> None:
    """Add `classify`."""
    command = add_command(commands, "classify", _classify, "classify pictures of your own")
    command.add_argument("files", nargs="+", metavar="FILE", help="a picture: PNG, JPEG, WebP, …")
    command.add_argument(
        "--run",
        dest="run_ids",
        action="append",
        required=True,
        metavar="RUN",
        help=f"{RUN_HELP}; several, each after a --run, are set side by side",
    )
    add_photo_flags(command)
    command.add_argument(
        "--details",
        action="store_true",
        help="say too whether to believe it: is the picture like the training data, does the "
        "answer hold when it is shifted, turned or mirrored, and what is nearest to it",
    )
    command.add_argument(
        "--png", type=Path, metavar="FOLDER", help="write what the network saw there, as PNG files"
    )


def _classify(args: argparse.Namespace) -> None:
    spec = photo_spec(args)
    store = RunStore()
    runs = list({run.run_id: run for run in map(store.get, args.run_ids)}.values())
    read = [_read(name, spec) for name in args.files]
    found = {place: each for place, each in enumerate(read) if isinstance(each, Prepared)}
    rows: list[dict[str, Any]] = [
        {"file": name, "problem": each if isinstance(each, str) else None}
        for name, each in zip(args.files, read, strict=True)
    ]
    with network_of(store) as ask:
        answers = [_answer(run, rows, found, ask) for run in runs]
        if args.details:
            add_details(store, answers, found, ask)
    if args.png:
        _write(args.png, answers, found)
    data = answers[0] if len(answers) == 1 else {"runs": answers}
    show(args, data, _text(runs, answers))
    if not found:
        raise PhotoError(f"None of {count(len(read), 'file')} could be classified.")


def _answer(
    run: Run, rows: list[dict[str, Any]], found: dict[int, Prepared], ask: Ask
) -> dict[str, Any]:
    """Return what a run makes of the pictures, for JSON; where there are none, nobody is asked."""
    temperature = fitted_temperature(run)
    images = [each.pixels for each in found.values()]
    pixels = np.array(images, np.uint8).reshape(-1, *IMAGE_SHAPE[:2])
    proba = probabilities(run, pixels, ask, temperature=temperature)
    pictures = [dict(row) for row in rows]
    for (place, prepared), share in zip(found.items(), proba, strict=True):
        pictures[place] |= _row(prepared, share)
    return {"run_id": run.run_id, "temperature": temperature, "pictures": pictures}


def _read(name: str, spec: PhotoSpec) -> Prepared | str:
    """Return a prepared picture, or a sentence on why there is none."""
    try:
        return prepare(read_picture(name), spec)
    except PhotoError as error:
        return str(error)


def _row(prepared: Prepared, proba: np.ndarray) -> dict[str, Any]:
    order = np.argsort(-proba, kind="stable")[:TOP]
    return {
        "prediction": CLASS_NAMES[order[0]],
        "top": [
            {"class": CLASS_NAMES[label], "probability": float(proba[label])} for label in order
        ],
        "polarity": prepared.polarity,
        "background": prepared.background,
        "box": prepared.box,
        "decided": prepared.decided,
    }


def _write(folder: Path, answers: list[dict[str, Any]], found: dict[int, Prepared]) -> None:
    """Write each picture as the network saw it; those of one name get a number."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise unwritable(folder, error) from error
    taken: set[str] = set()
    for place, prepared in found.items():
        rows = [answer["pictures"][place] for answer in answers]
        stem = Path(rows[0]["file"]).stem
        names = chain([stem], (f"{stem}-{number}" for number in counting(2)))
        name = next(name for name in names if name.casefold() not in taken)
        taken.add(name.casefold())
        write_file(folder / f"{name}.png", png(prepared.pixels))
        for row in rows:
            row["png"] = str(folder / f"{name}.png")


def _heading(run: Run, temperature: float | None) -> str:
    if temperature is None:
        how = "probabilities as they come: it has no validation predictions yet to correct them by"
    else:
        how = f"probabilities at temperature {temperature:.2f}, fitted on validation"
    return f"{run.run_id}  {run.title}, {how}"


def _text(runs: list[Run], answers: list[dict[str, Any]]) -> str:
    headings = [
        _heading(run, answer["temperature"]) for run, answer in zip(runs, answers, strict=True)
    ]
    missing = [answer["missing"] for answer in answers if answer.get("missing")]
    pictures = [answer["pictures"] for answer in answers]
    lines = _lines(pictures[0]) if len(runs) == 1 else side_by_side(runs, pictures)
    return "\n".join([*headings, *missing, "", *lines])


def _lines(rows: list[dict[str, Any]]) -> Iterator[str]:
    names = [printable(row["file"]) for row in rows]
    width = min(40, max(map(len, names)))
    for name, row in zip(names, rows, strict=True):
        if row["problem"]:
            yield f"  {name:<{width}}  not classified: {row['problem']}"
            continue
        yield f"  {name:<{width}}  {in_line(row)}"
        yield from (f"  {'':<{width}}    {each}" for each in (*row["decided"], *sentences(row)))
