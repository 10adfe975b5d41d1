"""The function `build_model` of the exported code."""

from __future__ import annotations

import json
from collections.abc import Iterator
from textwrap import indent
from typing import Any

from fmnist_core.labels import IMAGE_SHAPE
from fmnist_core.model.catalogue import CATALOGUE
from fmnist_core.model.code.layout import WIDTH, call, source
from fmnist_core.model.rules import shape_text
from fmnist_core.model.shapes import Trace
from fmnist_core.specs.model import INPUT, LayerSpec, ModelSpec

# The settings that come first in Keras's calls and need no name there: Conv2D(32, 3).
_FIRST = {
    "Conv2D": ("filters", "kernel_size"),
    "DepthwiseConv2D": ("kernel_size",),
    "SeparableConv2D": ("filters", "kernel_size"),
    "MaxPooling2D": ("pool_size",),
    "AveragePooling2D": ("pool_size",),
    "Dropout": ("rate",),
    "SpatialDropout2D": ("rate",),
    "GaussianNoise": ("stddev",),
    "Activation": ("activation",),
    "LeakyReLU": ("negative_slope",),
    "ZeroPadding2D": ("padding",),
    "Dense": ("units",),
}
# What Keras calls the kernels of these; model.build has the same, but imports Keras.
_KERNELS = {"DepthwiseConv2D": ("depthwise",), "SeparableConv2D": ("depthwise", "pointwise")}


def layer_classes(model: ModelSpec, *, standardised: bool) -> list[str]:
    """Return the Keras classes that the network is made of, each once."""
    front = {"Rescaling"} if standardised else set()
    return sorted({layer.type for layer in model.layers} | front)


def build_function(
    model: ModelSpec, traced: Trace, name: str, *, standardised: bool, mixed: bool
) -> str:
    """Write `build_model`: a list of layers, or call by call where the network has skips.

    Args:
        model: A network that can be trained.
        traced: Its trace.
        name: What the Keras model is to be called.
        standardised: It gets mean and standard deviation of the pixels, and begins with them.
        mixed: Layers may compute in less than float32, so the ends have to be told not to.
    """
    skips = any(CATALOGUE[layer.type].merges for layer in model.layers)
    write = _calls if skips else _stack
    lines = list(write(model, _comments(traced, " parameters"), mixed))
    if any("\n" in line for line in lines):  # too long: the unit stands in the heading as well
        lines = list(write(model, _comments(traced, ""), mixed))
    if standardised:
        lines.insert(1, _normalisation(mixed, skips))
    made = f"keras.Model(inputs, x, name={_literal(name)})"
    if not skips:
        lines = ["stack = [", *(indent(line, "    ") for line in lines), "]"]
        made = f"keras.Sequential(stack, name={_literal(name)})"
    return source(
        '''
        def build_model(<statistics>):
            """Return the network with fresh weights; it ends in 10 <scores>, one a class."""
            # Behind each layer: the shape of its output · its parameters.
            <lines>
            return <made>
        ''',
        statistics="mean, std" if standardised else "",
        scores="logits" if traced.from_logits else "probabilities",
        lines="\n".join(lines),
        made=made,
    )


def _comments(traced: Trace, unit: str) -> list[str]:
    comments = []
    for shape in traced.layers:
        parameters = shape.cost.trainable + shape.cost.non_trainable
        cost = f" · {parameters:,}{unit}" if parameters else ""
        comments.append(shape_text(shape.output) + cost)
    return comments


def _normalisation(mixed: bool, skips: bool) -> str:
    """Write the layer in front of all others, as model.build has it."""
    head, tail = ("x = Rescaling", "(x)") if skips else ("Rescaling", ",")
    arguments = ["1 / std", "-mean / std", *_dtype(mixed), 'name="Normalisation"']
    return call(head, arguments, tail, column=4 if skips else 8)


def _dtype(mixed: bool) -> list[str]:
    """Write how a layer at one of the ends computes."""
    return ['dtype="float32"'] if mixed else []


def _stack(model: ModelSpec, comments: list[str], mixed: bool) -> Iterator[str]:
    """Write the layers as the elements of a list."""
    yield f"keras.Input({IMAGE_SHAPE}),"
    for layer, comment in zip(model.layers, comments, strict=True):
        arguments = _arguments(layer, mixed and layer is model.layers[-1])
        yield call(layer.type, arguments, ",", column=8, comment=comment)


def _calls(model: ModelSpec, comments: list[str], mixed: bool) -> Iterator[str]:
    """Write one call a layer; what a later layer joins is kept under a name of its own."""
    joined_by = {name: layer.name for layer in reversed(model.layers) for name in layer.inputs}
    yield f"x = inputs = keras.Input({IMAGE_SHAPE})"
    if INPUT in joined_by:
        yield f"from_{INPUT} = x  # for {joined_by[INPUT]}"
    for layer, comment in zip(model.layers, comments, strict=True):
        arguments = _arguments(layer, mixed and layer is model.layers[-1])
        yield _step(layer, arguments, comment)
        if layer.name in joined_by:
            yield f"from_{layer.name} = x  # for {joined_by[layer.name]}"


def _step(layer: LayerSpec, arguments: list[str], comment: str) -> str:
    """Write the call of one layer, in two statements where it is too long for one line."""
    joined = ["x", *(f"from_{name}" for name in layer.inputs)]
    x = f"[{', '.join(joined)}]" if layer.inputs else "x"
    line = f"x = {layer.type}({', '.join(arguments)})({x})  # {comment}"
    if 4 + len(line) <= WIDTH:
        return line
    if 4 + len(f"x = layer({x})  # {comment}") > WIDTH:
        x = "\n".join(["", "    [", *(f"        {name}," for name in joined), "    ]", ""])
    made = call(f"layer = {layer.type}", arguments, column=4)
    return f"{made}\nx = layer({x})  # {comment}"


def _arguments(layer: LayerSpec, to_float32: bool) -> list[str]:
    """Write what differs from Keras's defaults, after the settings that always stand there."""
    known, first = CATALOGUE[layer.type].settings, _FIRST.get(layer.type, ())
    defaults = {key: setting.default for key, setting in known.items()}
    if "activation" in defaults:
        defaults["activation"] = "linear"  # Keras's; the catalogue's is ReLU
    changed = {key: value for key, value in layer.settings.items() if value != defaults[key]}
    kernel = {key: changed.pop(key, None) for key in ("kernel_initializer", "l1", "l2")}
    return [
        *(_literal(layer.settings[key]) for key in first),
        *(f"{key}={_literal(value)}" for key, value in changed.items() if key not in first),
        *_kernel_arguments(layer.type, **kernel),
        *_dtype(to_float32),
        f"name={_literal(layer.name)}",
    ]


def _kernel_arguments(
    layer_type: str, kernel_initializer: str | None, l1: float | None, l2: float | None
) -> Iterator[str]:
    """Write how kernels start and are penalised; None stands for the default."""
    for kernel in _KERNELS.get(layer_type, ("kernel",)):
        if kernel_initializer:
            yield f"{kernel}_initializer={_literal(kernel_initializer)}"
        if l1 and l2:
            yield f"{kernel}_regularizer=keras.regularizers.L1L2({l1!r}, {l2!r})"
        elif l1 or l2:
            kind = "L1" if l1 else "L2"
            yield f"{kernel}_regularizer=keras.regularizers.{kind}({l1 or l2!r})"


def _literal(value: Any) -> str:
    """Write a setting's value in Python, text in double quotes."""
    return json.dumps(value) if isinstance(value, str) else repr(value)
