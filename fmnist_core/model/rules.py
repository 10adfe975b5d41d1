"""Shape rules of the layers, in plain arithmetic.

Shapes are tuples without the batch dimension: (height, width, channels) for a map, (features,)
for a vector. A shape rule takes the shapes that arrive (one, or several for a merge) and the
layer's settings, and returns the output shape or raises `Misfit`.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum
from typing import Any, NamedTuple

Shape = tuple[int, ...]
Values = Mapping[str, Any]  # setting name → checked value


class Cause(IntEnum):
    """What kind of problem a network has, in the order in which problems are looked for."""

    NEEDS_MAP = 1
    WINDOW = 2
    STRIDES_AND_DILATION = 3
    NOTHING_JOINED = 4
    UNKNOWN_JOIN = 5
    MAP_AND_VECTOR = 6
    ADD = 7
    CONCATENATE = 8
    TOO_LARGE_MAPS = 9
    # From here on the layers fit together, but the whole cannot be trained.
    EMPTY = 10
    TOO_MANY_PARAMETERS = 11
    TOO_MUCH_WORK = 12
    MAP_AT_END = 13
    VECTOR_AT_END = 14
    NOTHING_LEARNS = 15
    DISTURBED_SCORES = 16
    BENT_SCORES = 17

    @property
    def at_end(self) -> bool:
        """The layers fit together, but the whole cannot be trained."""
        return self >= Cause.EMPTY


class Misfit(Exception):
    """A layer cannot take the shape that arrives."""

    def __init__(self, cause: Cause, reason: str) -> None:
        """Keep the cause, and the reason as half a sentence in plain words."""
        super().__init__(reason)
        self.cause = cause
        self.reason = reason


class Window(NamedTuple):
    """A square window that slides over a map.

    Attributes:
        reach: Its side in places of the map, gaps of a dilation included.
        stride: Places between two of its positions.
    """

    reach: int = 1
    stride: int = 1


def shape_text(shape: Shape) -> str:
    """Write a shape as a person would: 26×26×32."""
    return "×".join(str(size) for size in shape)


# Shape rules ------------------------------------------------------------------------------------


def _map(shapes: tuple[Shape, ...]) -> Shape:
    """Return the input if it is a map."""
    if len(shapes[0]) != 3:
        raise Misfit(
            Cause.NEEDS_MAP,
            f"it needs a map (height × width × channels), but a vector of {shapes[0][0]:,} arrives",
        )
    return shapes[0]


def no_window(values: Values) -> Window:
    """Look at one place at a time."""
    return Window()


def kernel_window(values: Values) -> Window:
    """Look as far as the kernel."""
    return Window(values["kernel_size"], values["strides"])


def dilated_window(values: Values) -> Window:
    """Look as far as the kernel with its weights `dilation_rate` pixels apart."""
    return Window(values["dilation_rate"] * (values["kernel_size"] - 1) + 1, values["strides"])


def pooling_window(values: Values) -> Window:
    """Look at `pool_size` places; without strides, side by side."""
    return Window(values["pool_size"], values["strides"] or values["pool_size"])


def _positions(size: int, window: Window, padding: str) -> int:
    """Return how many positions a window takes along a side; 0 or less where it does not fit."""
    if padding == "same":
        return -(-size // window.stride)
    return (size - window.reach) // window.stride + 1


def _slide(shape: Shape, window: Window, padding: str, channels: int) -> Shape:
    """Slide a square window over a map."""
    sides = [_positions(side, window, padding) for side in shape[:2]]
    if min(sides) < 1:
        reach = window.reach
        raise Misfit(
            Cause.WINDOW,
            f"a {reach}×{reach} window does not fit a {shape[0]}×{shape[1]} map",
        )
    return (*sides, channels)


def conv2d_shape(shapes: tuple[Shape, ...], values: Values) -> Shape:
    """Slide windows over a map."""
    shape = _map(shapes)
    if values["strides"] > 1 and values["dilation_rate"] > 1:
        raise Misfit(Cause.STRIDES_AND_DILATION, "strides and dilation rate cannot both be above 1")
    return _slide(shape, dilated_window(values), values["padding"], values["filters"])


def depthwise_shape(shapes: tuple[Shape, ...], values: Values) -> Shape:
    """Slide `depth_multiplier` windows over each channel by itself."""
    shape = _map(shapes)
    channels = shape[2] * values["depth_multiplier"]
    return _slide(shape, kernel_window(values), values["padding"], channels)


def separable_shape(shapes: tuple[Shape, ...], values: Values) -> Shape:
    """Slide as a depthwise convolution; a 1×1 mix then gives `filters` channels."""
    return _slide(_map(shapes), kernel_window(values), values["padding"], values["filters"])


def pooling_shape(shapes: tuple[Shape, ...], values: Values) -> Shape:
    """Slide windows over each channel."""
    shape = _map(shapes)
    return _slide(shape, pooling_window(values), values["padding"], shape[2])


def global_pooling_shape(shapes: tuple[Shape, ...], values: Values) -> Shape:
    """Keep one number a channel."""
    return (_map(shapes)[2],)


def same_shape(shapes: tuple[Shape, ...], values: Values) -> Shape:
    """Keep the shape, of a map or a vector."""
    return shapes[0]


def same_map(shapes: tuple[Shape, ...], values: Values) -> Shape:
    """Keep the shape of a map."""
    return _map(shapes)


def flatten_shape(shapes: tuple[Shape, ...], values: Values) -> Shape:
    """Lay everything out as one vector."""
    size = 1
    for side in shapes[0]:
        size *= side
    return (size,)


def dense_shape(shapes: tuple[Shape, ...], values: Values) -> Shape:
    """Change the last side only: on a map, Dense works at every pixel."""
    return (*shapes[0][:-1], values["units"])


def zero_padding_shape(shapes: tuple[Shape, ...], values: Values) -> Shape:
    """Grow a map on all four sides."""
    height, width, channels = _map(shapes)
    return (height + 2 * values["padding"], width + 2 * values["padding"], channels)


def _same_rank(shapes: tuple[Shape, ...]) -> None:
    if len({len(shape) for shape in shapes}) > 1:
        raise Misfit(
            Cause.MAP_AND_VECTOR, f"a map and a vector cannot be joined ({_joined(shapes)})"
        )


def _joined(shapes: tuple[Shape, ...]) -> str:
    return " and ".join(shape_text(shape) for shape in shapes)


def add_shape(shapes: tuple[Shape, ...], values: Values) -> Shape:
    """Add element by element; a side of 1 is repeated, as Keras does."""
    _same_rank(shapes)
    sides = []
    for column in zip(*shapes, strict=True):
        wide = {size for size in column if size != 1}
        if len(wide) > 1:
            reason = f"only equal shapes can be added, and these are {_joined(shapes)}"
            raise Misfit(Cause.ADD, reason)
        sides.append(max(column))
    return tuple(sides)


def concatenate_shape(shapes: tuple[Shape, ...], values: Values) -> Shape:
    """Join along the channels."""
    _same_rank(shapes)
    if len({shape[:-1] for shape in shapes}) > 1:
        raise Misfit(
            Cause.CONCATENATE,
            "maps are joined along their channels, so heights and widths must agree: "
            f"{_joined(shapes)}",
        )
    return (*shapes[0][:-1], sum(shape[-1] for shape in shapes))
