"""The training images nearest to an image as components draw them."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from fmnist_core.analysis.neighbours import NOTHING, Features, Neighbours, source, used_as
from fmnist_core.data.splits import Split
from fmnist_core.labels import CLASS_NAMES
from ui import cache
from ui.sprite import COLUMNS, sprite

HEADING = "Nearest training images"
# What is written at an image that the network did not learn from.
_HELD_OUT = {"training": "", "validation": "held out", "": "not used"}


class Marks(NamedTuple):
    """How neighbours of a class are told from others: in words, and by a sign."""

    same: str
    same_sign: str
    other: str
    other_sign: str


def nearest_tiles(
    found: Neighbours, features: Features, split: Split, *, said: str, label: int, marks: Marks
) -> dict[str, Any]:
    """Describe the nearest images of one image in JSON, as `neighbours.js` draws them.

    Args:
        found: Of one image.
        features: By which they were found.
        split: Of the run.
        said: What is written above them.
        label: The class whose neighbours are marked as the same.
        marks: How.
    """
    index, similarity, labels = found.index[0], found.similarity[0], found.label[0]
    there = index != NOTHING
    uses = used_as(index, split)
    rows = zip(index[there], similarity[there], labels[there], uses[there], strict=True)
    notes = [said]
    if there.any():
        notes.append(source(features))
    if kept := int((uses[there] != "training").sum()):
        notes.append(f"Not trained on: {kept} of {len(index)}, marked.")
    return {
        "heading": HEADING,
        "sprite": sprite(cache.data_set().images[index[there]]) if there.any() else "",
        "columns": COLUMNS,
        "tiles": [_tile(*row, same=int(row[2]) == label, marks=marks) for row in rows],
        "notes": notes,
    }


def _tile(
    index: np.int32, similarity: np.float32, label: np.uint8, use: str, *, same: bool, marks: Marks
) -> dict[str, Any]:
    name, mark = CLASS_NAMES[label], _HELD_OUT[use]
    said = marks.same if same else marks.other
    return {
        "name": name,
        "sign": marks.same_sign if same else marks.other_sign,
        "text": f"{similarity:.3f}",
        "kind": "right" if same else "wrong",
        "mark": mark,
        "label": f"Image {index:,}: {name}, {said}, similarity {similarity:.3f}"
        + (f", {mark}" if mark else ""),
    }
