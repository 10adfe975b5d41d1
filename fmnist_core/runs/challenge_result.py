"""How good a run is on the challenge set: `challenge.json`, by pages and the command line.

Pictures are named by what stands for their pixels, so that the file goes with the run: it means the
same where the set was imported under other ids.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from fmnist_core.exceptions import StoreError
from fmnist_core.labels import NUM_CLASSES
from fmnist_core.runs.files import read_json, write_json
from fmnist_core.runs.outcome import Share
from fmnist_core.runs.records import as_type

FILE_NAME = "challenge.json"
FORMAT = 1


@dataclass(frozen=True, kw_only=True)
class Judged:
    """What a run made of one picture.

    Attributes:
        pixels: What stands for its pixels, as `ChallengeEntry.digest`.
        label, predicted: Its true class, and the most likely one for the network, 0 to 9.
        confidence: The probability of that, in [0, 1].
    """

    pixels: str
    label: int
    predicted: int
    confidence: float

    def __post_init__(self) -> None:
        """Refuse what no network says."""
        if not (0 <= self.label < NUM_CLASSES and 0 <= self.predicted < NUM_CLASSES):
            raise TypeError("a label of no class")
        if not 0 <= self.confidence <= 1:
            raise TypeError("a probability beyond 0 to 1")

    @property
    def right(self) -> bool:
        """The most likely class is the true one."""
        return self.predicted == self.label


@dataclass(frozen=True, kw_only=True)
class ChallengeResult:
    """The contents of `challenge.json`.

    Attributes:
        set_digest: What stands for the challenge set, as `ChallengeSet.digest` gives it.
        weights: What stands for the weights, as `derived.place.weights_digest` gives it.
        correct, of: Pictures right, of all.
        time: When they were judged, in seconds since 1970.
        temperature: By which the probabilities were corrected; None where they are as they came.
        pictures: One by one, in no particular order.
    """

    set_digest: str
    weights: str
    correct: int
    of: int
    time: float
    temperature: float | None
    pictures: list[Judged]

    def __post_init__(self) -> None:
        """Refuse figures that do not follow from the pictures."""
        right = sum(each.right for each in self.pictures)
        if (right, len(self.pictures)) != (self.correct, self.of):
            raise TypeError("figures that do not follow from its pictures")
        Share(correct=self.correct, images=self.of)

    @cached_property
    def by_pixels(self) -> dict[str, Judged]:
        """What was made of each picture, by what stands for its pixels."""
        return {each.pixels: each for each in self.pictures}

    @property
    def y_true(self) -> np.ndarray:
        """True classes, uint8 (N,)."""
        return np.array([each.label for each in self.pictures], np.uint8)

    @property
    def y_pred(self) -> np.ndarray:
        """Predicted classes, uint8 (N,), in the same order."""
        return np.array([each.predicted for each in self.pictures], np.uint8)

    def write(self, folder: Path) -> None:
        """Replace the file of a run.

        Raises:
            StoreError: The run is gone, or its folder cannot be written.
        """
        try:
            write_json(folder / FILE_NAME, {"format": FORMAT, **asdict(self)})
        except OSError as error:
            raise StoreError(
                f"What run {folder.name} made of the challenge set could not be written: "
                f"{error.strerror or error}. See that the run is still there and its folder "
                "writable."
            ) from error


def read_challenge_result(folder: Path) -> ChallengeResult | None:
    """Read `challenge.json` of a run folder.

    Returns:
        None where there is none, or where it is damaged or foreign: it can be computed again.
    """
    try:
        data = read_json(folder / FILE_NAME)
        known = data.pop("format", None) == FORMAT
        return as_type(data, ChallengeResult) if known else None
    except (StoreError, TypeError):
        return None
