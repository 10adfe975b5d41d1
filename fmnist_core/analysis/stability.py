"""Whether an answer holds where a picture is shifted, turned or mirrored a little."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from fmnist_core.data.augmentation import maps_of, sample_bilinear
from fmnist_core.labels import CLASS_NAMES

SHIFT, TURN, MIRROR = "shift", "turn", "mirror"
KINDS = {SHIFT: "Shifted", TURN: "Turned", MIRROR: "Mirrored"}
SHIFTS = (1, 2, 3)  # pixels
TURNS = (5, 10, 15, 20)  # degrees
_WAYS = {"left": (-1, 0), "right": (1, 0), "up": (0, -1), "down": (0, 1)}  # right, down


@dataclass(frozen=True, kw_only=True, eq=False)
class Variant:
    """A picture that was changed in one way.

    Attributes:
        kind: A key of `KINDS`.
        amount: By how much: pixels of a shift, degrees of a turn, 0 of a mirror image.
        way: Where to: "left", "right", "up" or "down"; "" for a mirror image.
        pixels: uint8 (28, 28).
    """

    kind: str
    amount: int
    way: str
    pixels: np.ndarray

    @property
    def words(self) -> str:
        """Say what was changed: 2 px left, 10° right, mirror image."""
        if self.kind == MIRROR:
            return "mirror image"
        return f"{self.amount}{' px' if self.kind == SHIFT else '°'} {self.way}"


def variants(pixels: np.ndarray) -> tuple[Variant, ...]:
    """Shift, turn and mirror a picture, one at a time, as augmentation in training does.

    Pixels are interpolated between four; what comes in from outside is 0.

    Args:
        pixels: uint8 (28, 28).

    Returns:
        Shifts by 1, 2 and 3 pixels to each side, turns by 5, 10, 15 and 20 degrees both ways, and
        the mirror image, in this order.
    """
    asked = [
        *((SHIFT, amount, way) for way in _WAYS for amount in SHIFTS),
        *((TURN, amount, way) for way in ("left", "right") for amount in TURNS),
        (MIRROR, 0, ""),
    ]
    image = np.broadcast_to(pixels[..., np.newaxis], (len(asked), *pixels.shape, 1))
    moved = sample_bilinear(image.astype(np.float32), _maps(asked))[..., 0]
    levels = np.rint(moved).astype(np.uint8)
    return tuple(
        Variant(kind=kind, amount=amount, way=way, pixels=each)
        for (kind, amount, way), each in zip(asked, levels, strict=True)
    )


def _maps(asked: Sequence[tuple[str, int, str]]) -> np.ndarray:
    """Return from where pixels are taken, float32 (N, 8), as `affine_maps` does."""
    none = (0, 0)
    shifts = [
        [amount * step for step in (_WAYS[way] if kind == SHIFT else none)]
        for kind, amount, way in asked
    ]
    degrees = [
        (amount if way == "left" else -amount) if kind == TURN else 0 for kind, amount, way in asked
    ]
    right, down = np.array(shifts, np.float32).T
    return maps_of(
        np,
        angle=np.radians(np.array(degrees, np.float32)),
        scale=np.ones(len(asked), np.float32),
        right=right,
        down=down,
        mirrored=np.array([kind == MIRROR for kind, *_ in asked]),
    )


@dataclass(frozen=True, kw_only=True, eq=False)
class Stability:
    """What a network makes of a picture and of its variants.

    Attributes:
        variants: N of them.
        label: The class that the picture itself is taken for.
        y_pred: The classes that its variants are taken for, int (N,).
        confidence: With which probability, float (N,).
    """

    variants: tuple[Variant, ...]
    label: int
    y_pred: np.ndarray
    confidence: np.ndarray

    @cached_property
    def agrees(self) -> np.ndarray:
        """Whether each variant is taken for the same class, bool (N,)."""
        return self.y_pred == self.label

    @property
    def share(self) -> float:
        """The share of variants that are, in [0, 1]."""
        return float(self.agrees.mean())

    def of_kind(self, kind: str) -> np.ndarray:
        """Return where the variants of a kind are, int (M,)."""
        return np.flatnonzero([each.kind == kind for each in self.variants])

    def share_of(self, kind: str) -> float:
        """Return the share of a kind that is taken for the same class, in [0, 1]."""
        return float(self.agrees[self.of_kind(kind)].mean())

    def flips_at(self, kind: str) -> int | None:
        """Return the smallest amount at which a variant of a kind differs; None where none does."""
        places = [place for place in self.of_kind(kind) if not self.agrees[place]]
        return min((self.variants[place].amount for place in places), default=None)


def stability(changed: tuple[Variant, ...], y_proba: np.ndarray) -> Stability:
    """Compare what a network makes of variants with what it makes of the picture.

    Args:
        changed: N variants of a picture, at least one.
        y_proba: Probabilities of the picture itself and then of its variants, float (1 + N, 10).

    Raises:
        ValueError: The two do not fit.
    """
    if not changed or len(y_proba) != 1 + len(changed):
        raise ValueError(f"{len(y_proba)} rows are not those of {len(changed)} variants and one")
    label, *y_pred = y_proba.argmax(axis=1)
    return Stability(
        variants=changed,
        label=int(label),
        y_pred=np.array(y_pred),
        confidence=y_proba[1:].max(axis=1),
    )


def in_words(found: Stability) -> str:
    """Say how far the answer holds, in one sentence."""
    same, total = int(found.agrees.sum()), len(found.variants)
    name = CLASS_NAMES[found.label]
    if same == total:
        return f"All {total} shifted, turned and mirrored copies are taken for {name} too."
    start = f"{same} of {total} changed copies are taken for {name} too"
    return f"{start}; the answer first flips at {_joined(_flips(found))}."


def _flips(found: Stability) -> list[str]:
    how = {SHIFT: "a shift of {} px", TURN: "a turn of {}°", MIRROR: "the mirror image"}
    amounts = {kind: found.flips_at(kind) for kind in KINDS}
    return [how[kind].format(amount) for kind, amount in amounts.items() if amount is not None]


def _joined(parts: list[str]) -> str:
    *first, last = parts
    return f"{', '.join(first)} and {last}" if first else last
