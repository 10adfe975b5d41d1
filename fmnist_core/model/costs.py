"""What the layers cost: sums of products, from which both the number and its formula come.

Multiply-adds are counted for one image, in layers that multiply by a kernel (convolutions and
Dense); bias, activation, pooling and normalisation count 0, as is usual.

A cost rule takes the shape that arrives, the output shape and the layer's settings.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import NamedTuple

from fmnist_core.model.rules import Shape, Values

Products = tuple[tuple[int, ...], ...]  # ((3, 3, 1, 32), (32,)) is 3·3·1·32 + 32


class Cost(NamedTuple):
    """What a layer costs: parameters, and multiply-adds for one image."""

    trainable: int = 0
    non_trainable: int = 0
    mult_adds: int = 0


@dataclass(frozen=True)
class Sums:
    """How the cost of a layer is worked out; an empty sum is 0."""

    trainable: Products = ()
    non_trainable: Products = ()
    mult_adds: Products = ()

    @property
    def cost(self) -> Cost:
        """The cost in numbers."""
        return Cost(_value(self.trainable), _value(self.non_trainable), _value(self.mult_adds))

    @property
    def parameters_text(self) -> str:
        """All parameters as a formula: 3·3·1·32 + 32 = 320; "" for none."""
        return _written((*self.trainable, *self.non_trainable))

    @property
    def mult_adds_text(self) -> str:
        """The multiply-adds as a formula: 26·26·3·3·1·32 = 194,688; "" for none."""
        return _written(self.mult_adds)


def _value(products: Products) -> int:
    return sum(prod(factors) for factors in products)


def _written(products: Products) -> str:
    if not products:
        return ""
    terms = ("·".join(str(factor) for factor in factors) for factors in products)
    return f"{' + '.join(terms)} = {_value(products):,}"


def no_cost(shape: Shape, output: Shape, values: Values) -> Sums:
    """Cost nothing: no parameters and no kernel."""
    return Sums()


def conv2d_cost(shape: Shape, output: Shape, values: Values) -> Sums:
    """Multiply every weight at every place of the output."""
    kernel = (values["kernel_size"], values["kernel_size"], shape[2], values["filters"])
    return Sums((kernel, *_bias(values, values["filters"])), (), ((*output[:2], *kernel),))


def depthwise_cost(shape: Shape, output: Shape, values: Values) -> Sums:
    """Multiply one window for each output channel."""
    channels = (shape[2], values["depth_multiplier"])
    kernel = (values["kernel_size"], values["kernel_size"], *channels)
    return Sums((kernel, *_bias(values, *channels)), (), ((*output[:2], *kernel),))


def separable_cost(shape: Shape, output: Shape, values: Values) -> Sums:
    """Multiply the depthwise windows, then the 1×1 mix."""
    between = (shape[2], values["depth_multiplier"])
    kernel = (values["kernel_size"], values["kernel_size"], *between)
    mix = (*between, values["filters"])
    places = output[:2]
    return Sums(
        (kernel, mix, *_bias(values, values["filters"])),
        (),
        ((*places, *kernel), (*places, *mix)),
    )


def dense_cost(shape: Shape, output: Shape, values: Values) -> Sums:
    """Multiply every weight at every place of the input; a vector is one place."""
    kernel = (shape[-1], values["units"])
    return Sums((kernel, *_bias(values, values["units"])), (), ((*shape[:-1], *kernel),))


def batch_norm_cost(shape: Shape, output: Shape, values: Values) -> Sums:
    """Learn scale and center; keep a running mean and variance."""
    return Sums(_scale_and_center(shape, values), ((2, shape[-1]),))


def layer_norm_cost(shape: Shape, output: Shape, values: Values) -> Sums:
    """Learn scale and center."""
    return Sums(_scale_and_center(shape, values))


def _bias(values: Values, *outputs: int) -> Products:
    """One number for each output, if there is a bias."""
    return (outputs,) if values["use_bias"] else ()


def _scale_and_center(shape: Shape, values: Values) -> Products:
    """One number a channel for each of the two that is learned."""
    learned = values["scale"] + values["center"]
    return ((learned, shape[-1]),) if learned else ()
