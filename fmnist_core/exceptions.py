"""Every problem that this package expects, each as a sentence that a person can act on.

FmnistError
├── SpecError           a setting is outside its allowed range
├── ModelError          the layers do not fit together, or end in the wrong place
├── TooLargeError       the training needs more memory than the machine has
├── DataError           the data set is missing, damaged or another one
├── PhotoError          a picture cannot be read, or shows nothing
├── StoreError          the run store cannot be read or written
│   └── RunNotFound     no run of that name
├── TagError            a tag of an image is not allowed
├── ChallengeError      the challenge set cannot take a picture, or has none of that name
│   └── ChallengeStopped it cannot take any now: it is full, busy or cannot be written
├── ComparisonError     two runs cannot be set against each other
├── ExportError         something cannot be written for another program
├── InferenceError      something could not be computed with a trained network
│   └── SupersededError its caller has asked something newer
├── DerivedError        what belongs to a run cannot be computed, or has not been yet
└── TrainingError       a run cannot go on
    ├── DivergedError   its loss is no longer a number
    └── CheckpointError its checkpoint cannot be gone on from
"""

from __future__ import annotations

import reprlib


class FmnistError(Exception):
    """Base of all expected problems; its text is meant to be shown as it is."""


class SpecError(FmnistError):
    """A setting is outside its allowed range."""

    def __init__(self, field: str, received: object, expected: str) -> None:
        """Name the field, what arrived and what would be accepted."""
        words, of, layer = field.partition(" of ")  # a layer's name is shown as it is
        name = words[:1].upper() + words[1:].replace("_", " ") + of + layer
        super().__init__(f"{name} must be {expected}; you gave {_short(received)}.")
        self.field = field


class ModelError(FmnistError):
    """The layers do not fit together, or end in the wrong place."""


class TooLargeError(FmnistError):
    """The training needs more memory than the machine has."""


class DataError(FmnistError):
    """The data set is missing, damaged, or not Fashion-MNIST."""


class PhotoError(FmnistError):
    """A picture cannot be read, or nothing in it stands out from its background."""


class StoreError(FmnistError):
    """The folder with the runs cannot be read or written."""


class RunNotFound(StoreError):
    """No run in the store has that id, or more than one begins with it."""


class TagError(FmnistError):
    """A word is no tag, an image is not in the data set, or a table of tags is damaged."""


class ChallengeError(FmnistError):
    """The challenge set cannot take a picture, or has none of that name."""


class ChallengeStopped(ChallengeError):
    """The challenge set cannot take any picture now: it is full, busy, or cannot be written."""


class ComparisonError(FmnistError):
    """Two runs have no images in common, or learned from different labels."""


class ExportError(FmnistError):
    """Something cannot be written for another program."""


class InferenceError(FmnistError):
    """Something could not be computed with a trained network."""


class SupersededError(InferenceError):
    """Who asked has asked something newer, so nobody waits for this any more."""


class DerivedError(FmnistError):
    """A later result of a run cannot be computed, or has not been yet."""


class TrainingError(FmnistError):
    """A run cannot go on."""


class DivergedError(TrainingError):
    """The loss is no longer a finite number."""


class CheckpointError(TrainingError):
    """A checkpoint is damaged, or belongs to another experiment or other versions."""


def _short(value: object, limit: int = 60) -> str:
    """Show a value that may come from a hostile file, in at most `limit` characters."""
    shortened = reprlib.Repr()  # looks at the beginning only, however long and deep the value is
    shortened.maxstring = shortened.maxother = limit
    try:
        text = shortened.repr(value)
    except ValueError:  # Python writes no whole number of more than 4,300 digits
        return "a number of thousands of digits"
    return text if len(text) <= limit else text[: limit - 1] + "…"
