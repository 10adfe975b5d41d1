"""What client and inference process send each other: a line of JSON, then the bytes of arrays.

No pickle: whoever could write into the pipe could otherwise run code on the other side.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import IO, Any

import numpy as np

MAX_HEADER_BYTES = 4 * 2**20
MAX_ARRAY_BYTES = 512 * 2**20
DTYPES = ("bool", "uint8", "int32", "int64", "float16", "float32", "float64")


@dataclass(frozen=True, eq=False)
class Message:
    """Some values and some arrays.

    Attributes:
        values: Plain JSON types.
        arrays: By name, of the `DTYPES`.
    """

    values: dict[str, Any]
    arrays: dict[str, np.ndarray] = field(default_factory=dict)


def send(stream: IO[bytes], message: Message) -> None:
    """Write a message whole.

    Raises:
        ValueError: An array is of another type, or a value is no JSON.
        OSError: The other side is gone.
    """
    arrays = {name: np.ascontiguousarray(array) for name, array in message.arrays.items()}
    for name, array in arrays.items():
        if array.dtype.name not in DTYPES:
            raise ValueError(f"{name} is of type {array.dtype}, not one of {DTYPES}")
    described = [[name, array.dtype.name, list(array.shape)] for name, array in arrays.items()]
    header = {"values": message.values, "arrays": described}
    stream.write(json.dumps(header, allow_nan=False).encode() + b"\n")
    for array in arrays.values():
        stream.write(array.tobytes())
    stream.flush()


def receive(stream: IO[bytes]) -> Message | None:
    """Read a message; None where the other side has ended, also in the middle of one.

    Raises:
        ValueError: It is no message.
    """
    line = stream.readline(MAX_HEADER_BYTES)
    if not line.endswith(b"\n"):
        return None
    header = json.loads(line)
    arrays = {}
    for name, dtype, shape in header["arrays"]:
        array = _read(stream, dtype, shape)
        if array is None:
            return None
        arrays[name] = array
    return Message(header["values"], arrays)


def _read(stream: IO[bytes], dtype: str, shape: list[int]) -> np.ndarray | None:
    if dtype not in DTYPES:
        raise ValueError(f"an array of type {dtype}")
    size = np.dtype(dtype).itemsize
    for length in shape:
        size *= length
    if not 0 <= size <= MAX_ARRAY_BYTES:
        raise ValueError(f"an array of {size:,} bytes")
    data = stream.read(size)
    return np.frombuffer(data, dtype).reshape(shape) if len(data) == size else None
