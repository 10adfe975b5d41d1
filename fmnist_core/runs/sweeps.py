"""A sweep: one experiment with every combination of some settings, or with a few drawn at random.

Its runs share a tag, by which they are found, looked at together, and stopped.
"""

from __future__ import annotations

import math
import re
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from fmnist_core.exceptions import FmnistError, RunNotFound, SpecError, StoreError
from fmnist_core.model import presets
from fmnist_core.model.activation import ACTIVATION, NAME, with_activation
from fmnist_core.runs.run import Run
from fmnist_core.runs.store import RunStore
from fmnist_core.runs.summary import RunSummary
from fmnist_core.settings import Choice, Number, Setting, Switch, settings_of
from fmnist_core.specs import Experiment
from fmnist_core.specs.parts import PARTS, SETTINGS, full_name
from fmnist_core.specs.train import KERAS_RATES

MAX_RUNS = 200
MAX_NAME = 60  # characters of a run's name
_TAG = re.compile(r"sweep-[0-9a-f]{6}")

# What can be varied: the activation of the network, and each setting that is one word or number.
AXES: dict[str, Setting] = {
    NAME: ACTIVATION,
    **{
        name: setting
        for name, setting in SETTINGS.items()
        if isinstance(setting, (Choice, Number, Switch))
    },
}
COUNT = Number(
    label="Runs",
    help="How many combinations are drawn, each at most once.",
    default=10,
    minimum=1,
    maximum=MAX_RUNS,
    integer=True,
)
SEED = Number(
    label="Seed of the draw",
    help="The same number draws the same combinations.",
    default=0,
    minimum=0,
    maximum=2**31 - 1,
    integer=True,
)
RATES = Switch(
    label="Keras's learning rates",
    help="Each optimizer has the rate that Keras takes where only its word is given: 0.01 for sgd, "
    "0.001 for the others. Else all have the experiment's.",
    default=False,
)

# Sweeps that reports made, by the preset with their network.
SWEEPS: Mapping[str, Mapping[str, tuple[Any, ...]]] = MappingProxyType(
    {
        "r1-grid": {
            "activation": ("relu", "selu", "elu", "tanh", "leaky_relu"),
            "optimizer": ("adam", "sgd", "rmsprop", "adagrad", "adadelta", "adamax", "nadam"),
        }
    }
)


@dataclass(frozen=True, kw_only=True)
class SweepSpec:
    """What a sweep is asked to be.

    Attributes:
        base: The experiment that is varied.
        axes: The values of each varied setting, by its name in `AXES`; equal ones count once.
        count: How many combinations are drawn, 1 to 200; None for all of them. Of fewer than that,
            all are taken.
        seed: Fixes the draw.
        keras_rates: Whether each run has Keras's learning rate for its optimizer instead of the
            base's.
    """

    base: Experiment
    axes: Mapping[str, tuple[Any, ...]]
    count: int | None = None
    seed: int = SEED.default
    keras_rates: bool = RATES.default

    def __post_init__(self) -> None:
        """Check each value by its own setting, and the number of runs."""
        if not self.axes:
            raise SpecError("settings to vary", [], "one or more of " + ", ".join(AXES))
        checked = {name: _checked(name, values) for name, values in self.axes.items()}
        object.__setattr__(self, "axes", MappingProxyType(checked))
        object.__setattr__(self, "seed", SEED.check(SEED.label, self.seed))
        RATES.check(RATES.label, self.keras_rates)
        if self.keras_rates and "learning_rate" in self.axes:
            raise SpecError("settings to vary", "learning_rate", "others, with Keras's rates")
        if self.count is not None:
            object.__setattr__(self, "count", COUNT.check(COUNT.label, self.count))
        elif self.size > MAX_RUNS:
            expected = f"at most {MAX_RUNS} in a grid; leave values out, or draw some at random"
            raise SpecError("combinations", self.size, expected)

    @property
    def size(self) -> int:
        """Number of all combinations."""
        return math.prod(len(values) for values in self.axes.values())

    def combinations(self) -> list[dict[str, Any]]:
        """Return the values of each run by setting, as scikit-learn orders or draws them."""
        from sklearn.model_selection import ParameterGrid, ParameterSampler

        axes = {name: list(values) for name, values in self.axes.items()}
        if self.count is None or self.count >= self.size:
            found = list(ParameterGrid(axes))
        else:
            found = list(ParameterSampler(axes, self.count, random_state=self.seed))
        return [{name: each[name] for name in axes} for each in found]

    def experiments(self) -> list[Experiment]:
        """Return what the runs are to be, each named by its values.

        Raises:
            FmnistError: A combination is not allowed; the message names it.
        """
        base = self.base
        return [_varied(base, values, self.keras_rates) for values in self.combinations()]


