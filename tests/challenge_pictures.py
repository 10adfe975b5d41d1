"""Pictures for challenge sets, no two alike, and a network that is asked about them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

import numpy as np
from PIL import Image

from fmnist_core.challenge import ChallengeEntry, ChallengeSet
from fmnist_core.exceptions import InferenceError
from fmnist_core.inference.messages import Message


def pixels(number: int) -> np.ndarray:
    """28×28 pixels that belong to a number, 0 to 9999."""
    found = np.zeros((28, 28), np.uint8)
    found[4:24, 6:22] = 200
    found[0, :4] = [int(digit) + 1 for digit in f"{number:04}"]
    return found


def photo(height: int = 60, width: int = 40, garment: int = 30) -> np.ndarray:
    """A dark box on white paper, uint8 (height, width, 3)."""
    found = np.full((height, width, 3), 250, np.uint8)
    found[height // 4 : height // 4 + garment, width // 4 : -width // 4] = 30
    return found


def keep(challenge: ChallengeSet, *labels: int, first: int = 0) -> list[ChallengeEntry]:
    """Keep a picture of each of these classes; number `first` and the following ones."""
    return [
        challenge.add(pixels(number), label, original=photo(), name=f"{number}.png")
        for number, label in enumerate(labels, start=first)
    ]


def encoded(picture: np.ndarray, kind: str = "PNG", **options: object) -> bytes:
    """A picture as a file."""
    buffer = io.BytesIO()
    Image.fromarray(picture).save(buffer, kind, **options)
    return buffer.getvalue()


def zipped(files: dict[str, bytes]) -> bytes:
    """A ZIP of these files."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()


class FakeNetwork:
    """Takes every picture for one class, with 0.82; asks are counted."""

    def __init__(self, label: int) -> None:
        self.label = label
        self.asked = 0

    def __call__(self, task: str, run_id: str, arrays: Mapping[str, np.ndarray]) -> Message:
        self.asked += 1
        proba = np.full((len(arrays["images"]), 10), 0.02, np.float32)
        proba[:, self.label] = 0.82
        return Message({}, {"proba": proba})


class FakeInference:
    """A process that takes every picture for one class; it fails for the runs named here."""

    def __init__(self, label: int) -> None:
        self.network, self.failing = FakeNetwork(label), set()

    def ask(self, task, run_id, arrays, *, caller="", pause=None):
        if run_id in self.failing:
            raise InferenceError("The network is odd.")
        return self.network(task, run_id, arrays)

    def close(self) -> None:
        """Nothing was started."""
