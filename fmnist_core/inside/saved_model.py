"""A run's best weights in its network, safely: the file may come from anybody."""

from __future__ import annotations

import json
import zipfile
import zlib
from pathlib import Path
from typing import Any

import keras

from fmnist_core.data.files import FashionMnist
from fmnist_core.data.normalisation import pixel_statistics
from fmnist_core.data.splits import split_indices
from fmnist_core.exceptions import StoreError
from fmnist_core.model.build import NORMALISATION, build_model
from fmnist_core.runs.run import Run
from fmnist_core.specs.model import INPUT, ModelSpec

_CONFIG, _WEIGHTS = "config.json", "model.weights.h5"
_SPARE_BYTES = 16 * 2**20  # of an HDF5 file around its arrays, and of a description
# What Keras, h5py, zipfile and zlib raise on damaged and foreign files.
_DAMAGES = (
    *(OSError, EOFError, ValueError, TypeError, KeyError, AttributeError, RuntimeError),
    *(RecursionError, NotImplementedError, zipfile.BadZipFile, zlib.error),
)


def saved_model(run: Run, data: FashionMnist) -> keras.Model:
    """Return a run's network with its best weights, in float32: (N, 28, 28, 1) in [0, 1] → (N, 10).

    The network is built from the experiment, and only the numbers are taken from the file: so no
    file can bring code along, as Keras's own loading of a model has let some do even in safe mode,
    and what comes out has the shapes that the experiment says.

    Args:
        run: One that has weights.
        data: What it was trained on, which its normalisation was measured on.

    Raises:
        StoreError: There are none yet, the file is damaged, or it is that of another network.
    """
    path = run.model_path
    if not run.has_model:
        raise StoreError(run.why_no_model)
    experiment = run.experiment
    split = split_indices(data.labels, experiment.data)
    statistics = pixel_statistics(data.images, split.train, experiment.data)
    model = build_model(experiment.model, statistics)
    try:
        _check(path, experiment.model, model.count_params())
        model.load_weights(path)
    except _DAMAGES as error:
        first = (str(error).splitlines() or [""])[0]
        raise StoreError(
            f"{run.run_id}/{path.name} holds no weights of this run's network ({first[:200]}). "
            "Extend the run by an epoch to have it written anew, or choose another run."
        ) from error
    return model


def _check(path: Path, spec: ModelSpec, parameters: int) -> None:
    """Refuse a file that holds other layers, or that unfolds to far more than the weights.

    Raises:
        ValueError: It does.
    """
    with zipfile.ZipFile(path) as archive:
        if archive.getinfo(_CONFIG).file_size > _SPARE_BYTES:
            raise ValueError("its description is too long")
        if archive.getinfo(_WEIGHTS).file_size > 4 * parameters + _SPARE_BYTES:
            raise ValueError("it is too large")
        layers = json.loads(archive.read(_CONFIG))["config"]["layers"]
    found = {_identity(layer) for layer in layers}
    found -= {("InputLayer", INPUT), ("Rescaling", NORMALISATION)}
    wanted = {(layer.type, layer.name) for layer in spec.layers}
    if strange := sorted(found - wanted):
        raise ValueError(f'its layer "{strange[0][1][:40]}", a {strange[0][0][:40]}, is not in it')
    if missing := sorted(wanted - found):
        raise ValueError(f'it lacks the layer "{missing[0][1]}"')


def _identity(layer: Any) -> tuple[str, str]:
    return str(layer["class_name"]), str(layer["config"]["name"])
