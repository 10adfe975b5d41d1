"""One map in detail: its values over the image, what they see, and what made them."""

from __future__ import annotations

from typing import Any

import numpy as np

from fmnist_core.inference.messages import Message
from fmnist_core.model.rules import shape_text
from fmnist_core.model.shapes import LayerShape
from fmnist_core.specs.model import LayerSpec
from ui.format import significant
from ui.inside.map_data import encoded

STRONGEST = 3  # of the input channels that a filter looks at are named


def detail_data(
    image: np.ndarray, map_: np.ndarray, shape: LayerShape, *, channel: int, limit: float
) -> dict[str, Any]:
    """Describe a map in JSON, without its kernel.

    Args:
        image: uint8 (28, 28).
        map_: float32 (height, width).
        shape: Of its layer.
        channel: Its number.
        limit: The absolute value of the brightest colour.
    """
    title = f"Map {channel} of {shape.name}"
    height, width = map_.shape
    return {
        "picture": encoded(image),
        "values": encoded(map_.astype(np.float32)),
        "height": height,
        "width": width,
        "limit": limit,
        "sight": {name: getattr(shape.sight, name) for name in ("start", "step", "one")},
        "title": title,
        "label": f"{title} over the image. Arrow keys move over its {height}×{width} values.",
        "hint": "Point at a value, or use the arrow keys: the thick frame is what it sees.",
    }


def kernel_data(found: Message, layer: LayerSpec, channel: int) -> dict[str, Any] | None:
    """Describe in JSON what a channel was made with; None for a layer without a kernel.

    A kernel that looks at one map is shown itself; of another the maps that it weighs most.
    """
    kernel = found.arrays.get("kernel")
    if kernel is None:
        return None
    if "pointwise" in found.arrays:
        strength = np.abs(found.arrays["pointwise"][0, 0, :, channel])
        return {"title": "Its mix", "note": _strongest(strength, "filtered map")}
    if layer.type == "DepthwiseConv2D":
        depth = layer.settings["depth_multiplier"]
        return _whole(kernel[:, :, channel // depth, channel % depth])
    if kernel.ndim == 2:  # Dense, at each place of a map
        return {"title": "Its weights", "note": _strongest(np.abs(kernel[:, channel]), "map")}
    if kernel.shape[2] == 1:
        return _whole(kernel[:, :, 0, channel])
    strength = np.abs(kernel[..., channel]).mean((0, 1))
    return {"title": "Its kernel", "note": _strongest(strength, "map")}


def _whole(kernel: np.ndarray) -> dict[str, Any]:
    height, width = kernel.shape
    return {
        "title": f"Its {shape_text(kernel.shape)} kernel",
        "height": height,
        "width": width,
        "values": kernel.ravel().astype(float).round(6).tolist(),
        "limit": float(np.abs(kernel).max()) or 1.0,
        "note": "Orange: the map is high where the image is bright there. Blue: where it is dark.",
    }


def _strongest(strength: np.ndarray, noun: str) -> str:
    first = np.argsort(-strength, kind="stable")[:STRONGEST]
    named = ", ".join(f"{channel} ({significant(float(strength[channel]))})" for channel in first)
    return (
        f"It looks most at {noun} {named} of the {len(strength)} that arrive: the mean absolute "
        f"weight, which is {significant(float(strength.mean()))} over all."
    )
