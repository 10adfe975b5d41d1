"""The four IDX files of Fashion-MNIST: what each must hold, and reading one, every byte checked.

The IDX format: two zero bytes, the element type (8 is uint8), the number of dimensions, each
dimension as a big-endian uint32, then the elements, row by row.
Source: http://yann.lecun.com/exdb/mnist/ ("the IDX file format").
"""

from __future__ import annotations

import gzip
import hashlib
import io
import math
import struct
import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from fmnist_core.exceptions import DataError
from fmnist_core.specs.data import NUM_TEST_FILE, NUM_TRAIN_FILE

GZIP_MAGIC = b"\x1f\x8b"
UINT8_MAGIC = b"\x00\x00\x08"
BLOCK = 1 << 16  # bytes; one large read takes three times as long and the memory twice

# Images per digit in MNIST's own label files, training and test: the usual look-alike.
MNIST_CLASS_COUNTS = (
    [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949],
    [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009],
)


@dataclass(frozen=True, kw_only=True)
class IdxFile:
    """One file of the data set, as it must be.

    Attributes:
        name: File name without `.gz`.
        shape: Of the uint8 array it holds: (N, 28, 28) images or (N,) labels.
        sha256: Hex digest of the unpacked file; packed copies differ between sources. "" where
            any content will do.
    """

    name: str
    shape: tuple[int, ...]
    sha256: str

    @property
    def header(self) -> bytes:
        """The bytes before the elements."""
        dimensions = struct.pack(f">{len(self.shape)}I", *self.shape)
        return UINT8_MAGIC + bytes([len(self.shape)]) + dimensions

    @property
    def size(self) -> int:
        """Bytes of the unpacked file."""
        return len(self.header) + math.prod(self.shape)


# Digests: measured on the Debian package dataset-fashion-mnist (0.0~git20200523.55506a9-1).
TRAIN_IMAGES = IdxFile(
    name="train-images-idx3-ubyte",
    shape=(NUM_TRAIN_FILE, 28, 28),
    sha256="c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
)
TRAIN_LABELS = IdxFile(
    name="train-labels-idx1-ubyte",
    shape=(NUM_TRAIN_FILE,),
    sha256="bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
)
TEST_IMAGES = IdxFile(
    name="t10k-images-idx3-ubyte",
    shape=(NUM_TEST_FILE, 28, 28),
    sha256="5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
)
TEST_LABELS = IdxFile(
    name="t10k-labels-idx1-ubyte",
    shape=(NUM_TEST_FILE,),
    sha256="0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
)
# Labels first: they are small, and they tell MNIST by name.
IDX_FILES = (TRAIN_LABELS, TEST_LABELS, TRAIN_IMAGES, TEST_IMAGES)
# One SHA-256 over the four files' digests: names the data set.
DATA_SET_CHECKSUM = hashlib.sha256("".join(file.sha256 for file in IDX_FILES).encode()).hexdigest()


def read_idx(path: Path, expected: IdxFile, out: np.ndarray | None = None) -> np.ndarray:
    """Read one file, packed with gzip or not, and check that it is the expected one.

    Args:
        path: The file; whether it is packed is seen from its content, not from its name.
        expected: What it must hold.
        out: Where the elements go: uint8, contiguous, shape `expected.shape`; None makes room.

    Returns:
        The elements, uint8, shape `expected.shape`; `out` where that was given.

    Raises:
        DataError: The file is unreadable, damaged, cut short, or another one. The text says which
            and ends without a full stop: what to do next depends on where the file came from,
            and whoever chose the file adds it.
    """
    elements = np.empty(expected.shape, np.uint8) if out is None else out
    try:
        with _open_unpacked(path) as stream:
            fault, digest = _fill(elements, stream, expected)
    except (gzip.BadGzipFile, zlib.error) as error:
        raise DataError(f"{path} is damaged: it cannot be unpacked") from error
    except OSError as error:
        raise DataError(f"{path} cannot be read ({error.strerror})") from error
    if not fault and digest != (expected.sha256 or digest):
        fault = _look_alike(elements)
    if fault:
        raise DataError(f"{path} {fault}")
    return elements


def _open_unpacked(path: Path) -> io.BufferedIOBase:
    """Open a file for its unpacked bytes; browsers unpack `.gz` files and keep the name."""
    with path.open("rb") as stream:
        packed = stream.read(len(GZIP_MAGIC)) == GZIP_MAGIC
    return gzip.open(path) if packed else path.open("rb")


def _fill(elements: np.ndarray, stream: io.BufferedIOBase, expected: IdxFile) -> tuple[str, str]:
    """Read a whole file into `elements`; return what is wrong with it, or "", and its SHA-256."""
    header = _read(stream, len(expected.header))
    if not expected.header.startswith(header):
        return _foreign(header, stream, expected), ""
    digest = hashlib.sha256(header)
    size, target = len(header), elements.reshape(-1)
    while block := _read_block(stream, BLOCK):
        start = size - len(header)
        size += len(block)
        if size > expected.size:
            return f"holds more than the expected {expected.size:,} bytes", ""
        target[start : start + len(block)] = np.frombuffer(block, np.uint8)
        digest.update(block)
    if size < expected.size:
        return f"is cut short: it holds {size:,} of {expected.size:,} bytes", ""
    return "", digest.hexdigest()


def _read(stream: io.BufferedIOBase, size: int) -> bytes:
    """Read `size` bytes, or as many as there are."""
    content = b""
    while len(content) < size and (block := _read_block(stream, size - len(content))):
        content += block
    return content


def _read_block(stream: io.BufferedIOBase, limit: int) -> bytes:
    """Read 1 to `limit` bytes, or b"" at the end, which a broken-off gzip file has early."""
    try:
        return stream.read1(limit)
    except EOFError:
        return b""


def _foreign(header: bytes, stream: io.BufferedIOBase, expected: IdxFile) -> str:
    """Say what a file is whose first bytes are not the expected header."""
    if not header.startswith(UINT8_MAGIC):
        start = len(UINT8_MAGIC)
        return (
            f"is not an IDX file: it begins with {header[:start]!r} "
            f"instead of {expected.header[:start]!r}"
        )
    dimensions = header[len(UINT8_MAGIC)]
    header += _read(stream, 4 + 4 * dimensions - len(header))
    whole_numbers = len(header) // 4 * 4
    shape = tuple(n for (n,) in struct.iter_unpack(">I", header[4:whole_numbers]))
    return f"holds an array of shape {shape} instead of {expected.shape}"


def _look_alike(elements: np.ndarray) -> str:
    """Say what a file probably is that has the right shape and another checksum."""
    if elements.ndim > 1:
        return (
            "has the right shape but other pixels than Fashion-MNIST: "
            "probably MNIST digits or another look-alike"
        )
    if np.bincount(elements).tolist() in MNIST_CLASS_COUNTS:
        return "holds the labels of the MNIST digits instead of those of Fashion-MNIST"
    return (
        "has the right length but other labels than Fashion-MNIST: "
        "probably those of another look-alike"
    )
