"""What tells whether pictures are like the training data: their features and their energy."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from weakref import WeakKeyDictionary

import keras
import numpy as np

from fmnist_core.analysis.familiarity import (
    Familiarity,
    distances,
    energies,
    familiarity_of,
    write_familiarity,
)
from fmnist_core.analysis.features import load_features
from fmnist_core.analysis.neighbours import Features
from fmnist_core.data.files import load
from fmnist_core.data.splits import split_indices
from fmnist_core.exceptions import DerivedError
from fmnist_core.inference.messages import Message
from fmnist_core.inside.classify import classify
from fmnist_core.inside.features import FeatureReader, reader_of
from fmnist_core.inside.layer_values import steps_of
from fmnist_core.inside.network import Network, shown_layers, to_input
from fmnist_core.inside.saved_model import saved_model
from fmnist_core.model.memory import EVALUATION_BATCH
from fmnist_core.model.shapes import score_layer
from fmnist_core.runs.run import Run
from fmnist_core.runs.store import RunStore

_READERS: WeakKeyDictionary[Network, FeatureReader] = WeakKeyDictionary()
_SCORES: WeakKeyDictionary[Network, keras.Model | None] = WeakKeyDictionary()


def compute(run: Run, folder: Path, on_progress: Callable[[int, int], None]) -> None:
    """Write what the run's validation images score, as `load_familiarity` reads it.

    Args:
        run: One that has weights, and whose features are there.
        folder: Empty.
        on_progress: Told how many validation images are done, and of how many.

    Raises:
        StoreError: The run's weights are missing, damaged or foreign, or its features are.
        DataError: The data set is not there.
        DerivedError: The network gives nothing to tell images by.
    """
    data = load()
    features = load_features(run, RunStore(run.folder.parent))
    network = Network(run=run, model=saved_model(run, data), data=data)
    write_familiarity(folder, measured(network, features, on_progress))


def measured(
    network: Network, features: Features, on_progress: Callable[[int, int], None]
) -> Familiarity:
    """Return what the validation images of a network's run score.

    Raises:
        DerivedError: The network gives nothing to tell images by.
    """
    split = split_indices(network.data.labels, network.run.experiment.data)
    total = len(split.validation)
    distance, energy = np.empty(total, np.float32), np.zeros(total, np.float32)
    for start in range(0, total, EVALUATION_BATCH):
        on_progress(start, total)
        place = slice(start, start + EVALUATION_BATCH)
        index = split.validation[place]
        distance[place] = distances(features, features.vectors[index], split.train)
        if scores_of(network) is not None:
            energy[place] = energies_of(network, network.data.images[index])
    if not np.ptp(distance) or not np.isfinite(energy).all():
        raise DerivedError(
            "The network does not tell images apart: what it reads of them is all the same, or no "
            "number. Choose another run."
        )
    return familiarity_of(distance, None if scores_of(network) is None else energy)


def familiarity(network: Network, arrays: Mapping[str, np.ndarray]) -> Message:
    """Classify pictures, and return what tells whether they are like the training data.

    Args:
        network: Which looks at them.
        arrays: "images", uint8 (N, 28, 28), N at most a few thousand.

    Returns:
        "proba", float32 (N, 10); "vectors", float16 (N, D), as the run's features have them; and
        "energy", float32 (N,), unless the network's scores cannot be had.

    Raises:
        DerivedError: The network has no layer that reads features.
    """
    images, found = arrays["images"], classify(network, arrays).arrays
    if network not in _READERS:
        _READERS[network] = reader_of(network.run.experiment.model, network.model)
    found["vectors"] = _READERS[network].read(images)
    if scores_of(network) is not None:
        found["energy"] = energies_of(network, images)
    return Message({}, found)


def energies_of(network: Network, images: np.ndarray) -> np.ndarray:
    """Return the energy of pictures, uint8 (N, 28, 28), as float32 (N,)."""
    scores = scores_of(network)
    assert scores is not None
    return energies(np.asarray(scores(to_input(images), training=False)))


def scores_of(network: Network) -> keras.Model | None:
    """Return the network up to what its softmax takes, (N, 10).

    None for a network that turns its scores into probabilities and then goes on: what one would
    take for scores there lacks the constant that is the energy.
    """
    if network not in _SCORES:
        _SCORES[network] = _up_to_softmax(network)
    return _SCORES[network]


def _up_to_softmax(network: Network) -> keras.Model | None:
    if network.from_logits:
        return network.model
    last = shown_layers(network.model)[-1]
    if last.name != score_layer(network.run.experiment.model).name:
        return None
    return keras.Model(network.model.inputs, steps_of(last)["before"])
