"""Fashion-MNIST Lab: experiments with small networks, as folders that anything can read.

from fmnist_core import presets, train
run = train(presets.load("small").experiment)
print(run.result.test.accuracy)
"""

from fmnist_core.exceptions import FmnistError
from fmnist_core.jobs import train
from fmnist_core.model import presets
from fmnist_core.runs.store import RunStore
from fmnist_core.specs import DataSpec, Experiment, LayerSpec, ModelSpec, TrainSpec

__all__ = [
    "DataSpec",
    "Experiment",
    "FmnistError",
    "LayerSpec",
    "ModelSpec",
    "RunStore",
    "TrainSpec",
    "presets",
    "train",
]
