"""The maps of a layer as the browser draws them: eight bits a value, on a scale with numbers."""

from __future__ import annotations

import base64
from typing import Any

import numpy as np

from ui.format import percent, significant

MIDDLE = 127  # the code of 0 on a signed scale, of which 0 and 254 are the ends
FEW = 16  # maps are shown at first
MEAN, NUMBER = "Mean", "Number"
ORDERS = {MEAN: "Most active first", NUMBER: "By number"}
EACH, LAYER, NETWORK = "Map", "Layer", "Network"
SCALES = {EACH: "Each map", LAYER: "Layer", NETWORK: "Network"}
_SCALE_TEXTS = {
    EACH: "of each map's own largest value",
    LAYER: "the same for all maps of this layer",
    NETWORK: "the same for all layers",
}


def order_of(maps: np.ndarray, by: str) -> np.ndarray:
    """Return the numbers of the maps in the order in which they are shown.

    Args:
        maps: float32 (height, width, channels).
        by: A key of `ORDERS`.
    """
    if by == NUMBER:
        return np.arange(maps.shape[2])
    return np.argsort(-maps.mean((0, 1), dtype=np.float64), kind="stable")


def limits_of(maps: np.ndarray, scale: str, network: float) -> np.ndarray:
    """Return the absolute value of each map's brightest colour.

    Args:
        maps: float32 (height, width, channels).
        scale: A key of `SCALES`.
        network: The largest absolute value of all layers that are maps.

    Returns:
        float64 (channels,), none of them 0.
    """
    found = np.abs(maps).max((0, 1)).astype(np.float64)
    if scale != EACH:
        found[:] = network if scale == NETWORK else found.max()
    return np.where(found > 0, found, 1.0)


def codes(maps: np.ndarray, limits: np.ndarray, *, signed: bool) -> np.ndarray:
    """Turn values into eight bits.

    Args:
        maps: float32 (height, width, channels).
        limits: float (channels,), positive: what is drawn brightest.
        signed: 0 is `MIDDLE`, and -limit and limit are 0 and 254; else 0 is 0 and limit is 255.

    Returns:
        uint8 (channels, height, width).
    """
    shares = np.moveaxis(maps / limits, 2, 0)
    if signed:
        return np.round(MIDDLE + MIDDLE * np.clip(shares, -1, 1)).astype(np.uint8)
    return np.round(255 * np.clip(shares, 0, 1)).astype(np.uint8)


def dead(maps: np.ndarray) -> np.ndarray:
    """Return the numbers of the maps that are exactly 0 everywhere; (…, channels) in, int out."""
    return np.flatnonzero(~np.any(maps != 0, axis=tuple(range(maps.ndim - 1))))


def grid_data(
    maps: np.ndarray, shown: np.ndarray, limits: np.ndarray, *, scale: str, signed: bool, name: str
) -> dict[str, Any]:
    """Describe a grid of maps in JSON.

    Args:
        maps: All maps of the layer, float32 (height, width, channels).
        shown: Numbers of those that are drawn, in their order; at least one.
        limits: As `limits_of` gives them.
        scale: A key of `SCALES`, which they follow.
        signed: The scale has a negative side.
        name: What the maps are, for who cannot see them.
    """
    height, width, channels = maps.shape
    shares = scale == EACH
    most = 1.0 if shares else float(limits.max())
    least = f"−{significant(most)}" if signed else "0"
    drawn = codes(maps[:, :, shown], limits[shown], signed=signed)
    return {
        "codes": encoded(drawn),
        "height": height,
        "width": width,
        "signed": signed,
        "name": name,
        "tiles": [_tile(maps[:, :, channel], int(channel), channels) for channel in shown],
        "legend": {
            "low": least.replace("1.00", "1") if shares else least,
            "high": "1" if shares else significant(most),
            "text": _SCALE_TEXTS[scale],
        },
    }


def encoded(array: np.ndarray) -> str:
    """Write an array's bytes in base64, little endian."""
    little = array.astype(array.dtype.newbyteorder("<"), copy=False)
    return base64.b64encode(np.ascontiguousarray(little).tobytes()).decode()


def _tile(map_: np.ndarray, channel: int, channels: int) -> dict[str, Any]:
    mean, zeros = float(map_.mean(dtype=np.float64)), float(np.mean(map_ == 0))
    return {
        "channel": channel,
        "lines": [
            f"{channel} · {significant(mean)}",
            "dead" if zeros == 1 else f"{percent(zeros, 0)} are 0",
        ],
        "label": (
            f"Map {channel} of 0 to {channels - 1}: mean {significant(mean)}, from "
            f"{significant(float(map_.min()))} to {significant(float(map_.max()))}, "
            f"{percent(zeros, 0)} of its values are 0"
        ),
    }
