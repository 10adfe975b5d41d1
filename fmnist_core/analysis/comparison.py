"""Two runs on the same images: what the second one mends and breaks, and whether that is chance.

All of it is about these two trained networks. Whether their settings differ by as much, or another
seed would turn it round, only repeats with other seeds can say.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from fmnist_core.analysis.alignment import align
from fmnist_core.analysis.metrics import confusion
from fmnist_core.analysis.paired import Gain, holm, likely_real, paired_gain
from fmnist_core.analysis.predictions import Predictions
from fmnist_core.labels import NUM_CLASSES


class ClassGain(NamedTuple):
    """The gain on one class, or on one way to mistake it.

    Attributes:
        true: The class.
        predicted: The class that it is mistaken for: fixed are then the images that only the first
            run takes for it, and broken those that only the second does. None for any class.
        gain: The gain, of all images of the true class. Its own p_value takes no account of how
            many classes or pairs were looked at.
        adjusted_p: The p_value that does, after Holm.
    """

    true: int
    predicted: int | None
    gain: Gain
    adjusted_p: float

    @property
    def likely_real(self) -> bool:
        """Whether the adjusted p-value is below 0.05."""
        return likely_real(self.adjusted_p)


@dataclass(frozen=True, kw_only=True, eq=False)
class Comparison:
    """Two runs, a and b, on the images that both predicted.

    Attributes:
        part: "validation" or "test", of b.
        images_a, images_b: How many images each run predicted.
        correct_a, correct_b: Right among the common images.
        index: The common images among all 70,000, int32 (N,), rising.
        fixed, broken: Whether only b, or only a, is right, bool (N,).
        overall: The gain on all of them.
        classes: The gain on each class that has images, in label order.
        pairs: The gain on each mistake that one of the runs makes and the other does not, the
            largest change first.
    """

    part: str
    images_a: int
    images_b: int
    correct_a: int
    correct_b: int
    index: np.ndarray
    fixed: np.ndarray
    broken: np.ndarray
    overall: Gain
    classes: list[ClassGain]
    pairs: list[ClassGain]

    @property
    def same_images(self) -> bool:
        """Whether both runs predicted the same images, so that none was left out."""
        return self.images_a == self.images_b == len(self.index)


def compare(a: Predictions, b: Predictions, seed: int = 7) -> Comparison:
    """Compare two runs image by image.

    Args:
        a: Of the first run.
        b: Of the second run. Images that only one of them predicted are left out.
        seed: Fixes the bootstrap.

    Raises:
        ComparisonError: No image was predicted by both, or they were told different labels.
    """
    common_a, common_b = align([a, b])
    fixed, broken = common_a.wrong & ~common_b.wrong, ~common_a.wrong & common_b.wrong
    rng = np.random.default_rng(seed)
    return Comparison(
        part=b.part,
        images_a=len(a),
        images_b=len(b),
        correct_a=int(np.sum(~common_a.wrong)),
        correct_b=int(np.sum(~common_b.wrong)),
        index=common_a.index,
        fixed=fixed,
        broken=broken,
        overall=paired_gain(len(common_a), int(fixed.sum()), int(broken.sum()), rng),
        classes=class_gains(common_a.y_true, fixed, broken, rng),
        pairs=_by_pair(common_a.y_true, common_a.y_pred, common_b.y_pred, rng),
    )


def verdict(comparison: Comparison, name_a: str, name_b: str) -> str:
    """Say in one sentence how the second run differs from the first.

    Args:
        comparison: Of the two.
        name_a: What the first run is called.
        name_b: What the second run is called.
    """
    gain = comparison.overall
    images = f"{gain.images:,} {comparison.part} images"
    if not comparison.same_images:
        of = f"{comparison.images_a:,} and {comparison.images_b:,}"
        images = f"the {gain.images:,} images that both predicted, of {of}"
    if not gain.fixed + gain.broken:
        return f"{name_b} and {name_a} are right and wrong alike on {images}: 0 fixed, 0 broken."
    counts = f"{gain.fixed:,} fixed, {gain.broken:,} broken"
    if gain.fixed == gain.broken:
        return f"{name_b} is right as often as {name_a} on {images}: {counts}."
    word = "better" if gain.gain > 0 else "worse"
    chance = "likely real" if likely_real(gain.p_value) else "may be chance"
    return (
        f"{name_b} is {word} than {name_a} by {points_text(abs(gain.gain))} on {images}; {counts}; "
        f"{p_text(gain.p_value)}: {chance}."
    )


def class_gains(
    y_true: np.ndarray, fixed: np.ndarray, broken: np.ndarray, rng: np.random.Generator
) -> list[ClassGain]:
    """Judge the gain on each class that has images, in label order.

    Args:
        y_true: Labels, int (N,).
        fixed: Whether an image is right only after, bool (N,).
        broken: Whether it is right only before, bool (N,).
        rng: For the bootstrap.
    """
    support, mended, lost = (
        np.bincount(labels, minlength=NUM_CLASSES).tolist()
        for labels in (y_true, y_true[fixed], y_true[broken])
    )
    present: list[tuple[int, int | None]] = [(int(label), None) for label in np.unique(y_true)]
    gains = [paired_gain(support[true], mended[true], lost[true], rng) for true, _ in present]
    return _adjusted(present, gains)


def points_text(share: float) -> str:
    """Write a difference of shares: 0.41 points; with a third digit where that would be 0.00."""
    points = 100 * share
    return f"{points:.3f} points" if 0 < abs(points) < 0.005 else f"{points:.2f} points"


def p_text(p_value: float) -> str:
    """Write a p-value: p = 0.042."""
    return "p < 0.001" if p_value < 0.0005 else f"p = {p_value:.3f}"


def _by_pair(
    y_true: np.ndarray, pred_a: np.ndarray, pred_b: np.ndarray, rng: np.random.Generator
) -> list[ClassGain]:
    support = np.bincount(y_true, minlength=NUM_CLASSES).tolist()
    differ = pred_a != pred_b
    left, entered = (confusion(y_true[differ], each[differ]) for each in (pred_a, pred_b))
    changed = left + entered
    np.fill_diagonal(changed, 0)
    pairs: list[tuple[int, int | None]] = [(true, to) for true, to in np.argwhere(changed).tolist()]
    gains = [
        paired_gain(support[true], int(left[true, to]), int(entered[true, to]), rng)
        for true, to in pairs
    ]
    found = _adjusted(pairs, gains)
    return sorted(found, key=lambda each: -abs(each.gain.fixed - each.gain.broken))


def _adjusted(keys: Sequence[tuple[int, int | None]], gains: Sequence[Gain]) -> list[ClassGain]:
    adjusted = holm([gain.p_value for gain in gains])
    return [
        ClassGain(true, to, gain, p_value)
        for (true, to), gain, p_value in zip(keys, gains, adjusted, strict=True)
    ]
