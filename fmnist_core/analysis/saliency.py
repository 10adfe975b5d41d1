"""Saliency without a network: what can be asked of one, and its maps as pictures."""

from __future__ import annotations

import numpy as np

from fmnist_core.export.png import enlarged
from fmnist_core.model.catalogue import CATALOGUE
from fmnist_core.model.shapes import trace
from fmnist_core.specs.model import ModelSpec

# What `fmnist_core.inside.saliency` can do: what it is called, and what it tells.
METHODS = {
    "grad-cam": ("Grad-CAM", "weighs the maps of a layer by how much each raises the score"),
    "hirescam": ("HiResCAM", "weighs each place of each map by its own slope"),
    "layercam": ("LayerCAM", "likewise, but takes only slopes that speak for the class"),
    "gradient": ("Gradient", "how much a little more light in a pixel raises the score"),
    "smoothgrad": ("SmoothGrad", "the mean gradient over 32 noisy copies of the image"),
    "integrated": ("Integrated gradients", "shares out the score over the pixels, from a baseline"),
    "occlusion": ("Occlusion", "how far the score falls where a 5×5 square is covered"),
}
CAMS = ("grad-cam", "hirescam", "layercam")
BASELINES = {
    "black": "Black",
    "mean": "Mean training image",
    "blurred": "Blurred image",
    "white": "White",
}
GOOD_MAP = 7  # rows: where layers have maps as large as this, the last of them is shown first
MIN_MAP = 4  # rows and columns; a CAM of smaller maps is a blur of the whole image
ZOOM = 8
_POSITIVE, _NEGATIVE = (217, 114, 46), (47, 102, 191)  # orange and blue: told apart by all eyes


def layers_with_maps(model: ModelSpec) -> dict[str, tuple[int, ...]]:
    """Return the layers that CAM methods can explain, with the shape of their output.

    Layers that do something only while training are left out: their maps are those before them.
    """
    shapes = {
        shape.name: shape.output
        for layer, shape in zip(model.layers, trace(model).layers, strict=True)
        if CATALOGUE[layer.type].kind != "regularisation"
    }
    return {
        name: shape
        for name, shape in shapes.items()
        if len(shape) == 3 and min(shape[:2]) >= MIN_MAP
    }


def good_layer(shapes: dict[str, tuple[int, ...]]) -> str:
    """Return the last of the layers whose maps still say where; else the last of all."""
    good = [name for name, shape in shapes.items() if min(shape[:2]) >= GOOD_MAP]
    return (good or list(shapes))[-1]


def paint(image: np.ndarray, map_: np.ndarray, *, signed: bool, largest: float) -> np.ndarray:
    """Lay a map over an image: orange speaks for the class, blue against it.

    Args:
        image: uint8 (28, 28).
        map_: float (28, 28).
        signed: Show what speaks against it too.
        largest: The absolute value that gets the full colour; 0 where all is 0.

    Returns:
        uint8 (28 * ZOOM, 28 * ZOOM, 3).
    """
    shown = map_ if signed else np.maximum(map_, 0)
    strength = np.abs(shown) / largest if largest > 0 else np.zeros_like(shown)
    color = np.where(shown[..., np.newaxis] >= 0, _POSITIVE, _NEGATIVE)
    grey = np.repeat(0.75 * image[..., np.newaxis], 3, axis=-1)
    mixed = grey + strength[..., np.newaxis] * (color - grey)
    return enlarged(mixed.round().astype(np.uint8), ZOOM)
