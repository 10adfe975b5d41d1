"""What a run is asked to be: dataclasses that check themselves, become JSON and come back."""

from fmnist_core.specs.augment import AugmentSpec
from fmnist_core.specs.data import DataSpec
from fmnist_core.specs.experiment import Experiment
from fmnist_core.specs.model import LayerSpec, ModelSpec
from fmnist_core.specs.train import TrainSpec

__all__ = ["AugmentSpec", "DataSpec", "Experiment", "LayerSpec", "ModelSpec", "TrainSpec"]
