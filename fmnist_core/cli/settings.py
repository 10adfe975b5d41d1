"""The settings of an experiment as flags, and the flags as changes to an experiment."""

from __future__ import annotations

import argparse
from typing import Any

from fmnist_core.settings import Number, Setting, Switch, Weights, settings_of
from fmnist_core.specs import Experiment
from fmnist_core.specs.parts import PARTS, full_name
from fmnist_core.specs.text import number


def add_settings(command: argparse.ArgumentParser) -> None:
    """Add a flag for each setting of training, data and augmentation."""
    for part, spec in PARTS.items():
        group = command.add_argument_group(f"{spec.__name__} (default: as the preset has it)")
        add_part(group, part)


def add_part(group: Any, part: str) -> None:
    """Add a flag for each setting of "train", "data" or "augment"."""
    for name, setting in settings_of(PARTS[part]).items():
        _add_flag(group, full_name(part, name), setting)


def given_settings(args: argparse.Namespace, part: str) -> dict[str, Any]:
    """Return the settings of a part that the command line names, not yet checked."""
    return {
        name: _parsed(setting, given)
        for name, setting in settings_of(PARTS[part]).items()
        if (given := getattr(args, full_name(part, name))) is not None
    }


def _add_flag(group: Any, name: str, setting: Setting) -> None:
    flag = "--" + name.replace("_", "-")
    help_text = setting.help.replace("%", "%%")
    if isinstance(setting, Switch):
        group.add_argument(
            flag, dest=name, action=argparse.BooleanOptionalAction, default=None, help=help_text
        )
    else:
        metavar = type(setting).__name__.upper()
        group.add_argument(flag, dest=name, metavar=metavar, help=help_text)


def changed_experiment(base: Experiment, args: argparse.Namespace) -> Experiment:
    """Return the experiment with the changes of the command line."""
    changed: dict[str, Any] = base.to_dict()
    for part in PARTS:
        changed[part] |= given_settings(args, part)
    if args.epochs is not None and args.steps is None:
        changed["train"]["steps"] = None
    return Experiment.from_dict(changed)


def _parsed(setting: Setting, given: Any) -> Any:
    """Turn a flag's text into what the setting can check; what cannot be turned is left to it."""
    if isinstance(setting, Weights):
        return [number(part) for part in given.split(",")] if given else []
    return number(given) if isinstance(setting, Number) else given
