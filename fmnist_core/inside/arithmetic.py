"""How one channel of a layer is worked out: what a browser, or NumPy, needs to do it again.

Each value comes in two steps: what the layer makes of its input, and its activation. A vector is
treated as a map of one place, so that Dense is a 1×1 convolution.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from fmnist_core.inference.messages import Message
from fmnist_core.model.catalogue import CATALOGUE
from fmnist_core.model.receptive import padding_in_front
from fmnist_core.model.rules import Window
from fmnist_core.specs.model import LayerSpec

MAX_BYTES = 500_000  # of the input that is given; channels that weigh less are summed beforehand
MAX_CHANNELS = 1024  # of the input that are given
WEIGHTED, POOLED, SCALED = "weighted", "pooled", "scaled"
ADDED, PASSED = "added", "passed"
_WEIGHING = ("Conv2D", "DepthwiseConv2D", "SeparableConv2D", "Dense")

Weights = dict[str, np.ndarray]  # by Keras's names


def work_out(
    spec: LayerSpec,
    weights: Weights,
    inputs: list[np.ndarray],
    before: np.ndarray,
    output: np.ndarray,
    channel: int,
) -> Message:
    """Describe how the values of a channel come about.

    Args:
        spec: The layer's.
        weights: float32, by the names that Keras gives them in the layer.
        inputs: What arrives, one array, or several for a merge: float32 (height, width, channels)
            or (features,).
        before: What the layer makes of it before its activation, of the output's shape.
        output: What it gives.
        channel: Of the output.

    Returns:
        Values: "kind"; "activation", a name of Keras, with "slope" for a leaky ReLU; for a kind
        with a window "side", "stride", "dilation" and "in_front", the places that padding adds
        before the first. Arrays, float32, with height and width those of the output where nothing
        else is said:

        - "output" and "before", (height, width): what Keras gives
        - weighted: "input" (rows, columns, channels), "kernel" (side, side, channels), "channels"
          their numbers, int32, "bias" (), "rest" (height, width): the sum over all other channels
        - pooled: "input" (rows, columns, 1); "how" is "max" or "mean"
        - scaled: "input", "mean", "deviation" (height, width), "factor" (), "offset" ()
        - added: "input" (height, width, inputs)
        - passed: nothing; the value is one that arrives, or 0 in what padding adds
        - softmax: also "highest" and "total" (height, width), of the exponentials
    """
    maps = [_as_map(each) for each in inputs]
    before, output = _as_map(before), _as_map(output)
    values, arrays = _first_step(spec, weights, maps, output.shape, channel)
    arrays |= {"before": before[..., channel], "output": output[..., channel]}
    values["activation"] = spec.settings.get("activation", "linear")
    if spec.type == "LeakyReLU":
        values |= {"activation": "leaky_relu", "slope": spec.settings["negative_slope"]}
    if values["activation"] == "softmax":
        highest = before.max(2, keepdims=True)
        arrays["highest"] = highest[..., 0]
        arrays["total"] = np.exp(before - highest).sum(2)
    return Message(values, {name: _plain(array) for name, array in arrays.items()})


# The first step ----------------------------------------------------------------------------------

_Step = tuple[dict[str, Any], dict[str, np.ndarray]]


def _first_step(
    spec: LayerSpec, weights: Weights, maps: list[np.ndarray], shape: tuple[int, ...], channel: int
) -> _Step:
    x = maps[0]
    if spec.type in _WEIGHING:
        return _weighted(spec, weights, x, shape, channel)
    if "Pooling" in spec.type:
        how = "max" if "Max" in spec.type else "mean"
        window = _window(spec, x.shape[0], shape[0])
        return {"kind": POOLED, "how": how} | window, {"input": x[..., channel : channel + 1]}
    if spec.type.endswith("Normalization"):
        return _scaled(spec, weights, x, channel)
    if spec.type == "Add":
        every = [np.broadcast_to(each, shape)[..., channel] for each in maps]
        return {"kind": ADDED}, {"input": np.stack(every, 2)}
    return {"kind": PASSED}, {}


def _window(spec: LayerSpec, size: int, positions: int) -> dict[str, int]:
    """Describe how a layer's window slides; that of a global pooling is the whole map."""
    settings = spec.settings
    if spec.type.startswith("Global"):
        return {"side": size, "stride": 1, "dilation": 1, "in_front": 0}
    window: Window = CATALOGUE[spec.type].window(settings)
    same = settings.get("padding") == "same"
    return {
        "side": settings.get("kernel_size", settings.get("pool_size", 1)),
        "stride": window.stride,
        "dilation": settings.get("dilation_rate", 1),
        "in_front": padding_in_front(size, positions, window) if same else 0,
    }


