"""Maps of a run's test images, or of pixels, on disk: two numbers an image, and their worth."""

from __future__ import annotations

import importlib.util
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from fmnist_core.analysis.map_agreement import NEIGHBOURS
from fmnist_core.derived.kinds import EMBEDDING, PIXEL_MAP, PIXEL_UMAP, UMAP, Kind
from fmnist_core.derived.results import load
from fmnist_core.derived.subject import DataSet, Subject
from fmnist_core.exceptions import StoreError
from fmnist_core.runs.files import read_arrays, read_json, replacing, write_json
from fmnist_core.runs.records import as_type
from fmnist_core.runs.store import RunStore
from fmnist_core.specs.data import NUM_IMAGES

METHODS = {"pca": "PCA", "tsne": "t-SNE", "umap": "UMAP"}
KIND_OF = {"pca": EMBEDDING, "tsne": EMBEDDING, "umap": UMAP}
PIXEL_KIND_OF = {"pca": PIXEL_MAP, "tsne": PIXEL_MAP, "umap": PIXEL_UMAP}
INSTALL_UMAP = "pip install umap-learn"
ARRAYS_NAME, _DESCRIPTION_NAME = "maps.npz", "maps.json"


@dataclass(frozen=True, kw_only=True, eq=False)
class Map:
    """Where N images lie on one map.

    Attributes:
        points: float32 (N, 2), finite; their scale says nothing.
        kept: How many of an image's 15 nearest in the network's own space are among its 15 nearest
            on the map, uint8 (N,).
    """

    points: np.ndarray
    kept: np.ndarray


@dataclass(frozen=True, kw_only=True)
class Source:
    """What the maps are drawn from.

    Attributes:
        layer: The layer whose input counts as features.
        size: How many numbers it reads of an image.
        projected: They were brought to fewer at random before.
        silent: Test images that are left out, as all that the layer reads of them is 0.
        explained: The share of the features' variance that PCA's two directions hold, in [0, 1];
            None where there is no such map.
    """

    layer: str
    size: int
    projected: bool
    silent: int
    explained: float | None = None


@dataclass(frozen=True, kw_only=True, eq=False)
class Embedding:
    """Maps of the same images, and what is known of these in the network's own space.

    Attributes:
        index: Where the images are among all 70,000, ascending, int32 (N,).
        same: How many of an image's 15 nearest among them, in the network's own space, are of its
            class, uint8 (N,).
        maps: By a key of `METHODS`.
        source: What they are drawn from.
    """

    index: np.ndarray
    same: np.ndarray
    maps: Mapping[str, Map]
    source: Source


def umap_is_installed() -> bool:
    """Say whether UMAP could be computed, without importing it, which takes seconds."""
    return importlib.util.find_spec("umap") is not None


def write_embedding(folder: Path, found: Embedding) -> None:
    """Write maps into a folder, as `load_embedding` reads them."""
    arrays: dict[str, Any] = {"index": found.index, "same": found.same}
    for method, each in found.maps.items():
        arrays |= {f"{method}_points": each.points, f"{method}_kept": each.kept}
    with replacing(folder / ARRAYS_NAME, durable=False) as file:
        np.savez(file, **arrays)
    write_json(folder / _DESCRIPTION_NAME, dict(vars(found.source)))


def load_embedding(run: Subject, kind: Kind, store: RunStore) -> Embedding:
    """Read the maps of a run or of the data set that are of one kind.

    Raises:
        StoreError: The run has no weights yet, or the files are damaged.
        DerivedError: They have not been computed yet.
    """
    folder = load(run, kind, store)
    pairs = (*KIND_OF.items(), *PIXEL_KIND_OF.items())
    methods = [method for method, of in pairs if of == kind]
    try:
        source = as_type(read_json(folder / _DESCRIPTION_NAME), Source)
        found = read_arrays(folder / ARRAYS_NAME, compressed=False)
        _check(found, methods)
    except (StoreError, ValueError, TypeError, KeyError) as error:
        raise StoreError(
            f"The maps of {_owner(run)} are damaged ({error}). Delete {folder}, and compute "
            "them again."
        ) from error
    maps = {
        method: Map(points=found[f"{method}_points"], kept=found[f"{method}_kept"])
        for method in methods
    }
    return Embedding(index=found["index"], same=found["same"], maps=maps, source=source)


def _owner(run: Subject) -> str:
    return "the data set" if isinstance(run, DataSet) else f"run {run.run_id}"


def _check(found: Mapping[str, np.ndarray], methods: list[str]) -> None:
    """Refuse what `write_embedding` does not write.

    Raises:
        KeyError: An array is missing.
        ValueError: A shape, a type or a number is not as it must be.
    """
    index = found["index"]
    if index.dtype != np.int32 or index.ndim != 1 or not len(index):
        raise ValueError("no list of images")
    if index.min() < 0 or index.max() >= NUM_IMAGES or np.any(np.diff(index) <= 0):
        raise ValueError("images that are not in the data set, or not in its order")
    for name in ("same", *(f"{method}_kept" for method in methods)):
        counts = found[name]
        if counts.dtype != np.uint8 or counts.shape != index.shape or counts.max() > NEIGHBOURS:
            raise ValueError(f"{name} is no number of neighbours for each image")
    for method in methods:
        points = found[f"{method}_points"]
        if points.dtype != np.float32 or points.shape != (len(index), 2):
            raise ValueError(f"{method} does not have two numbers an image")
        if not np.isfinite(points).all():
            raise ValueError(f"{method} has numbers that are not finite")
