"""How large things are drawn: maps to scale, their depth by channels, vectors on a log scale."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from fmnist_core.labels import IMAGE_SHAPE
from fmnist_core.model.rules import Shape

SLAB_DEPTH = 6.0  # px, of a layer that keeps the shape
BAND_DEPTH = 3.0  # px, of an activation inside another layer
_SHEET_DEPTH = 2.0  # px, of the input image
_VECTOR = 8.0  # px, depth and width of a vector
_WAITING_SIDE = 42.0  # px, of a layer whose shape is not known
_PIXEL = 3.0  # px of the drawing for one of a map
_LARGEST_SIDE = 120.0  # px; maps that padding has made larger shrink all others too
_DEEPEST = 56.0  # px
_DEEPEST_CHANNEL = 1.0  # px
_THINNEST = 3.0  # px; where depth by channels would fall below, it goes by their root
_OBLIQUE = (0.5, 0.27)  # px to the right and up for each px away from the viewer
_DECADE = 22.0  # px of a vector's length for each factor of ten


@dataclass(frozen=True)
class Size:
    """A box in px: depth along the flow, height upwards, width away from the viewer."""

    depth: float
    height: float
    width: float

    @property
    def skew(self) -> tuple[float, float]:
        """Return how far its back lies to the right of its front, and up, in px."""
        return _OBLIQUE[0] * self.width, _OBLIQUE[1] * self.width


@dataclass(frozen=True)
class Scale:
    """The scale of one drawing.

    Attributes:
        pixel: px for one pixel of a map, in height and width alike.
        channel: px of depth for one channel, or for the root of one.
        linear: Depth grows with the channels; False: with their square root.
        channels: The fewest and the most there are.
    """

    pixel: float
    channel: float
    linear: bool
    channels: tuple[int, int]

    def depth(self, channels: int) -> float:
        """Return the depth of a map in px."""
        return self.channel * (channels if self.linear else math.sqrt(channels))

    def size(self, shape: Shape) -> Size:
        """Return how large a map or a vector is drawn."""
        if len(shape) == 1:
            return Size(_VECTOR, _DECADE * (math.log10(shape[0]) + 0.3), _VECTOR)
        height, width, channels = shape
        return Size(self.depth(channels), height * self.pixel, width * self.pixel)

    def slab(self, shape: Shape) -> Size:
        """Return how large a layer is drawn that keeps this shape."""
        size = self.size(shape)
        return Size(SLAB_DEPTH, size.height, size.width)

    def sheet(self) -> Size:
        """Return how large the input image is drawn."""
        size = self.size(IMAGE_SHAPE)
        return Size(_SHEET_DEPTH, size.height, size.width)

    def waiting(self) -> Size:
        """Return how large a layer is drawn whose shape is not known."""
        return Size(SLAB_DEPTH, _WAITING_SIDE, _WAITING_SIDE)


def scale_of(shapes: Iterable[Shape]) -> Scale:
    """Choose a scale at which all of these shapes can be drawn."""
    maps = [shape for shape in shapes if len(shape) == 3]
    sides = [side for shape in (*maps, IMAGE_SHAPE) for side in shape[:2]]
    pixel = min(_PIXEL, _LARGEST_SIDE / max(sides))
    channels = [shape[2] for shape in maps] or [1]
    fewest, most = min(channels), max(channels)
    channel = min(_DEEPEST_CHANNEL, _DEEPEST / most)
    if channel * fewest >= _THINNEST or not maps:
        return Scale(pixel, channel, True, (fewest, most))
    return Scale(pixel, min(_THINNEST, _DEEPEST / math.sqrt(most)), False, (fewest, most))
