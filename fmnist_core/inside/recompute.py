"""One value of a layer, worked out again in plain NumPy from what `arithmetic.work_out` gave."""

from __future__ import annotations

from collections.abc import Callable
from math import erf, exp, expm1, tanh

import numpy as np

from fmnist_core.inference.messages import Message
from fmnist_core.inside.arithmetic import ADDED, PASSED, POOLED, SCALED, WEIGHTED


def value_at(found: Message, row: int, column: int) -> tuple[float, float]:
    """Work one value out from what `work_out` gave, in plain NumPy.

    Args:
        found: Of the layer and channel.
        row: Of the output; 0 for a vector.
        column: Likewise.

    Returns:
        The value before and after the activation, equal to Keras's but for rounding.
    """
    before = _AGAIN[found.values["kind"]](found, row, column)
    return before, _bend(found, before, row, column)


def patch(found: Message, row: int, column: int) -> tuple[np.ndarray, np.ndarray]:
    """Return what a place of the output sees of the input.

    Returns:
        float64 (side, side, channels), 0 in what padding adds; and bool (side, side): what is no
        padding.
    """
    x, values = found.arrays["input"], found.values
    steps = values["dilation"] * np.arange(values["side"]) - values["in_front"]
    rows, columns = steps + row * values["stride"], steps + column * values["stride"]
    height, width = x.shape[:2]
    inside = np.logical_and.outer((rows >= 0) & (rows < height), (columns >= 0) & (columns < width))
    seen = x[np.ix_(rows.clip(0, height - 1), columns.clip(0, width - 1))].astype(np.float64)
    return np.where(inside[..., np.newaxis], seen, 0), inside


def _weigh(found: Message, row: int, column: int) -> float:
    arrays = found.arrays
    seen, _ = patch(found, row, column)
    return float((seen * arrays["kernel"]).sum() + arrays["rest"][row, column] + arrays["bias"])


def _pool(found: Message, row: int, column: int) -> float:
    seen, inside = patch(found, row, column)
    values = seen[..., 0][inside]  # Keras's mean leaves out what padding adds, too
    return float(values.max() if found.values["how"] == "max" else values.mean())


def _scale(found: Message, row: int, column: int) -> float:
    arrays, at = found.arrays, (row, column)
    standard = (float(arrays["input"][at]) - arrays["mean"][at]) / arrays["deviation"][at]
    return float(standard * arrays["factor"] + arrays["offset"])


def _add(found: Message, row: int, column: int) -> float:
    return float(found.arrays["input"][row, column].sum(dtype=np.float64))


def _pass(found: Message, row: int, column: int) -> float:
    return float(found.arrays["before"][row, column])


_AGAIN: dict[str, Callable[[Message, int, int], float]] = {
    WEIGHTED: _weigh,
    POOLED: _pool,
    SCALED: _scale,
    ADDED: _add,
    PASSED: _pass,
}


def _sigmoid(x: float) -> float:
    return (1 + tanh(x / 2)) / 2  # does not overflow


_LEAKY, _SELU_SCALE, _SELU_ALPHA = 0.2, 1.0507009873554805, 1.6732632423543772  # Keras's
_BENDS: dict[str, Callable[[float], float]] = {
    "linear": lambda x: x,
    "relu": lambda x: max(x, 0.0),
    "elu": lambda x: x if x > 0 else expm1(x),
    "selu": lambda x: _SELU_SCALE * (x if x > 0 else _SELU_ALPHA * expm1(x)),
    "gelu": lambda x: x * (1 + erf(x / 2**0.5)) / 2,
    "silu": lambda x: x * _sigmoid(x),
    "tanh": tanh,
    "sigmoid": _sigmoid,
}


def _bend(found: Message, x: float, row: int, column: int) -> float:
    name, arrays = found.values["activation"], found.arrays
    if name == "softmax":
        return exp(x - arrays["highest"][row, column]) / float(arrays["total"][row, column])
    if name == "leaky_relu":
        return x if x > 0 else found.values.get("slope", _LEAKY) * x
    return _BENDS[name](x)
