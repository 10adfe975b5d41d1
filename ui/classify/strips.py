"""The copies of a picture in strips: the picture in the middle, the largest change at the ends."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from fmnist_core.analysis.stability import KINDS, MIRROR, SHIFT, TURN, Stability, Variant
from fmnist_core.labels import CLASS_NAMES
from ui.format import percent
from ui.sprite import COLUMNS, sprite

# Of each kind the strips: what they show, where their left half leads, and their right half.
_STRIPS = {
    SHIFT: (("Shifted sideways", "left", "right"), ("Shifted up and down", "up", "down")),
    TURN: (("Turned", "left", "right"),),
    MIRROR: (("Mirrored", None, ""),),
}
_ARROWS = {"left": "←", "right": "→", "up": "↑", "down": "↓"}


def strip_data(pixels: np.ndarray, own: float, found: Stability) -> dict[str, Any]:
    """Describe the strips in JSON.

    Args:
        pixels: The picture, uint8 (28, 28).
        own: With which probability it is taken for its class.
        found: What its copies are taken for.
    """
    images = np.stack([pixels, *(each.pixels for each in found.variants)])
    return {
        "sprite": sprite(images),
        "columns": COLUMNS,
        "rows": -(-len(images) // COLUMNS),
        "groups": [_group(kind, name, own, found) for kind, name in KINDS.items()],
    }


def _group(kind: str, name: str, own: float, found: Stability) -> dict[str, Any]:
    places = found.of_kind(kind)
    same = int(found.agrees[places].sum())
    return {
        "name": name,
        "share": f"{same} of {len(places)} taken for {CLASS_NAMES[found.label]} too",
        "strips": [
            {
                "label": label,
                "tiles": [
                    *_tiles(reversed(_leading(kind, before, found)), found),
                    _own_tile(own, found.label),
                    *_tiles(_leading(kind, after, found), found),
                ],
            }
            for label, before, after in _STRIPS[kind]
        ],
    }


def _leading(kind: str, way: str | None, found: Stability) -> list[int]:
    """Return where the variants of a kind are that lead one way, the smallest change first."""
    ours = [place for place in found.of_kind(kind) if found.variants[place].way == way]
    return sorted(ours, key=lambda place: found.variants[place].amount)


def _tiles(places: Iterable[int], found: Stability) -> list[dict[str, Any]]:
    return [_tile(place, found) for place in places]


def _tile(place: int, found: Stability) -> dict[str, Any]:
    variant, same = found.variants[place], bool(found.agrees[place])
    name = CLASS_NAMES[found.y_pred[place]]
    confidence = float(found.confidence[place])
    said = "the same class" if same else "another class"
    return {
        "place": 1 + int(place),
        "words": _short(variant),
        "taken": [f"{'✓' if same else '✗'} {percent(confidence, 0)}", *([] if same else [name])],
        "kind": "same" if same else "other",
        "label": f"{variant.words}: {name}, {percent(confidence, 1)}, {said}",
    }


def _own_tile(confidence: float, label: int) -> dict[str, Any]:
    name = CLASS_NAMES[label]
    return {
        "place": 0,
        "words": "as it is",
        "taken": [percent(confidence, 0)],
        "kind": "own",
        "label": f"The picture as it is: {name}, {percent(confidence, 1)}",
    }


def _short(variant: Variant) -> str:
    if variant.kind == MIRROR:
        return "mirrored"
    unit = " px" if variant.kind == SHIFT else "°"
    return f"{_ARROWS[variant.way]} {variant.amount}{unit}"
