"""What R0's recipe makes of MNIST's digits, where somebody has them: the claim may be of those."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from fmnist_core.analysis.intervals import wilson_interval
from fmnist_core.exceptions import StoreError
from fmnist_core.format import percent, points
from fmnist_core.reference.claims import Claim
from fmnist_core.reference.measured import reach
from fmnist_core.reference.reports import claim_named
from fmnist_core.runs.files import read_json, write_json
from fmnist_core.runs.records import as_type

CLAIM = claim_named("r0-lenet")
HOW = (
    "Whoever has MNIST's four files can train the same recipe on them: "
    "`python -m fmnist_core reference digits FOLDER`. They neither come with this project nor does "
    "it fetch them."
)
FILE_NAME = ".digits.json"
FORMAT = 1


@dataclass(frozen=True, kw_only=True)
class DigitsResult:
    """What came out on MNIST's digits.

    Attributes:
        correct, images: Of the test images: classified right, and all.
        loss: Cross-entropy of the test images.
        validation_accuracy: In [0, 1].
        steps: Batches trained.
        seconds: Time of the training.
        quick: It was cut short, to see that it works.
        time: When it ended, in seconds since 1970.
        machine: What computed it.
    """

    correct: int
    images: int
    loss: float
    validation_accuracy: float
    steps: int
    seconds: float
    quick: bool
    time: float
    machine: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse figures that no training makes; they may come from a foreign file.

        Raises:
            TypeError: They do not fit together.
        """
        if not 0 <= self.correct <= self.images or self.images < 1:
            raise TypeError("the counts do not fit together")

    @property
    def accuracy(self) -> float:
        """Of the test images, in [0, 1]."""
        return self.correct / self.images


def write_result(found: DigitsResult, root: Path) -> None:
    """Keep what came out in the store `root`, in place of what came out before."""
    write_json(root / FILE_NAME, {"format": FORMAT, **asdict(found)})


def read_result(root: Path) -> DigitsResult | None:
    """Read what came out; None where nothing did, or where the file is damaged or foreign."""
    try:
        data = read_json(root / FILE_NAME)
        known = data.pop("format", None) == FORMAT
        return as_type(data, DigitsResult) if known else None
    except (StoreError, TypeError):
        return None


def sentence(found: DigitsResult | None, claim: Claim = CLAIM) -> str:
    """Say what came out on digits, and what follows for the claim; how to do it where none did."""
    if found is None:
        return HOW
    low, high = wilson_interval(found.correct, found.images)
    said = (
        f"On MNIST's digits the same recipe reached {percent(found.accuracy)} "
        f"(95 % interval {100 * low:.1f}–{100 * high:.1f} %, loss {found.loss:.4f})"
    )
    if found.quick:
        return f"{said} in {found.steps:,} steps, cut short to see that it works: it says nothing."
    off = found.accuracy - claim.low
    if abs(off) <= reach(found.accuracy, found.images):
        return f"{said}: what the report says, within chance. Its figure is most likely of digits."
    side = "above" if off > 0 else "below"
    return f"{said}: {points(abs(off))[1:]} points {side} the report, more than chance makes."
