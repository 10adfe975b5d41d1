"""Every setting of an experiment but its layers, under one name that no other setting has."""

from __future__ import annotations

from typing import Any

from fmnist_core.settings import Setting, settings_of
from fmnist_core.specs.augment import AugmentSpec
from fmnist_core.specs.base import Spec
from fmnist_core.specs.data import DataSpec
from fmnist_core.specs.experiment import Experiment
from fmnist_core.specs.train import TrainSpec

PARTS: dict[str, type[Spec]] = {"train": TrainSpec, "data": DataSpec, "augment": AugmentSpec}
_OTHER_NAMES = {("data", "seed"): "split_seed"}  # train has a seed too


def full_name(part: str, name: str) -> str:
    """Return the name of a setting that no other part's setting has."""
    return _OTHER_NAMES.get((part, name), name)


# The settings by their full names, in the order in which a person is asked for them.
SETTINGS: dict[str, Setting] = {
    full_name(part, name): setting
    for part, spec in PARTS.items()
    for name, setting in settings_of(spec).items()
}


def changed_settings(experiment: Experiment) -> dict[str, Any]:
    """Return the settings that are not at their default, by full name."""
    return {
        full_name(part, name): value
        for part in PARTS
        for name, setting in settings_of(getattr(experiment, part)).items()
        if (value := getattr(getattr(experiment, part), name)) != setting.default
    }
