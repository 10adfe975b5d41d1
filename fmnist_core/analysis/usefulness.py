"""How useful each filter of a run is, as it lies on disk: what is lost without it alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from fmnist_core.analysis.features import FORWARD, START_SECONDS
from fmnist_core.analysis.surgery import IMAGES, affordable, mult_adds_behind
from fmnist_core.derived.kinds import USEFULNESS
from fmnist_core.derived.results import load
from fmnist_core.exceptions import StoreError
from fmnist_core.model.shapes import LayerShape, convolutions, trace
from fmnist_core.runs.files import read_arrays, read_json, write_json
from fmnist_core.runs.records import as_type
from fmnist_core.runs.run import Run
from fmnist_core.runs.store import RunStore
from fmnist_core.specs.model import ModelSpec

STOPS = 17  # of the curves, at most
MULT_ADDS = 5e12  # of a layer's filters together: minutes on two cores; of more, on fewer images
_ARRAYS_NAME, _DESCRIPTION_NAME = "usefulness.npz", "usefulness.json"
_CURVES = ("least_first", "most_first")
_DTYPES = {
    **dict.fromkeys(("loss_rise", "loss_error"), np.dtype(np.float32)),
    **dict.fromkeys(("fixed", "broken", *_CURVES), np.dtype(np.int32)),
}


@dataclass(frozen=True, kw_only=True, eq=False)
class LayerUsefulness:
    """How useful the filters of a layer are, each switched off alone.

    Attributes:
        layer: Name of the layer.
        images: Validation images that they were judged on.
        correct: Of these right while all filters are on.
        loss: Their mean loss then, in nats.
        loss_rise: By how much the mean loss rises without each filter, float32 (F,).
        loss_error: The standard errors of that, float32 (F,).
        fixed, broken: Images that are right only without, or only with each filter, int32 (F,).
        least_first: Images that are right with the 0, …, F least useful filters off, as many as
            `stops(F)` says, int32 (S,).
        most_first: Likewise with the most useful filters off.
    """

    layer: str
    images: int
    correct: int
    loss: float
    loss_rise: np.ndarray
    loss_error: np.ndarray
    fixed: np.ndarray
    broken: np.ndarray
    least_first: np.ndarray
    most_first: np.ndarray

    @cached_property
    def order(self) -> np.ndarray:
        """The filters, the least useful one first, int (F,)."""
        return least_useful_first(self.loss_rise)

    @cached_property
    def accuracy_change(self) -> np.ndarray:
        """By how much the accuracy changes without each filter, float64 (F,), in [-1, 1]."""
        return (self.fixed - self.broken) / self.images


def least_useful_first(loss_rise: np.ndarray) -> np.ndarray:
    """Order filters by what the loss rises without each; float (F,) in, int (F,) out."""
    return np.argsort(loss_rise, kind="stable")


def stops(filters: int) -> np.ndarray:
    """Return how many filters are off along a curve: from 0 to all, rising, int (S,)."""
    return np.unique(np.rint(np.linspace(0, filters, STOPS)).astype(int))


def operations(filters: int) -> int:
    """Return how often a layer is operated on: each filter alone, and along both curves."""
    return filters + 2 * len(stops(filters))


def images_of(model: ModelSpec, shape: LayerShape) -> int:
    """Return on how many validation images the filters of a layer are judged, at most."""
    return affordable(shape.output[-1] * mult_adds_behind(model, shape.name), MULT_ADDS)


@dataclass(frozen=True, kw_only=True)
class _Description:
    layer: str
    images: int
    correct: int
    loss: float


def write_usefulness(folder: Path, found: Sequence[LayerUsefulness]) -> None:
    """Write what `load_usefulness` reads."""
    names = [field.name for field in fields(_Description)]
    layers = [{name: getattr(each, name) for name in names} for each in found]
    arrays = {f"{each.layer}/{name}": getattr(each, name) for each in found for name in _DTYPES}
    np.savez(folder / _ARRAYS_NAME, **arrays)
    write_json(folder / _DESCRIPTION_NAME, {"layers": layers})


def load_usefulness(run: Run, store: RunStore) -> dict[str, LayerUsefulness]:
    """Read how useful the filters of a run are, by the names of their layers.

    Raises:
        StoreError: The run has no weights yet, or the files are damaged.
        DerivedError: It has not been computed yet.
    """
    folder = load(run, USEFULNESS, store)
    filters = {shape.name: shape.output[-1] for shape in convolutions(run.experiment.model)}
    try:
        described = as_type(read_json(folder / _DESCRIPTION_NAME)["layers"], list[_Description])
        arrays = read_arrays(folder / _ARRAYS_NAME, compressed=False)
        if [each.layer for each in described] != list(filters):
            raise ValueError("it is about other layers")
        return {each.layer: _read(each, arrays, filters[each.layer]) for each in described}
    except (StoreError, ValueError, TypeError, KeyError) as error:
        raise StoreError(
            f"The usefulness of the filters of run {run.run_id} is damaged. Delete {folder}, and "
            "compute it again."
        ) from error


def _read(
    described: _Description, arrays: Mapping[str, np.ndarray], filters: int
) -> LayerUsefulness:
    """Refuse what `fmnist_core.inside.usefulness` does not write.

    Raises:
        KeyError: An array is missing.
        ValueError: A shape, a type or a number is not as it must be.
    """
    found: dict[str, Any] = {name: arrays[f"{described.layer}/{name}"] for name in _DTYPES}
    for name, array in found.items():
        length = len(stops(filters)) if name in _CURVES else filters
        if array.dtype != _DTYPES[name] or array.shape != (length,):
            raise ValueError(f"{name} of {described.layer} is no list of {length:,} numbers")
        counts = array.dtype == np.int32
        most = described.images if counts else np.finfo(np.float32).max
        least = 0 if counts or name == "loss_error" else -most
        if not np.all((array >= least) & (array <= most)):  # false for NaN too
            raise ValueError(f"{name} of {described.layer} has numbers that cannot be")
    if not 0 <= described.correct <= described.images or not 1 <= described.images <= IMAGES:
        raise ValueError(f"{described.layer} was judged on a number of images that cannot be")
    return LayerUsefulness(**asdict(described), **found)


def likely_seconds(run: Run) -> float | None:
    """Guess how long computing it takes, by the speed of the training; None if unknown.

    Raises:
        StoreError: The run's result is damaged.
    """
    result, model = run.result, run.experiment.model
    if result is None or result.images_per_second <= 0:
        return None
    all_of_it = max(1, sum(shape.cost.mult_adds for shape in trace(model).layers))
    passes = 0.0  # through the whole network, of one image
    for shape in convolutions(model):
        share = mult_adds_behind(model, shape.name) / all_of_it
        passes += share * images_of(model, shape) * operations(shape.output[-1])
    return START_SECONDS + passes / (FORWARD * result.images_per_second)