def _weighted(
    spec: LayerSpec, weights: Weights, x: np.ndarray, shape: tuple[int, ...], channel: int
) -> _Step:
    kernel, channels = _kernel(spec, weights, channel)
    x = x[..., channels]
    values = {"kind": WEIGHTED} | _window(spec, x.shape[0], shape[0])
    bias = weights["bias"][channel] if "bias" in weights else np.float32(0)
    most = min(MAX_CHANNELS, max(1, MAX_BYTES // (4 * (x[..., 0].size + kernel[..., 0].size))))
    rest = np.zeros(shape[:2])
    if len(channels) > most:
        shares = _shares(x, kernel, values, shape[0])
        ranked = np.argsort(-np.abs(shares).sum((0, 1)), kind="stable")
        kept = np.sort(ranked[:most])
        rest = shares[..., ranked[most:]].sum(2)
        x, kernel, channels = x[..., kept], kernel[..., kept], channels[kept]
    sums = {"bias": np.asarray(bias), "rest": rest}
    arrays = {"input": x, "kernel": kernel, "channels": channels} | sums
    return values, arrays


def _kernel(spec: LayerSpec, weights: Weights, channel: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the (side, side, channels) kernel of an output channel, and which inputs it weighs."""
    if spec.type == "DepthwiseConv2D":
        place, filter_ = divmod(channel, spec.settings["depth_multiplier"])
        return weights["kernel"][:, :, place : place + 1, filter_], np.array([place])
    if spec.type == "SeparableConv2D":
        depthwise = weights["depthwise_kernel"]
        mix = weights["pointwise_kernel"][0, 0, :, channel].reshape(depthwise.shape[2:])
        kernel = np.einsum("ijcm,cm->ijc", depthwise, mix)
    else:
        kernel = weights["kernel"][..., channel]
        kernel = kernel[np.newaxis, np.newaxis] if kernel.ndim == 1 else kernel
    return kernel, np.arange(kernel.shape[2])


def _shares(x: np.ndarray, kernel: np.ndarray, values: dict[str, Any], size: int) -> np.ndarray:
    """Return what each input channel adds at each place, float64 (height, width, channels)."""
    height, width, channels = x.shape
    side, stride, dilation = values["side"], values["stride"], values["dilation"]
    reach = dilation * (side - 1) + (size - 1) * stride + 1
    padded = np.zeros((max(reach, height) + 1, max(reach, width) + 1, channels))
    front = values["in_front"]
    usable = x[: len(padded) - front, : len(padded) - front]
    padded[front : front + usable.shape[0], front : front + usable.shape[1]] = usable
    found = np.zeros((size, size, channels))
    for row in range(side):
        for column in range(side):
            rows = slice(row * dilation, row * dilation + (size - 1) * stride + 1, stride)
            columns = slice(column * dilation, column * dilation + (size - 1) * stride + 1, stride)
            found += padded[rows, columns] * kernel[row, column]
    return found


def _scaled(spec: LayerSpec, weights: Weights, x: np.ndarray, channel: int) -> _Step:
    if spec.type == "BatchNormalization":
        mean = np.full(x.shape[:2], weights["moving_mean"][channel])
        variance = np.full(x.shape[:2], weights["moving_variance"][channel])
    else:
        mean, variance = x.mean(2, dtype=np.float64), x.var(2, dtype=np.float64)
    arrays = {
        "input": x[..., channel],
        "mean": mean,
        "deviation": np.sqrt(variance + spec.settings["epsilon"]),
        "factor": weights["gamma"][channel] if "gamma" in weights else np.float32(1),
        "offset": weights["beta"][channel] if "beta" in weights else np.float32(0),
    }
    return {"kind": SCALED}, {name: np.asarray(array) for name, array in arrays.items()}


def _as_map(values: np.ndarray) -> np.ndarray:
    return values[np.newaxis, np.newaxis] if values.ndim == 1 else values


def _plain(array: np.ndarray) -> np.ndarray:
    found = np.asarray(array)
    return found.astype(np.int32 if found.dtype.kind == "i" else np.float32)
