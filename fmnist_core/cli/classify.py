"""What a run makes of pictures of one's own."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from itertools import chain
from itertools import count as counting
from pathlib import Path
from typing import Any

import numpy as np

from fmnist_core.analysis.own_pictures import fitted_temperature, probabilities
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
    command.add_argument("--run", dest="run_id", required=True, metavar="RUN", help=RUN_HELP)
    add_photo_flags(command)
    command.add_argument(
        "--png", type=Path, metavar="FOLDER", help="write what the network saw there, as PNG files"
    )


def _classify(args: argparse.Namespace) -> None:
    spec = photo_spec(args)
    store = RunStore()
    run = store.get(args.run_id)
    read = [_read(name, spec) for name in args.files]
    found = {place: each for place, each in enumerate(read) if isinstance(each, Prepared)}
    temperature = fitted_temperature(run)
    proba = _proba(store, run, [each.pixels for each in found.values()], temperature)
    rows: list[dict[str, Any]] = [
        {"file": name, "problem": None if isinstance(each, Prepared) else each}
        for name, each in zip(args.files, read, strict=True)
    ]
    for (place, prepared), share in zip(found.items(), proba, strict=True):
        rows[place] |= _row(prepared, share)
    if args.png:
        _write(args.png, rows, found)
    data = {"run_id": run.run_id, "temperature": temperature, "pictures": rows}
    show(args, data, "\n".join([_heading(run, temperature), "", *_lines(rows)]))
    if not found:
        raise PhotoError(f"None of {count(len(read), 'file')} could be classified.")


def _read(name: str, spec: PhotoSpec) -> Prepared | str:
    """Return a prepared picture, or a sentence on why there is none."""
    try:
        return prepare(read_picture(name), spec)
    except PhotoError as error:
        return str(error)


def _proba(
    store: RunStore, run: Run, images: list[np.ndarray], temperature: float | None
) -> np.ndarray:
    """Ask the run's network, float (N, 10); where there are no images, none is started."""
    pixels = np.array(images, np.uint8).reshape(-1, *IMAGE_SHAPE[:2])
    with network_of(store) as ask:
        return probabilities(run, pixels, ask, temperature=temperature)


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


def _write(folder: Path, rows: list[dict[str, Any]], found: dict[int, Prepared]) -> None:
    """Write each picture as the network saw it; those of one name get a number."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise unwritable(folder, error) from error
    taken: set[str] = set()
    for place, prepared in found.items():
        stem = Path(rows[place]["file"]).stem
        names = chain([stem], (f"{stem}-{number}" for number in counting(2)))
        name = next(name for name in names if name.casefold() not in taken)
        taken.add(name.casefold())
        write_file(folder / f"{name}.png", png(prepared.pixels))
        rows[place]["png"] = str(folder / f"{name}.png")


def _heading(run: Run, temperature: float | None) -> str:
    if temperature is None:
        how = "probabilities as they come: it has no validation predictions yet to correct them by"
    else:
        how = f"probabilities at temperature {temperature:.2f}, fitted on validation"
    return f"{run.run_id}  {run.title}, {how}"


def _lines(rows: list[dict[str, Any]]) -> Iterator[str]:
    names = [printable(row["file"]) for row in rows]
    width = min(40, max(map(len, names)))
    for name, row in zip(names, rows, strict=True):
        if row["problem"]:
            yield f"  {name:<{width}}  not classified: {row['problem']}"
            continue
        top = [f"{each['class']} {100 * each['probability']:.1f} %" for each in row["top"]]
        yield f"  {name:<{width}}  {top[0]:<19} then {', '.join(top[1:])}"
        yield from (f"  {'':<{width}}    {sentence}" for sentence in row["decided"])
