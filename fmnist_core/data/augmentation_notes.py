"""What augmentation does to clothes in particular: what is never asked for, and what is missing."""

from __future__ import annotations

from dataclasses import dataclass

from fmnist_core.labels import CLASS_NAMES, IMAGE_SHAPE
from fmnist_core.specs.augment import AugmentSpec

GOOD, BAD, NEUTRAL = "good", "bad", "neutral"
SHOES = (5, 7, 9)
_UPSIDE_DOWN, _SIDEWAYS = 120, 60  # degrees each way
_FAR = 0.15  # shares of the side: four pixels
_LARGE = 18  # pixels of a cutout's side: 41 % of the image
_SHRUNK = 0.5


@dataclass(frozen=True)
class Note:
    """One sentence about what is switched on; `kind` is GOOD, BAD or NEUTRAL."""

    kind: str
    text: str


def notes(spec: AugmentSpec, label: int) -> list[Note]:
    """Say what the settings mean for images of a class.

    Args:
        spec: What is switched on.
        label: 0 to 9.

    Returns:
        Warnings first; empty where there is nothing to say.
    """
    found = [*_turned(spec, label), *_flipped(spec, label), *_cut(spec), *_mixed(spec)]
    return sorted(found, key=lambda note: (BAD, GOOD, NEUTRAL).index(note.kind))


def _turned(spec: AugmentSpec, label: int) -> list[Note]:
    name = CLASS_NAMES[label]
    if spec.rotation >= _UPSIDE_DOWN:
        how = "upside down"
    elif spec.rotation >= _SIDEWAYS:
        how = "lying on its side"
    else:
        return []
    return [
        Note(
            BAD,
            f"A rotation of up to {spec.rotation:g}° shows a {name} {how}, which never occurs in "
            "the test set: the network spends itself on what nobody will ask. 10 to 15° are usual.",
        )
    ]


def _flipped(spec: AugmentSpec, label: int) -> list[Note]:
    if label in SHOES:
        if spec.horizontal_flip:
            text = (
                "Good news: nearly all shoes of the data set point to the left, and with flips the "
                "network sees the other side too, as a photo of yours may show it."
            )
            return [Note(GOOD, text)]
        text = (
            "Nearly all shoes of the data set point to the left: without horizontal flip the "
            "network has never seen the other side."
        )
        return [Note(NEUTRAL, text)]
    if spec.horizontal_flip:
        text = "Flips are harmless here: clothes look much the same from both sides."
        return [Note(NEUTRAL, text)]
    return []


def _cut(spec: AugmentSpec) -> list[Note]:
    found = []
    if spec.shift > _FAR:
        pixels = round(spec.shift * IMAGE_SHAPE[0])
        text = (
            f"Clothes fill the picture from edge to edge, so a shift of {pixels} pixels cuts as "
            "much of them off; the test set has no such pictures. Up to 0.1 is usual."
        )
        found.append(Note(BAD, text))
    if spec.zoom > _SHRUNK:
        text = (
            f"A zoom of {spec.zoom:g} shows clothes at less than half their size, and cuts others "
            "off at the edges; in the test set all fill the picture."
        )
        found.append(Note(BAD, text))
    if spec.cutout > _LARGE:
        share = 100 * spec.cutout**2 / (IMAGE_SHAPE[0] * IMAGE_SHAPE[1])
        text = f"The cutout hides up to {share:.0f} % of a picture: often all that tells the class."
        found.append(Note(BAD, text))
    return found


def _mixed(spec: AugmentSpec) -> list[Note]:
    if not spec.mixes:
        return []
    text = (
        "Pictures are mixed in pairs, and their labels likewise: the accuracy on training images "
        "says little then."
    )
    return [Note(NEUTRAL, text)]
