"""What came out of a run: the figures of `result.json`, which is written last."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fmnist_core.exceptions import StoreError
from fmnist_core.labels import NUM_CLASSES
from fmnist_core.runs.files import read_json
from fmnist_core.runs.records import as_type
from fmnist_core.runs.status import FORMAT


@dataclass(frozen=True, kw_only=True)
class Scores:
    """How good the best weights are on one part of the data.

    Attributes:
        images: Number of images.
        correct: Images whose most likely class is the true one.
        accuracy, loss: Accuracy in [0, 1]; mean cross-entropy in nats.
        macro, weighted: Means over classes: {"precision", "recall", "f1"}, each in [0, 1].
        classes: One dict a class, in label order: precision, recall, f1, support.
    """

    images: int
    correct: int
    accuracy: float
    loss: float
    macro: dict[str, float]
    weighted: dict[str, float]
    classes: list[dict[str, float]]


@dataclass(frozen=True, kw_only=True)
class Result:
    """The contents of `result.json`.

    Attributes:
        best_epoch: Epoch whose weights were kept: the one with the best validation accuracy.
        epochs, steps: What was trained.
        seconds: Wall time of training with its validation, without start and final evaluation.
        images_per_second: Training images a second, validation time included.
        parameters: All parameters of the network.
        validation, test: Scores of the best weights.
        flip_validation, flip_test: Scores of the mean of each image's and its mirror image's
            probabilities; None where that was not asked for.
        test_used_for_validation: The split was "resplit": the test figures steered the choice.
        data_checksum: SHA-256 over the data files.
        versions, machine: What computed it.
    """

    best_epoch: int
    epochs: int
    steps: int
    seconds: float
    images_per_second: float
    parameters: int
    validation: Scores
    test: Scores
    test_used_for_validation: bool
    data_checksum: str
    flip_validation: Scores | None = None
    flip_test: Scores | None = None
    versions: dict[str, str] = field(default_factory=dict)
    machine: dict[str, Any] = field(default_factory=dict)


def read_result(folder: Path) -> Result | None:
    """Read `result.json`; None where the run has not come to its end.

    Raises:
        StoreError: The file is torn, or not a result of this format.
    """
    data = read_json(folder / "result.json")
    if not data:
        return None
    if data.pop("format", None) != FORMAT:
        raise StoreError(f"{folder.name}/result.json is not of format {FORMAT}.")
    try:
        result: Result = as_type(data, Result)
        parts = (result.validation, result.test, result.flip_validation, result.flip_test)
        for part in filter(None, parts):
            if part.images < 1:
                raise TypeError("no images")
            if not 0 <= part.correct <= part.images:
                raise TypeError("more images right than there are")
            if len(part.classes) != NUM_CLASSES:
                raise TypeError(f"figures of {len(part.classes)} classes, not {NUM_CLASSES}")
    except TypeError as error:
        raise StoreError(f"{folder.name}/result.json is damaged ({error}).") from error
    return result
