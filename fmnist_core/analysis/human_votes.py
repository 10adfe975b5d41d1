"""What people take the test images for: votes of Fashion-MNIST-H, if somebody has the file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from fmnist_core.exceptions import DataError, StoreError
from fmnist_core.labels import NUM_CLASSES
from fmnist_core.runs.files import read_arrays, replacing
from fmnist_core.specs.data import NUM_TEST_FILE

FILE_NAME = ".human-votes.npz"  # in the store, beside the runs: good for them all
MAX_BYTES = 2 * 2**20  # the known file has a quarter of a megabyte
_MOST = 100_000  # votes of a class that an image can have
_EXPECTED = (
    "Take fmh_counts.csv of Fashion-MNIST-H as it is: 10,000 rows, one for each test image in the "
    "order of the data set, of 10 whole numbers, the votes for each class."
)


@dataclass(frozen=True, kw_only=True, eq=False)
class HumanVotes:
    """How many people took each test image for each class.

    Attributes:
        counts: int32 (10000, 10), no row all 0.
    """

    counts: np.ndarray

    @property
    def shares(self) -> np.ndarray:
        """What share of an image's votes each class has, float64 (10000, 10)."""
        return self.counts / self.counts.sum(axis=1, keepdims=True)

    @property
    def plurality(self) -> np.ndarray:
        """The class with the most votes; of two the lower one. int64 (10000,)."""
        return self.counts.argmax(axis=1)

    @property
    def disagreement(self) -> np.ndarray:
        """Entropy of an image's votes in bits, float64 (10000,); 0 where all say the same."""
        shares = self.shares
        logs = np.log2(shares, out=np.zeros_like(shares), where=shares > 0)
        return -(shares * logs).sum(axis=1) + 0.0

    def agreement(self, labels: np.ndarray) -> np.ndarray:
        """Return the share of an image's votes for its label, float64 (10000,).

        Args:
            labels: Of the test file, uint8 (10000,).
        """
        return self.shares[np.arange(len(labels)), labels]


@dataclass(frozen=True, kw_only=True)
class ClassVotes:
    """How well people know a class.

    Attributes:
        label: The class.
        images: Its test images.
        right: Of these, those of which most votes say the class.
        agreement: Mean share of the votes that do, in [0, 1].
    """

    label: int
    images: int
    right: int
    agreement: float


def votes_by_class(found: HumanVotes, labels: np.ndarray) -> list[ClassVotes]:
    """Sum votes up class by class.

    Args:
        found: The votes.
        labels: Of the test file, uint8 (10000,), every class among them.
    """
    right, agreement = found.plurality == labels, found.agreement(labels)
    return [
        ClassVotes(
            label=label,
            images=int((labels == label).sum()),
            right=int(right[labels == label].sum()),
            agreement=float(agreement[labels == label].mean()),
        )
        for label in range(NUM_CLASSES)
    ]


def read_csv(text: bytes) -> HumanVotes:
    """Read a table of votes that somebody brought.

    Raises:
        DataError: It is no such table.
    """
    if len(text) > MAX_BYTES:
        raise DataError(f"This file has more than {MAX_BYTES // 2**20} MB. {_EXPECTED}")
    try:
        lines = text.decode("utf-8-sig").split()
        table = np.array([[float(word) for word in line.split(",")] for line in lines])
    except (ValueError, UnicodeDecodeError) as error:
        raise DataError(f"This file is no table of numbers. {_EXPECTED}") from error
    if table.shape != (NUM_TEST_FILE, NUM_CLASSES):
        raise DataError(f"This table has the shape {table.shape}. {_EXPECTED}")
    whole = np.isfinite(table).all() and (table == np.floor(table)).all()
    if not whole or table.min() < 0 or table.max() > _MOST or not table.any(axis=1).all():
        raise DataError(f"Some numbers of this table are no counts of votes. {_EXPECTED}")
    return HumanVotes(counts=table.astype(np.int32))


def keep_votes(root: Path, found: HumanVotes) -> None:
    """Keep votes in a store.

    Raises:
        StoreError: The store cannot be written.
    """
    try:
        root.mkdir(parents=True, exist_ok=True)
        with replacing(root / FILE_NAME) as file:
            np.savez(file, counts=found.counts)
    except OSError as error:
        raise StoreError(
            f"The votes could not be kept: {error.strerror or error}. Make the folder {root} "
            "writable, or free some space."
        ) from error


def load_votes(root: Path) -> HumanVotes | None:
    """Read the votes of a store; None where nobody has brought them.

    Raises:
        StoreError: The file is damaged.
    """
    if not (root / FILE_NAME).exists():
        return None
    try:
        counts = read_arrays(root / FILE_NAME, compressed=False)["counts"]
        sound = counts.dtype == np.int32 and counts.shape == (NUM_TEST_FILE, NUM_CLASSES)
        if not sound or counts.min() < 0 or not counts.any(axis=1).all():
            raise ValueError("no votes for each test image")
    except (StoreError, ValueError, KeyError) as error:
        raise StoreError(
            f"{FILE_NAME}, the votes of people, is damaged ({error}). Delete that file, and bring "
            "fmh_counts.csv again."
        ) from error
    return HumanVotes(counts=counts)
