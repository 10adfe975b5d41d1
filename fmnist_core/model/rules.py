"""Shape rules and costs of the layers, in plain arithmetic.

Shapes are tuples without the batch dimension: (height, width, channels) for a map, (features,)
for a vector. Multiply-adds are counted for one image, in layers that multiply by a kernel
(convolutions and Dense); bias, activation, pooling and normalisation count 0, as is usual.

A shape rule takes the shapes that arrive (one, or several for a merge) and the layer's settings,
and returns the output shape or raises `Misfit`. A cost takes the shape that arrives, the output
shape and the settings.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

Shape = tuple[int, ...]
Values = Mapping[str, Any]  # setting name → checked value


class Misfit(Exception):
    """A layer cannot take the shape that arrives; says why and which changes would help."""

    def __init__(self, reason: str, *fixes: str) -> None:
        """Keep the reason and the fixes, each half a sentence in plain words."""
        super().__init__(reason)
        self.reason = reason
        self.fixes = fixes


class Cost(NamedTuple):
    """What a layer costs: parameters, and multiply-adds for one image."""

    trainable: int = 0
    non_trainable: int = 0
    mult_adds: int = 0


def no_cost(shape: Shape, output: Shape, values: Values) -> Cost:
    """Cost nothing: no parameters and no kernel."""
    return Cost()


def shape_text(shape: Shape) -> str:
    """Write a shape as a person would: 26×26×32."""
    return "×".join(str(size) for size in shape)


# Shape rules ------------------------------------------------------------------------------------


def _map(shapes: tuple[Shape, ...]) -> Shape:
    """Return the input if it is a map."""
    if len(shapes[0]) != 3:
        raise Misfit(
            f"it needs a map (height × width × channels), but a vector of {shapes[0][0]:,} arrives",
            "move it before the layer that makes the vector (Flatten or a global pooling)",
            "remove it",
        )
    return shapes[0]


def _windowed(size: int, window: int, stride: int, padding: str) -> int:
    """Return how many places a window takes along one side; 0 or less where it does not fit."""
    if padding == "same":
        return -(-size // stride)
    return (size - window) // stride + 1


def _slide(shape: Shape, window: int, stride: int, padding: str, channels: int) -> Shape:
    """Slide a square window over a map."""
    sides = [_windowed(side, window, stride, padding) for side in shape[:2]]
    if min(sides) < 1:
        smallest = min(shape[:2])
        raise Misfit(
            f"a {window}×{window} window does not fit a {shape[0]}×{shape[1]} map",
            'set padding to "same"',
            f"make the window {smallest}×{smallest} or smaller",
            "remove a pooling layer or a stride before it",
        )
    return (*sides, channels)


def conv2d_shape(shapes: tuple[Shape, ...], values: Values) -> Shape:
    """Slide windows over a map, their weights `dilation_rate` pixels apart."""
    shape = _map(shapes)
    if values["strides"] > 1 and values["dilation_rate"] > 1:
        raise Misfit(
            "strides and dilation rate cannot both be above 1",
            "set strides to 1",
            "set dilation rate to 1",
        )
    reach = values["dilation_rate"] * (values["kernel_size"] - 1) + 1
    return _slide(shape, reach, values["strides"], values["padding"], values["filters"])


def depthwise_shape(shapes: tuple[Shape, ...], values: Values) -> Shape:
    """Slide `depth_multiplier` windows over each channel by itself."""
    shape = _map(shapes)
    channels = shape[2] * values["depth_multiplier"]
    return _slide(shape, values["kernel_size"], values["strides"], values["padding"], channels)


def separable_shape(shapes: tuple[Shape, ...], values: Values) -> Shape:
    """Slide as a depthwise convolution; a 1×1 mix then gives `filters` channels."""
    shape, size = _map(shapes), values["kernel_size"]
    return _slide(shape, size, values["strides"], values["padding"], values["filters"])


def pooling_shape(shapes: tuple[Shape, ...], values: Values) -> Shape:
    """Slide windows over each channel; without strides, side by side."""
    shape = _map(shapes)
    strides = values["strides"] or values["pool_size"]
    return _slide(shape, values["pool_size"], strides, values["padding"], shape[2])


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
        joined = " and ".join(shape_text(shape) for shape in shapes)
        raise Misfit(
            f"a map and a vector cannot be joined ({joined})",
            "choose an earlier layer of the same kind",
            "flatten the map first",
        )


def add_shape(shapes: tuple[Shape, ...], values: Values) -> Shape:
    """Add element by element; a side of 1 is repeated, as Keras does."""
    _same_rank(shapes)
    sides = []
    for column in zip(*shapes, strict=True):
        wide = {size for size in column if size != 1}
        if len(wide) > 1:
            joined = " and ".join(shape_text(shape) for shape in shapes)
            raise Misfit(
                f"only equal shapes can be added, and these are {joined}",
                "choose another earlier layer",
                'set padding to "same" and strides to 1 in between',
                "give both the same number of channels",
            )
        sides.append(max(column))
    return tuple(sides)


def concatenate_shape(shapes: tuple[Shape, ...], values: Values) -> Shape:
    """Join along the channels."""
    _same_rank(shapes)
    if len({shape[:-1] for shape in shapes}) > 1:
        joined = " and ".join(shape_text(shape) for shape in shapes)
        raise Misfit(
            f"maps are joined along their channels, so heights and widths must agree: {joined}",
            "choose another earlier layer",
            'set padding to "same" and strides to 1 in between',
        )
    return (*shapes[0][:-1], sum(shape[-1] for shape in shapes))


# Costs ------------------------------------------------------------------------------------------


def conv2d_cost(shape: Shape, output: Shape, values: Values) -> Cost:
    """Multiply every weight at every place of the output."""
    weights = values["kernel_size"] ** 2 * shape[2] * values["filters"]
    bias = values["filters"] if values["use_bias"] else 0
    return Cost(weights + bias, 0, weights * output[0] * output[1])


def depthwise_cost(shape: Shape, output: Shape, values: Values) -> Cost:
    """Multiply one window for each output channel."""
    weights = values["kernel_size"] ** 2 * output[2]
    bias = output[2] if values["use_bias"] else 0
    return Cost(weights + bias, 0, weights * output[0] * output[1])


def separable_cost(shape: Shape, output: Shape, values: Values) -> Cost:
    """Multiply the depthwise windows, then the 1×1 mix."""
    between = shape[2] * values["depth_multiplier"]
    weights = values["kernel_size"] ** 2 * between + between * values["filters"]
    bias = values["filters"] if values["use_bias"] else 0
    return Cost(weights + bias, 0, weights * output[0] * output[1])


def dense_cost(shape: Shape, output: Shape, values: Values) -> Cost:
    """Multiply every weight at every place of the input; a vector is one place."""
    weights = shape[-1] * values["units"]
    bias = values["units"] if values["use_bias"] else 0
    places = 1
    for side in shape[:-1]:
        places *= side
    return Cost(weights + bias, 0, weights * places)


def batch_norm_cost(shape: Shape, output: Shape, values: Values) -> Cost:
    """Learn scale and center; keep a running mean and variance."""
    channels = shape[-1]
    return Cost(channels * (values["scale"] + values["center"]), 2 * channels)


def layer_norm_cost(shape: Shape, output: Shape, values: Values) -> Cost:
    """Learn scale and center."""
    return Cost(shape[-1] * (values["scale"] + values["center"]))
