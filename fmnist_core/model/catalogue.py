"""The layer catalogue: each layer type once, with its settings, its shape rule and its cost.

The Build page, validation, the Keras builder and the documentation all read it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from fmnist_core.model import costs, rules
from fmnist_core.model.costs import Sums
from fmnist_core.model.rules import Shape, Values, Window
from fmnist_core.settings import Choice, Number, Setting, Switch

ACTIVATIONS = (
    "linear",
    "relu",
    "leaky_relu",
    "elu",
    "selu",
    "gelu",
    "silu",
    "tanh",
    "sigmoid",
    "softmax",
)
INITIALIZERS = (
    "glorot_uniform",
    "glorot_normal",
    "he_uniform",
    "he_normal",
    "lecun_uniform",
    "lecun_normal",
    "orthogonal",
)
KINDS = (
    "convolution",
    "pooling",
    "normalisation",
    "regularisation",
    "activation",
    "shape",
    "dense",
    "merge",
)


@dataclass(frozen=True, kw_only=True)
class LayerType:
    """One kind of layer.

    Attributes:
        name: Keras's class name.
        kind: One of `KINDS`; groups the palette and picks the colour.
        summary: What the layer does, in one line for a learner.
        settings: What can be chosen, by Keras's argument names.
        output_shape: (input shapes, values) → output shape; raises `Misfit`.
        window: values → how it slides over a map.
        cost: (input shape, output shape, values) → `Sums`.
        merges: It joins the previous layer's output with those of earlier layers.
    """

    name: str
    kind: str
    summary: str
    output_shape: Callable[[tuple[Shape, ...], Values], Shape]
    settings: Mapping[str, Setting] = field(default_factory=dict)
    window: Callable[[Values], Window] = rules.no_window
    cost: Callable[[Shape, Shape, Values], Sums] = costs.no_cost
    merges: bool = False


# Settings that several types share

_FILTERS = Number(
    label="Filters",
    help="How many patterns the layer looks for; each gives one channel of its output.",
    default=32,
    minimum=1,
    maximum=2048,
    integer=True,
    main=True,
)
_KERNEL_SIZE = Number(
    label="Kernel size",
    help="Side of the square window in pixels; 3 is the usual choice.",
    default=3,
    minimum=1,
    maximum=28,
    integer=True,
    main=True,
)
_STRIDES = Number(
    label="Strides",
    help="Pixels between two places of the window; 2 halves the map.",
    default=1,
    minimum=1,
    maximum=28,
    integer=True,
)
_PADDING = Choice(
    label="Padding",
    help='"valid" drops the border; "same" adds zeros so that the map keeps its size.',
    default="valid",
    choices=("valid", "same"),
    main=True,
)
_ACTIVATION = Choice(
    label="Activation",
    help="The bend after the sum; without one (linear), two layers do no more than one.",
    default="relu",
    choices=ACTIVATIONS,
    main=True,
)
_USE_BIAS = Switch(
    label="Bias",
    help="Add a learned number to each output; not needed before a batch normalisation.",
    default=True,
)
_INITIALIZER = Choice(
    label="Kernel initializer",
    help="How the weights start: glorot suits tanh and softmax, he suits ReLU, lecun suits SELU.",
    default="glorot_uniform",
    choices=INITIALIZERS,
)
_L1 = Number(
    label="L1",
    help="Penalty on the size of each weight; drives many to exactly 0. Try 0.0001.",
    default=0.0,
    minimum=0,
    maximum=1,
    step=0.0001,
)
_L2 = Number(
    label="L2",
    help="Penalty on the square of each weight; keeps all of them small. Try 0.0001.",
    default=0.0,
    minimum=0,
    maximum=1,
    step=0.0001,
)
_DEPTH_MULTIPLIER = Number(
    label="Depth multiplier",
    help="How many filters look at each input channel.",
    default=1,
    minimum=1,
    maximum=16,
    integer=True,
)
_POOL_STRIDES = Number(
    label="Strides",
    help="Pixels between two windows; none puts them side by side.",
    default=None,
    minimum=1,
    maximum=28,
    integer=True,
    optional=True,
    none_label="as the pool size",
)
_EPSILON = Number(
    label="Epsilon",
    help="A small number that keeps the division safe.",
    default=0.001,
    minimum=0,
    above=True,
    maximum=0.1,
)
_SCALE = Switch(label="Scale", help="Learn a factor for each channel.", default=True)
_CENTER = Switch(label="Center", help="Learn an offset for each channel.", default=True)

_KERNEL = {"kernel_initializer": _INITIALIZER, "l1": _L1, "l2": _L2}
_WINDOW = {"kernel_size": _KERNEL_SIZE, "strides": _STRIDES, "padding": _PADDING}


def _pool_size(help_text: str) -> dict[str, Setting]:
    size = Number(
        label="Pool size",
        help=help_text,
        default=2,
        minimum=1,
        maximum=28,
        integer=True,
        main=True,
    )
    return {"pool_size": size, "strides": _POOL_STRIDES, "padding": _PADDING}


def _rate(help_text: str) -> dict[str, Setting]:
    rate = Number(
        label="Rate",
        help=help_text,
        default=0.25,
        minimum=0,
        maximum=0.95,
        step=0.05,
        main=True,
    )
    return {"rate": rate}


_TYPES = (
    LayerType(
        name="Conv2D",
        kind="convolution",
        summary="Slides small filters over the map; each finds one pattern wherever it is.",
        settings={
            "filters": _FILTERS,
            **_WINDOW,
            "activation": _ACTIVATION,
            "dilation_rate": Number(
                label="Dilation rate",
                help="Spreads the window: 2 leaves out every other pixel.",
                default=1,
                minimum=1,
                maximum=14,
                integer=True,
            ),
            "use_bias": _USE_BIAS,
            **_KERNEL,
        },
        output_shape=rules.conv2d_shape,
        window=rules.dilated_window,
        cost=costs.conv2d_cost,
    ),
    LayerType(
        name="DepthwiseConv2D",
        kind="convolution",
        summary="Filters each channel by itself; cheap, but channels do not meet.",
        settings={
            **_WINDOW,
            "activation": _ACTIVATION,
            "depth_multiplier": _DEPTH_MULTIPLIER,
            "use_bias": _USE_BIAS,
            **_KERNEL,
        },
        output_shape=rules.depthwise_shape,
        window=rules.kernel_window,
        cost=costs.depthwise_cost,
    ),
    LayerType(
        name="SeparableConv2D",
        kind="convolution",
        summary="A depthwise filter, then a 1×1 mix of channels: Conv2D at a fraction of its cost.",
        settings={
            "filters": _FILTERS,
            **_WINDOW,
            "activation": _ACTIVATION,
            "depth_multiplier": _DEPTH_MULTIPLIER,
            "use_bias": _USE_BIAS,
            **_KERNEL,
        },
        output_shape=rules.separable_shape,
        window=rules.kernel_window,
        cost=costs.separable_cost,
    ),
    LayerType(
        name="MaxPooling2D",
        kind="pooling",
        summary="Keeps the strongest response in each window; the map shrinks.",
        settings=_pool_size("Side of the window; 2 halves the map."),
        output_shape=rules.pooling_shape,
        window=rules.pooling_window,
    ),
    LayerType(
        name="AveragePooling2D",
        kind="pooling",
        summary="Keeps the mean of each window; softer than the maximum.",
        settings=_pool_size("Side of the window; 2 halves the map."),
        output_shape=rules.pooling_shape,
        window=rules.pooling_window,
    ),
    LayerType(
        name="GlobalAveragePooling2D",
        kind="pooling",
        summary="One number a channel: its mean over the whole map. Has no parameters.",
        output_shape=rules.global_pooling_shape,
    ),
    LayerType(
        name="GlobalMaxPooling2D",
        kind="pooling",
        summary="One number a channel: its strongest response anywhere.",
        output_shape=rules.global_pooling_shape,
    ),
    LayerType(
        name="BatchNormalization",
        kind="normalisation",
        summary="Centres and scales each channel over the batch; training is faster and steadier.",
        settings={
            "momentum": Number(
                label="Momentum",
                help="How slowly the running mean follows the batches.",
                default=0.99,
                minimum=0,
                maximum=0.9999,
                step=0.01,
                main=True,
            ),
            "epsilon": _EPSILON,
            "center": _CENTER,
            "scale": _SCALE,
        },
        output_shape=rules.same_shape,
        cost=costs.batch_norm_cost,
    ),
    LayerType(
        name="LayerNormalization",
        kind="normalisation",
        summary="Centres and scales the channels of each place by themselves; no batch involved.",
        settings={"epsilon": _EPSILON, "center": _CENTER, "scale": _SCALE},
        output_shape=rules.same_shape,
        cost=costs.layer_norm_cost,
    ),
    LayerType(
        name="Dropout",
        kind="regularisation",
        summary="Blanks random values while training, so that no single one is relied on.",
        settings=_rate("Share of values that are blanked in each step."),
        output_shape=rules.same_shape,
    ),
    LayerType(
        name="SpatialDropout2D",
        kind="regularisation",
        summary="Blanks whole channels while training; suits maps, whose neighbours are alike.",
        settings=_rate("Share of channels that are blanked in each step."),
        output_shape=rules.same_map,
    ),
    LayerType(
        name="GaussianNoise",
        kind="regularisation",
        summary="Adds random noise while training; the network learns to look past it.",
        settings={
            "stddev": Number(
                label="Standard deviation",
                help="Strength of the noise, in units of the values; pixels lie in [0, 1].",
                default=0.1,
                minimum=0,
                maximum=1,
                step=0.05,
                main=True,
            )
        },
        output_shape=rules.same_shape,
    ),
    LayerType(
        name="Activation",
        kind="activation",
        summary="Bends every value by a fixed curve.",
        settings={"activation": _ACTIVATION},
        output_shape=rules.same_shape,
    ),
    LayerType(
        name="LeakyReLU",
        kind="activation",
        summary="ReLU that lets a little of the negative side through.",
        settings={
            "negative_slope": Number(
                label="Negative slope",
                help="Slope for values below 0.",
                default=0.3,
                minimum=0,
                maximum=1,
                step=0.05,
                main=True,
            )
        },
        output_shape=rules.same_shape,
    ),
    LayerType(
        name="Flatten",
        kind="shape",
        summary="Lays the map out as one long vector for Dense layers.",
        output_shape=rules.flatten_shape,
    ),
    LayerType(
        name="ZeroPadding2D",
        kind="shape",
        summary="Adds a border of zeros around the map.",
        settings={
            "padding": Number(
                label="Padding",
                help="Pixels on each side.",
                default=1,
                minimum=0,
                maximum=14,
                integer=True,
                main=True,
            )
        },
        output_shape=rules.zero_padding_shape,
    ),
    LayerType(
        name="Dense",
        kind="dense",
        summary="Every output looks at every input; the classifier at the end is one.",
        settings={
            "units": Number(
                label="Units",
                help="How many outputs; the last layer needs 10, one a class.",
                default=64,
                minimum=1,
                maximum=8192,
                integer=True,
                main=True,
            ),
            "activation": _ACTIVATION,
            "use_bias": _USE_BIAS,
            **_KERNEL,
        },
        output_shape=rules.dense_shape,
        cost=costs.dense_cost,
    ),
    LayerType(
        name="Add",
        kind="merge",
        summary="Adds the output of an earlier layer: the shortcut of residual networks.",
        output_shape=rules.add_shape,
        merges=True,
    ),
    LayerType(
        name="Concatenate",
        kind="merge",
        summary="Puts the channels of an earlier layer beside the present ones.",
        output_shape=rules.concatenate_shape,
        merges=True,
    ),
)

CATALOGUE: Mapping[str, LayerType] = {layer_type.name: layer_type for layer_type in _TYPES}