def _checked(name: str, values: object) -> tuple[Any, ...]:
    """Return the values of an axis in their plain types, each once."""
    if name not in AXES:
        raise SpecError("setting to vary", name, "one of " + ", ".join(AXES))
    if not isinstance(values, (list, tuple)) or not 1 <= len(values) <= MAX_RUNS:
        raise SpecError(f"values of {name}", values, f"a list of 1 to {MAX_RUNS} of them")
    return tuple(dict.fromkeys(AXES[name].check(name, value) for value in values))


def _varied(base: Experiment, values: Mapping[str, Any], keras_rates: bool) -> Experiment:
    data = base.to_dict()
    for part, spec in PARTS.items():
        names = {full_name(part, name): name for name in settings_of(spec)}
        data[part] |= {names[key]: value for key, value in values.items() if key in names}
    if keras_rates:
        data["train"]["learning_rate"] = KERAS_RATES[data["train"]["optimizer"]]
    if "epochs" in values and "steps" not in values:
        data["train"]["steps"] = None  # they would go before the epochs
    data["name"] = _name(base, values)
    try:
        made = Experiment.from_dict(data)
        if NAME in values:
            made = replace(made, model=with_activation(made.model, values[NAME]))
    except FmnistError as error:
        raise FmnistError(f"With {in_words(values)}: {error}") from error
    return made


def in_words(values: Mapping[str, Any]) -> str:
    """Write a combination: optimizer sgd, batch_size 64."""
    return ", ".join(f"{name} {_word(value)}" for name, value in values.items())


def _word(value: Any) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    return "none" if value is None else f"{value:.6g}" if isinstance(value, float) else str(value)


def _name(base: Experiment, values: Mapping[str, Any]) -> str:
    words = " ".join(_word(value) for value in values.values())
    plain = re.sub(r"[^A-Za-z0-9 ._-]", " ", f"{base.title[:25].strip()} {words}")
    return plain[:MAX_NAME].strip()


def new_tag() -> str:
    """Return a tag that no other sweep has: sweep- and six digits."""
    return f"sweep-{secrets.token_hex(3)}"


def sweep_tags(rows: Iterable[RunSummary]) -> list[str]:
    """Return the tags of the sweeps among runs, in the order in which they are met."""
    return list(dict.fromkeys(tag for row in rows for tag in row.notes.tags if _TAG.fullmatch(tag)))


def tagged(rows: Iterable[RunSummary], tag: str) -> list[RunSummary]:
    """Return the runs that have a tag."""
    return [row for row in rows if tag in row.notes.tags]


def stop_all(store: RunStore, tag: str) -> list[str]:
    """Ask every live run that has a tag to end and keep what it has learned; return their ids.

    Raises:
        RunNotFound: No run has the tag.
        StoreError: Some could not be told; the others are.
    """
    rows = tagged(store.summaries(), tag)
    if not rows:
        raise RunNotFound(f'No run has the tag "{tag[:40]}". "fmnist runs" lists all with theirs.')
    live = [Run(store.root / row.run_id) for row in rows if row.live]
    told, problems = [], []
    for run in live:
        try:
            run.stop()
            told.append(run.run_id)
        except FmnistError as error:
            problems.append(str(error))
    if problems:
        raise StoreError(f"{len(told)} of {len(live)} runs will stop. {problems[0]}")
    return told


def preset_sweep(name: str) -> SweepSpec:
    """Return the sweep that a report made. It names optimizers by their words only.

    Raises:
        FmnistError: There is none of that name.
    """
    if name not in SWEEPS:
        raise FmnistError(f'There is no sweep called "{name[:40]}". There is: {", ".join(SWEEPS)}.')
    return SweepSpec(base=presets.load(name).experiment, axes=dict(SWEEPS[name]), keras_rates=True)
