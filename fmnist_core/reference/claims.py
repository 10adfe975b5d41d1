"""What a report claims, and the experiment that checks it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from fmnist_core.model import presets
from fmnist_core.specs import Experiment
from fmnist_core.specs.parts import PARTS

# To see that it works; what it says of a claim is nothing.
QUICK: Mapping[str, Mapping[str, Any]] = {
    "train": {"epochs": 2, "steps": None},
    "data": {"subset": 6_000},
}


@dataclass(frozen=True, kw_only=True)
class Claim:
    """One figure of a report.

    Attributes:
        name: What people type; that of its preset unless more than one claim is made of it.
        label: What the report calls it.
        preset: Name of the preset that repeats it.
        low, high: The accuracy that it claims, in [0, 1]; apart where the report says two figures.
        part: Of which images: "test" or "validation".
        loss: The loss that it claims on them; None where it says none.
        changes: Settings that differ from the preset's, by part of the experiment.
        shortened: How much shorter the training is than the report's, as in "24 of 50 epochs"; ""
            where it is not.
        note: What else is to be said of it; "" for nothing.
    """

    name: str
    label: str
    preset: str
    low: float
    high: float
    part: str = "test"
    loss: float | None = None
    changes: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    shortened: str = ""
    note: str = ""

    def experiment(self, *, seed: int | None = None, quick: bool = False) -> Experiment:
        """Return what is trained to check it.

        Args:
            seed: None for the preset's.
            quick: Only 2 epochs on 6,000 images, to see that it works; says nothing of the claim.
        """
        made = _changed(self.preset, self.changes, QUICK if quick else {})
        name = f"{self.name} quick" if quick else self.name
        train = made.train if seed is None else replace(made.train, seed=seed)
        return replace(made, name=name, train=train)


@dataclass(frozen=True, kw_only=True)
class GridClaim:
    """What a report says of a cell of its grid, or of all cells of a row.

    Attributes:
        label: What they are.
        where: The settings that they share, by their names in the report's sweep.
        low, high: Between which the test accuracy lies, in [0, 1].
    """

    label: str
    where: Mapping[str, Any]
    low: float
    high: float


@dataclass(frozen=True, kw_only=True)
class Timed:
    """One way to train an experiment, which a report timed or would have timed.

    Attributes:
        label: How it differs from the other ways.
        preset: Name of the preset.
        changes: Settings that differ from the preset's, by part of the experiment.
        said: What the report says; "" for nothing.
    """

    label: str
    preset: str
    changes: Mapping[str, Mapping[str, Any]]
    said: str = ""

    @property
    def experiment(self) -> Experiment:
        """What is timed."""
        return _changed(self.preset, self.changes)


def _changed(preset: str, *all_changes: Mapping[str, Mapping[str, Any]]) -> Experiment:
    """Return a preset's experiment with other settings, by part; the last of them count."""
    data = presets.load(preset).experiment.to_dict()
    for changes in all_changes:
        for part, settings in changes.items():
            assert part in PARTS
            data[part] |= dict(settings)
    return Experiment.from_dict(data)


@dataclass(frozen=True, kw_only=True)
class Report:
    """One report.

    Attributes:
        key: "r0" to "r4".
        title: What it is called here.
        question: What it asks, a sentence.
        answer: What can be said of it now, beyond the table; "" for nothing.
        claims: Its figures, in its order.
        sweep: Name of the preset of a sweep that it made; "" for none.
        grid: What it says of the runs of that sweep, besides the claims.
        timed: The ways to train whose times are compared.
    """

    key: str
    title: str
    question: str
    claims: tuple[Claim, ...]
    answer: str = ""
    sweep: str = ""
    grid: tuple[GridClaim, ...] = ()
    timed: tuple[Timed, ...] = ()
