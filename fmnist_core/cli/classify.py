"""What a run makes of pictures of one's own."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from itertools import chain
from itertools import count as counting
from pathlib import Path
from typing import Any

import numpy as np

from fmnist_core.analysis.calibration import apply_temperature, fit_temperature
from fmnist_core.analysis.predictions import load_predictions
from fmnist_core.cli.shared import RUN_HELP, add_command, show
from fmnist_core.data.photo import PhotoSpec, Prepared, decode, prepare
from fmnist_core.data.photo.spec import AUTO, YES
from fmnist_core.exceptions import PhotoError, StoreError
from fmnist_core.export.files import unwritable, write_file
from fmnist_core.export.png import png
from fmnist_core.format import count
from fmnist_core.inference.client import Inference
from fmnist_core.labels import CLASS_NAMES
from fmnist_core.runs.run import Run
from fmnist_core.runs.store import RunStore
from fmnist_core.settings import Choice, settings_of
from fmnist_core.specs.text import number

TOP = 3  # classes a picture
BATCH = 1_000  # pictures the network is asked about at a time


def add(commands: Any) -> None:
    """Add `classify`."""
    command = add_command(commands, "classify", _classify, "classify pictures of your own")
    command.add_argument("files", nargs="+", metavar="FILE", help="a picture: PNG, JPEG, WebP, …")
    command.add_argument("--run", dest="run_id", required=True, metavar="RUN", help=RUN_HELP)
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
    command.add_argument(
        "--png", type=Path, metavar="FOLDER", help="write what the network saw there, as PNG files"
    )


def _classify(args: argparse.Namespace) -> None:
    spec = _spec(args)
    store = RunStore()
    run = store.get(args.run_id)
    read = [_read(name, spec) for name in args.files]
    found = {place: each for place, each in enumerate(read) if isinstance(each, Prepared)}
    temperature = _temperature(run)
    proba = _proba(store, run, [each.pixels for each in found.values()])
    if temperature is not None:
        proba = apply_temperature(proba, temperature)
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


def _spec(args: argparse.Namespace) -> PhotoSpec:
    given: dict[str, Any] = {"polarity": args.polarity, "sharpen": not args.no_sharpen}
    for name, text in (("tolerance", args.tolerance), ("rotation", args.rotate)):
        given |= {} if text is None else {name: number(text)}
    given |= {"as_is": YES} if args.as_is else {}
    given |= {"crop": [number(part) for part in args.crop.split(",")]} if args.crop else {}
    return PhotoSpec.from_dict(given)


def _read(name: str, spec: PhotoSpec) -> Prepared | str:
    """Return a prepared picture, or a sentence on why there is none."""
    try:
        with Path(name).open("rb") as file:
            return prepare(decode(file), spec)
    except OSError as error:
        return f"It cannot be read: {error.strerror}. Name a file with a picture."
    except PhotoError as error:
        return str(error)


def _temperature(run: Run) -> float | None:
    try:
        validation = load_predictions(run, "validation")
    except StoreError:  # a run that has not ended can be asked too
        return None
    return fit_temperature(validation.y_true, validation.y_proba)


def _proba(store: RunStore, run: Run, images: list[np.ndarray]) -> np.ndarray:
    """Ask the run's network, float (N, 10); where there are no images, nobody is asked."""
    if not images:
        return np.empty((0, len(CLASS_NAMES)))
    inference = Inference(store.root)
    try:
        return np.concatenate(
            [
                inference.ask("classify", run.run_id, {"images": part}).arrays["proba"]
                for part in _parts(np.stack(images))
            ]
        )
    finally:
        inference.close()


def _parts(images: np.ndarray) -> Iterator[np.ndarray]:
    for start in range(0, len(images), BATCH):
        yield images[start : start + BATCH]


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
    names = [_printable(row["file"]) for row in rows]
    width = min(40, max(map(len, names)))
    for name, row in zip(names, rows, strict=True):
        if row["problem"]:
            yield f"  {name:<{width}}  not classified: {row['problem']}"
            continue
        top = [f"{each['class']} {100 * each['probability']:.1f} %" for each in row["top"]]
        yield f"  {name:<{width}}  {top[0]:<19} then {', '.join(top[1:])}"
        yield from (f"  {'':<{width}}    {sentence}" for sentence in row["decided"])


def _printable(name: str) -> str:
    """Show a file's name, whatever bytes it is made of."""
    return name if name.isprintable() else ascii(name)
