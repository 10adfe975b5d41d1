"""What a network makes of an image layer by layer, and whether its layers are in good health."""

from __future__ import annotations

import argparse
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np

from fmnist_core.analysis.health import ALL_WELL, can_be_silent, findings
from fmnist_core.cli.image_tags import image_index
from fmnist_core.cli.shared import RUN_HELP, add_command, show
from fmnist_core.data.files import load
from fmnist_core.exceptions import FmnistError
from fmnist_core.export.files import write_file
from fmnist_core.export.png import enlarged, png
from fmnist_core.format import NONE, count
from fmnist_core.inference.client import Inference
from fmnist_core.runs.image_tags import check_index
from fmnist_core.runs.run import Run
from fmnist_core.runs.store import RunStore

GAP = 1  # value's width between two maps of a sheet
ZOOM = 4  # pixels for one value


def add(commands: Any) -> None:
    """Add `maps` and `health`."""
    maps = add_command(commands, "maps", _maps, "tell what each layer makes of an image")
    maps.add_argument("run_id", metavar="RUN", help=RUN_HELP)
    maps.add_argument("image", type=image_index, metavar="IMAGE", help="0 to 69999")
    maps.add_argument("--layer", help="the one that --png draws (default: the first with maps)")
    maps.add_argument(
        "--png", type=Path, metavar="FILE", help="write a layer's maps as a picture, on one scale"
    )
    health = add_command(commands, "health", _health, "look for dead units and lost gradients")
    health.add_argument("run_id", metavar="RUN", help=RUN_HELP)


def _maps(args: argparse.Namespace) -> None:
    run, image = RunStore().get(args.run_id), check_index(args.image)
    with closing(Inference(run.folder.parent)) as inference:
        asked = {"images": load().images[image][np.newaxis]}
        arrays = inference.ask("maps", run.run_id, asked).arrays
    outputs = {layer.name: arrays[layer.name] for layer in run.experiment.model.layers}
    if args.png:
        write_file(args.png, png(sheet(_chosen(outputs, args.layer))))
    rows = [_map_row(name, values) for name, values in outputs.items()]
    lines = [f"{run.run_id}  {run.title}, image {image}"]
    lines += [
        f"  {row['layer']:<24} {row['shape']:<12} mean {row['mean']:>8.3f}, largest "
        f"{row['largest']:>8.3f}, {100 * row['zeros']:.0f} % are 0, "
        f"{row['silent']} of {count(row['channels'], 'channel')} silent"
        for row in rows
    ]
    lines += [f"  written to {args.png}"] if args.png else []
    show(args, {"run_id": run.run_id, "image": image, "layers": rows}, "\n".join(lines))


def _map_row(name: str, values: np.ndarray) -> dict[str, Any]:
    fired = np.any(values != 0, axis=tuple(range(values.ndim - 1)))
    return {
        "layer": name,
        "shape": "×".join(map(str, values.shape)),
        "mean": float(values.mean()),
        "largest": float(values.max()),
        "zeros": float(np.mean(values == 0)),
        "channels": len(fired),
        "silent": int((~fired).sum()),
    }


def _chosen(outputs: dict[str, np.ndarray], layer: str | None) -> np.ndarray:
    """Return the maps of the layer that is asked for, or of the first one that has some.

    Raises:
        FmnistError: There is no such layer, or it has no maps.
    """
    with_maps = {name: values for name, values in outputs.items() if values.ndim == 3}
    if layer is None and with_maps:
        return next(iter(with_maps.values()))
    if layer in with_maps:
        return with_maps[layer]
    known = ", ".join(with_maps) or "none of this network"
    raise FmnistError(f"Maps to draw have {known}; you gave {layer or 'no layer'}.")


def sheet(maps: np.ndarray) -> np.ndarray:
    """Lay maps out in rows, on one scale: the largest absolute value of all is white.

    Args:
        maps: float (height, width, channels).

    Returns:
        uint8 (rows, columns), `ZOOM` pixels for one value.
    """
    height, width, channels = maps.shape
    columns = int(np.ceil(np.sqrt(channels)))
    rows = -(-channels // columns)
    largest = float(np.abs(maps).max()) or 1.0
    levels = np.rint(255 * np.maximum(maps, 0) / largest).astype(np.uint8)
    tiles = np.zeros((rows * columns, height + GAP, width + GAP), np.uint8)
    tiles[:channels, :height, :width] = np.moveaxis(levels, -1, 0)
    laid = tiles.reshape(rows, columns, height + GAP, width + GAP).swapaxes(1, 2)
    return enlarged(laid.reshape(rows * (height + GAP), columns * (width + GAP)), ZOOM)


def _health(args: argparse.Namespace) -> None:
    run = RunStore().get(args.run_id)
    with closing(Inference(run.folder.parent)) as inference:
        values = inference.ask("health", run.run_id).values
    specs = {layer.name: layer for layer in run.experiment.model.layers}
    layers = [each for each in values["layers"] if each["name"] in specs]
    wrong = findings(layers, specs)
    lines = [f"{run.run_id}  {run.title}, on {count(values['images'], 'validation image')}"]
    lines += [_health_line(run, each) for each in layers]
    data = {"run_id": run.run_id, **values, "findings": wrong}
    show(args, data, "\n".join([*lines, "", *(wrong or [ALL_WELL])]))


def _health_line(run: Run, each: dict[str, Any]) -> str:
    spec = next(layer for layer in run.experiment.model.layers if layer.name == each["name"])
    silent = f"{len(each['silent'])} of {each['units']} silent" if can_be_silent(spec) else NONE
    weights, gradient = (
        NONE if each[name] is None else f"{each[name]:.2g}" for name in ("weight_std", "gradient")
    )
    outputs = f"{each['mean']:>7.2f} ± {each['std']:<6.2f} {100 * each['zeros']:>3.0f} % are 0"
    return (
        f"  {each['name']:<24} outputs {outputs}  {silent:<16}  weights {weights:<7} "
        f"gradient {gradient}"
    )
