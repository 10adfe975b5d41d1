"""How much of the image a layer's values depend on.

The usual arithmetic: a window of side k adds k - 1 steps to what one value sees, and a stride
multiplies the steps of all later layers. It counts what padding adds as if the image went on, so a
side may exceed the image's 28 pixels; the dilated windows' gaps count as seen.

Source:
    Araujo, Norris, Sim 2019, Computing Receptive Fields of Convolutional Neural Networks,
    https://distill.pub/2019/computing-receptive-fields
"""

from __future__ import annotations

from typing import NamedTuple

from fmnist_core.labels import IMAGE_SHAPE
from fmnist_core.model.rules import Shape, Window
from fmnist_core.specs.model import LayerSpec


class Sight(NamedTuple):
    """What a layer's values depend on, in pixels along a side of the image.

    Attributes:
        one: Side of the square that one value depends on: the receptive field.
        step: Distance of the squares of two neighbours.
        all: Side of the square that all values together depend on.
        start: First row, and column, of the first value's square; below 0 where that reaches into
            what padding adds.
    """

    one: int = 1
    step: int = 1
    all: int = IMAGE_SHAPE[0]
    start: int = 0


def sight(
    layer: LayerSpec,
    window: Window,
    arriving: tuple[tuple[Shape, Sight], ...],
    output: Shape,
) -> Sight:
    """Return what the values of a layer's output see.

    Args:
        layer: Its type and settings.
        window: How it slides over what arrives.
        arriving: Shape and sight of what arrives: one, or several for a merge.
        output: Its output shape.
    """
    shape, seen = arriving[0]
    if len(arriving) > 1:
        return _joined(arriving, output)
    if _mixes_all(layer, shape):
        return seen._replace(one=seen.all)
    start = seen.start - _in_front(layer, window, shape, output) * seen.step
    if window == Window():
        return seen._replace(start=start)
    one = seen.one + (window.reach - 1) * seen.step
    step = seen.step * window.stride
    return Sight(one, step, one + (output[0] - 1) * step, start)


def _in_front(layer: LayerSpec, window: Window, shape: Shape, output: Shape) -> int:
    """Return how many places padding adds before the first row."""
    if layer.type == "ZeroPadding2D":
        return int(layer.settings["padding"])
    if layer.settings.get("padding") != "same":
        return 0
    return padding_in_front(shape[0], output[0], window)


def padding_in_front(size: int, positions: int, window: Window) -> int:
    """Return how many of the places that "same" adds along a side lie before the first one.

    TensorFlow puts the odd one behind.

    Args:
        size: Places of what arrives.
        positions: Of the window.
        window: How it slides.
    """
    return max((positions - 1) * window.stride + window.reach - size, 0) // 2


def _joined(arriving: tuple[tuple[Shape, Sight], ...], output: Shape) -> Sight:
    """See what the first sees, which comes after all others and sees no less than they do.

    A map of one place that is repeated to fit lends the sum no step of its own.
    """
    steps = [seen.step for shape, seen in arriving if shape[0] == output[0]]
    first, whole = arriving[0][1], max(seen.all for _, seen in arriving)
    return Sight(first.one, max(steps, default=1), whole, first.start)


def _mixes_all(layer: LayerSpec, shape: Shape) -> bool:
    """Say whether every value of the output depends on everything that arrives."""
    if layer.type in ("GlobalAveragePooling2D", "GlobalMaxPooling2D"):
        return True
    softmax = layer.settings.get("activation") == "softmax"
    return len(shape) == 1 and (softmax or layer.type in ("Dense", "LayerNormalization"))
