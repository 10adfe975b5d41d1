"""The images that excite each filter most, as they lie on disk, and the patches that did it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np

from fmnist_core.derived.kinds import EXCITING
from fmnist_core.derived.results import load
from fmnist_core.exceptions import StoreError
from fmnist_core.labels import IMAGE_SHAPE, NUM_CLASSES
from fmnist_core.model.receptive import Sight
from fmnist_core.model.shapes import LayerShape, trace
from fmnist_core.runs.files import read_arrays, replacing
from fmnist_core.runs.run import Run
from fmnist_core.runs.store import RunStore
from fmnist_core.specs.model import ModelSpec

NUM_IMAGES = 6_000  # the first of the training file: the same ones for every run
TOP = 9  # images of each filter that are kept
_FILE_NAME = "exciting.npz"
_SIDE = IMAGE_SHAPE[0]


@dataclass(frozen=True, kw_only=True, eq=False)
class Exciting:
    """What excites the F filters of a convolution, after its own activation.

    Attributes:
        image: The images with the largest values, int32 (F, TOP), the largest first; each image
            counts with its largest value only.
        row, column: Where in the filter's map that value is, uint8 (F, TOP).
        value: float32 (F, TOP), falling.
        active: In how many of the `NUM_IMAGES` the filter is above 0 anywhere, int32 (F,).
        class_mean: The mean over the images of each class of their largest value, float32 (F, 10).
    """

    image: np.ndarray
    row: np.ndarray
    column: np.ndarray
    value: np.ndarray
    active: np.ndarray
    class_mean: np.ndarray


_DTYPES = {
    "image": np.int32,
    "row": np.uint8,
    "column": np.uint8,
    "value": np.float32,
    "active": np.int32,
    "class_mean": np.float32,
}


def convolutions(model: ModelSpec) -> list[LayerShape]:
    """Return the layers of a network that have filters, in its order."""
    with_filters = {each.name for each in model.layers if "kernel_size" in each.settings}
    return [shape for shape in trace(model).layers if shape.name in with_filters]


def write_exciting(folder: Path, found: Mapping[str, Exciting]) -> None:
    """Write what excites the filters of each layer, by its name, as `load_exciting` reads it."""
    arrays = {
        f"{layer}/{name}": array for layer, each in found.items() for name, array in _arrays(each)
    }
    with replacing(folder / _FILE_NAME) as file:
        np.savez(file, allow_pickle=False, **arrays)


def load_exciting(run: Run, store: RunStore) -> dict[str, Exciting]:
    """Read what excites the filters of a run's convolutions, by layer.

    Raises:
        StoreError: The run has no weights yet, or the files are damaged.
        DerivedError: It has not been computed yet.
    """
    folder = load(run, EXCITING, store)
    try:
        arrays = read_arrays(folder / _FILE_NAME, compressed=False)
        return {shape.name: _checked(arrays, shape) for shape in convolutions(run.experiment.model)}
    except (StoreError, ValueError, KeyError) as error:
        raise StoreError(
            f"What excites the filters of run {run.run_id} is damaged. Delete {folder}, and "
            f"compute it again. ({error})"
        ) from error


def patch(image: np.ndarray, sight: Sight, row: int, column: int) -> np.ndarray:
    """Cut out what one value of a map sees of the image.

    Args:
        image: uint8 (28, 28).
        sight: Of the layer.
        row: Of the value in the map.
        column: Likewise.

    Returns:
        uint8 (side, side), 0 where the square reaches beyond the image; the whole image where the
        square is at least as large.
    """
    side = sight.one
    if side >= _SIDE:
        return image
    top, left = sight.start + row * sight.step, sight.start + column * sight.step
    found = np.zeros((side, side), np.uint8)
    rows, columns = (slice(max(at, 0), min(at + side, _SIDE)) for at in (top, left))
    seen = image[rows, columns]
    down, right = max(-top, 0), max(-left, 0)
    found[down : down + seen.shape[0], right : right + seen.shape[1]] = seen
    return found


def _arrays(found: Exciting) -> list[tuple[str, np.ndarray]]:
    return [(field.name, getattr(found, field.name)) for field in fields(Exciting)]


def _checked(arrays: Mapping[str, np.ndarray], shape: LayerShape) -> Exciting:
    """Refuse what `write_exciting` does not write.

    Raises:
        KeyError: An array is missing.
        ValueError: A shape, a type or a number is not as it must be.
    """
    height, width, filters = shape.output
    found = Exciting(**{name: arrays[f"{shape.name}/{name}"] for name in _DTYPES})
    sizes = dict.fromkeys(_DTYPES, (filters, TOP)) | {
        "active": (filters,),
        "class_mean": (filters, NUM_CLASSES),
    }
    limits = {"image": NUM_IMAGES, "row": height, "column": width, "active": NUM_IMAGES + 1}
    for name, array in _arrays(found):
        if array.shape != sizes[name] or array.dtype != _DTYPES[name]:
            raise ValueError(f"{shape.name}/{name} is {array.dtype} {array.shape}")
        if name in limits and not ((array >= 0) & (array < limits[name])).all():
            raise ValueError(f"{shape.name}/{name} is out of range")
    return found
