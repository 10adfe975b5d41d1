"""The features of a run's images as they lie on disk: 70,000 vectors, and what they are."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from fmnist_core.analysis.neighbours import Features
from fmnist_core.derived.kinds import FEATURES
from fmnist_core.derived.results import load
from fmnist_core.exceptions import StoreError
from fmnist_core.runs.files import read_json, write_json
from fmnist_core.runs.records import as_type
from fmnist_core.runs.run import Run
from fmnist_core.runs.store import RunStore
from fmnist_core.specs.data import NUM_IMAGES

MAX_SIZE = 2_048  # numbers an image that are kept as they are: 287 MB
PROJECTED_SIZE = 1_024  # numbers that more of them are projected to
VECTORS_NAME, _DESCRIPTION_NAME = "vectors.npy", "features.json"
START_SECONDS = 8.0  # of the process that looks at them, until TensorFlow is there
FORWARD = 2.0  # times as fast as a step of training, at least, which also goes backward


@dataclass(frozen=True, kw_only=True)
class _Description:
    layer: str
    size: int
    projected: bool


def write_description(folder: Path, *, layer: str, size: int, projected: bool) -> None:
    """Write beside the vectors what they are; the arguments are those of `Features`."""
    described = _Description(layer=layer, size=size, projected=projected)
    write_json(folder / _DESCRIPTION_NAME, asdict(described))


def load_features(run: Run, store: RunStore) -> Features:
    """Open the features of a run; the vectors stay on disk, and are read as they are needed.

    Raises:
        StoreError: The run has no weights yet, or the files are damaged.
        DerivedError: They have not been computed yet.
    """
    folder = load(run, FEATURES, store)
    try:
        described = as_type(read_json(folder / _DESCRIPTION_NAME), _Description)
        vectors = np.load(folder / VECTORS_NAME, mmap_mode="r", allow_pickle=False)
        _check(vectors, described)
    except (OSError, ValueError, TypeError, EOFError) as error:
        raise StoreError(
            f"The features of run {run.run_id} are damaged ({error}). Delete {folder}, and compute "
            "them again."
        ) from error
    return Features(vectors=vectors, **asdict(described))


def _check(vectors: np.ndarray, described: _Description) -> None:
    """Refuse what `fmnist_core.inside.features` does not write.

    Raises:
        ValueError: A shape or a type is not as it must be.
    """
    width = PROJECTED_SIZE if described.projected else described.size
    if vectors.dtype != np.float16 or vectors.shape != (NUM_IMAGES, width) or width < 1:
        raise ValueError(f"not {NUM_IMAGES:,} vectors of {width:,} numbers")


def likely_seconds(run: Run, images: int = NUM_IMAGES) -> float | None:
    """Guess how long a look at so many images takes, by the speed of the training; None if unknown.

    Raises:
        StoreError: The run's result is damaged.
    """
    result = run.result
    if result is None or result.images_per_second <= 0:
        return None
    return START_SECONDS + images / (FORWARD * result.images_per_second)
