"""What switching channels of a layer off does to a network: which layers, and how much is lost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from fmnist_core.analysis.comparison import ClassGain, class_gains, p_text, points_text
from fmnist_core.analysis.intervals import Z_95
from fmnist_core.analysis.metrics import confusion
from fmnist_core.analysis.paired import Gain, likely_real, paired_gain
from fmnist_core.analysis.predictions import Predictions
from fmnist_core.exceptions import ComparisonError
from fmnist_core.model.catalogue import CATALOGUE
from fmnist_core.model.shapes import LayerShape, trace
from fmnist_core.specs.model import ModelSpec

IMAGES = 2_000  # validation images, at most
NUMBERS = (500, 1_000, IMAGES)  # of images that can be chosen
QUICK_NUMBERS = (100, 200, *NUMBERS)  # of images on which one does not wait for the answer
QUICK_SECONDS = 1.0  # for all of them, so that the whole page comes within two
# The others pass on what they are given, or put it into another order.
_KINDS = ("convolution", "pooling", "normalisation", "activation", "dense", "merge")


def operable(model: ModelSpec) -> list[LayerShape]:
    """Return the layers whose channels can be switched off, in order.

    They make maps, or are dense, change what they are given, and are not the last layer.
    """
    shapes = trace(model).layers[: len(model.layers) - 1]
    kinds = {layer.name: CATALOGUE[layer.type].kind for layer in model.layers}
    return [
        shape
        for shape in shapes
        if kinds[shape.name] in _KINDS and (len(shape.output) == 3 or kinds[shape.name] == "dense")
    ]


def noun_of(model: ModelSpec, layer: str) -> str:
    """Return what the channels of a layer are called, in the singular."""
    kinds = {each.name: CATALOGUE[each.type].kind for each in model.layers}
    return {"convolution": "filter", "dense": "unit"}.get(kinds[layer], "map")


def mult_adds_behind(model: ModelSpec, layer: str) -> int:
    """Return the multiply-adds for one image of all layers after this one."""
    shapes = trace(model).layers
    place = [shape.name for shape in shapes].index(layer)
    return sum(shape.cost.mult_adds for shape in shapes[place + 1 :])


def affordable(cost: float, limit: float, numbers: Sequence[int] = NUMBERS) -> int:
    """Return how many images can be looked at: the largest of `numbers`, else the smallest.

    Args:
        cost: Of one image: multiply-adds, or seconds.
        limit: For all of them.
        numbers: To choose from.
    """
    return max((number for number in numbers if number * cost <= limit), default=min(numbers))


class LossChange(NamedTuple):
    """By how much the mean loss rose.

    Attributes:
        before, after: Mean cross-entropy in nats.
        rise: Their difference.
        interval: Its 95 % interval by the paired differences, normal.
    """

    before: float
    after: float
    rise: float
    interval: tuple[float, float]


@dataclass(frozen=True, kw_only=True, eq=False)
class Surgery:
    """A network before and after an operation, on the same images.

    Attributes:
        intact, cut: What it makes of them.
    """

    intact: Predictions
    cut: Predictions

    @cached_property
    def fixed(self) -> np.ndarray:
        """Whether an image is right only after the operation, bool (N,)."""
        return self.intact.wrong & ~self.cut.wrong

    @cached_property
    def broken(self) -> np.ndarray:
        """Whether an image is right only before the operation, bool (N,)."""
        return ~self.intact.wrong & self.cut.wrong

    @cached_property
    def gain(self) -> Gain:
        """The change of accuracy; negative for a loss."""
        fixed, broken = int(self.fixed.sum()), int(self.broken.sum())
        return paired_gain(len(self.intact), fixed, broken, np.random.default_rng(7))

    @cached_property
    def classes(self) -> list[ClassGain]:
        """The change of recall of each class that has images, in label order."""
        rng = np.random.default_rng(7)
        return class_gains(self.intact.y_true, self.fixed, self.broken, rng)

    @cached_property
    def loss(self) -> LossChange:
        """The change of the mean loss."""
        rises = self.cut.loss - self.intact.loss
        rise, error = float(rises.mean()), standard_error(rises)
        interval = (rise - Z_95 * error, rise + Z_95 * error)
        before, after = float(self.intact.loss.mean()), float(self.cut.loss.mean())
        return LossChange(before, after, rise, interval)

    def taken_for(self, label: int) -> tuple[np.ndarray, np.ndarray]:
        """Return the row of the confusion matrix of a true class before and after, int32 (10,)."""
        before, after = (
            confusion(each.y_true, each.y_pred)[label] for each in (self.intact, self.cut)
        )
        return before, after


def judge(index: np.ndarray, y_true: np.ndarray, intact: np.ndarray, cut: np.ndarray) -> Surgery:
    """Set two sets of probabilities of the same validation images against each other.

    Args:
        index: The images, int32 (N,), rising.
        y_true: Labels, uint8 (N,).
        intact: Before, float32 (N, 10), rows summing to 1.
        cut: Likewise after.

    Raises:
        ComparisonError: There are no images, or not as many of each.
    """
    if not len(index) or not len(index) == len(y_true) == len(intact) == len(cut):
        raise ComparisonError("There are no validation images that both were asked about.")
    before, after = (
        Predictions(part="validation", index=index, y_true=y_true, y_proba=proba)
        for proba in (intact, cut)
    )
    return Surgery(intact=before, cut=after)


def standard_error(values: np.ndarray) -> float:
    """Return that of a mean, float (N,); 0 for one value."""
    return float(values.std(ddof=1) / len(values) ** 0.5) if len(values) > 1 else 0.0


def verdict(found: Surgery, off: str) -> str:
    """Say in one sentence what an operation did.

    Args:
        found: It.
        off: What is off, such as "3 of 16 filters off".
    """
    gain = found.gain
    images = f"{gain.images:,} validation images"
    counts = f"{gain.fixed:,} fixed, {gain.broken:,} broken"
    if not gain.fixed + gain.broken:
        return f"With {off}, the network is right and wrong on {images} as before: {counts}."
    if gain.fixed == gain.broken:
        return f"With {off}, the network is right as often as before on {images}: {counts}."
    word = "better" if gain.gain > 0 else "worse"
    chance = "more than chance" if likely_real(gain.p_value) else "may be chance"
    return (
        f"With {off}, the network is {word} by {points_text(abs(gain.gain))} on {images}; "
        f"{counts}; {p_text(gain.p_value)}: {chance}."
    )
