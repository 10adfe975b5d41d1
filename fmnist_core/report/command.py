"""The commands that repeat a run."""

from __future__ import annotations

import shlex
from typing import Any

from fmnist_core.model.presets import PRESETS, Preset
from fmnist_core.settings import settings_of
from fmnist_core.specs import Experiment
from fmnist_core.specs.parts import PARTS, full_name


def train_command(experiment: Experiment) -> str | None:
    """Return the command that trains the same again, seed and all; None where no preset has it.

    The name of the network does not count: what it is made of does.
    """
    alike = [each for each in PRESETS if each.experiment.model.layers == experiment.model.layers]
    if not alike:
        return None
    best = min(alike, key=lambda preset: len(_flags(experiment, preset)))
    return shlex.join(["python", "-m", "fmnist_core", "train", *_flags(experiment, best)])


def _flags(experiment: Experiment, preset: Preset) -> list[str]:
    flags = ["--preset", preset.name]
    for part in PARTS:
        asked, there = getattr(experiment, part), getattr(preset.experiment, part)
        for name in settings_of(asked):
            value = getattr(asked, name)
            if value != getattr(there, name):
                flags += _flag(full_name(part, name).replace("_", "-"), value)
    return flags


def _flag(name: str, value: Any) -> list[str]:
    if isinstance(value, bool):
        return [f"--{name}" if value else f"--no-{name}"]
    if isinstance(value, tuple):
        return [f"--{name}={','.join(map(str, value))}"]
    return [f"--{name}", "none" if value is None else str(value)]
