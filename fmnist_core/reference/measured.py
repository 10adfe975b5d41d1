"""What came out where a claim was checked, and whether that is what the report says."""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable
from dataclasses import dataclass

from fmnist_core.analysis.intervals import wilson_interval
from fmnist_core.reference.claims import Claim, GridClaim
from fmnist_core.runs.outcome import Share
from fmnist_core.runs.status import FINISHED
from fmnist_core.runs.summary import RunSummary, recipe

REPRODUCED, HIGHER, LOWER = "reproduced", "higher", "lower"
IMPLAUSIBLE, OPEN = "not plausible", "not measured"
MARKS = {REPRODUCED: "✓", HIGHER: "↑", LOWER: "↓", IMPLAUSIBLE: "✗", OPEN: "·"}
BEST_PUBLISHED = 0.9691  # fine-tuned DARTS, https://arxiv.org/abs/2006.09042
SEED_DEVIATION = 0.0015  # of the accuracy between seeds; what networks of this kind show
_Z = 1.96


@dataclass(frozen=True, kw_only=True)
class Measured:
    """What the runs that repeat a claim say of it.

    Attributes:
        claim: The claim.
        runs: Those that went through, newest first; they differ in nothing but names and seed.
        accuracy: Their mean accuracy on the claim's images, in [0, 1]; None where there is no run.
        interval: 95 % Wilson interval of a single run, or of that mean over as many images.
        deviation: Between the seeds, of 2 runs and more; else None.
        verdict: One of the words above.
        reason: Why, a sentence.
    """

    claim: Claim
    runs: tuple[RunSummary, ...]
    accuracy: float | None
    interval: tuple[float, float] | None
    deviation: float | None
    verdict: str
    reason: str


def measure(claim: Claim, rows: Iterable[RunSummary]) -> Measured:
    """Set a claim beside the runs that repeat it.

    A claim counts as reproduced where it lies so near that two runs of one recipe, each judged by
    images of its own, would differ by more in one of twenty cases. A claim above the best published
    result is not plausible, whatever was measured.

    Args:
        claim: The claim.
        rows: All runs of a store.
    """
    wanted = recipe(claim.experiment())
    runs = tuple(row for row in rows if went_through(row) and row.recipe == wanted)
    shares = [_share(row, claim.part) for row in runs]
    if not shares:
        return Measured(
            claim=claim,
            runs=(),
            accuracy=None,
            interval=None,
            deviation=None,
            verdict=IMPLAUSIBLE if claim.low > BEST_PUBLISHED else OPEN,
            reason=_too_good(claim) if claim.low > BEST_PUBLISHED else "No run repeats it yet.",
        )
    figures = [share.accuracy for share in shares]
    mean, images = statistics.fmean(figures), shares[0].images
    deviation = statistics.stdev(figures) if len(figures) > 1 else None
    verdict, reason = _judge(claim, mean, images)
    return Measured(
        claim=claim,
        runs=runs,
        accuracy=mean,
        interval=wilson_interval(round(mean * images), images),
        deviation=deviation,
        verdict=verdict,
        reason=reason,
    )


def went_through(row: RunSummary) -> bool:
    """Whether a run was trained to its end: one that was stopped early repeats no recipe."""
    return row.result is not None and row.state == FINISHED


def run_ids_of(measured: Iterable[Measured]) -> list[str]:
    """Return the ids of all runs that repeat some of these claims, each once."""
    return list(dict.fromkeys(row.run_id for each in measured for row in each.runs))


def _share(row: RunSummary, part: str) -> Share:
    assert row.result is not None
    return row.result.validation if part == "validation" else row.result.test


def reach(accuracy: float, images: int) -> float:
    """Return by how much two runs of one recipe differ by chance, in 95 of 100 cases.

    Args:
        accuracy: Of one of them, in [0, 1].
        images: How many images judge each, others each.
    """
    sampling = accuracy * (1 - accuracy) / images
    return _Z * math.sqrt(2 * (sampling + SEED_DEVIATION**2))


def _judge(claim: Claim, mean: float, images: int) -> tuple[str, str]:
    if claim.low > BEST_PUBLISHED:
        return IMPLAUSIBLE, _too_good(claim)
    return judge(claim, mean, images, shortened=claim.shortened)


def judge(
    claim: Claim | GridClaim, accuracy: float, images: int, *, shortened: str = ""
) -> tuple[str, str]:
    """Set an accuracy beside what a report says, and return the verdict and why.

    Args:
        claim: Says between which two figures it lies.
        accuracy: What was measured, in [0, 1].
        images: On how many.
        shortened: How much shorter the training was; "" where it was not.
    """
    near = reach(accuracy, images)
    if claim.low - near <= accuracy <= claim.high + near:
        return REPRODUCED, f"Within {100 * near:.1f} points, which chance alone can make."
    off = accuracy - (claim.high if accuracy > claim.high else claim.low)
    verdict = HIGHER if off > 0 else LOWER
    distance = f"{100 * abs(off):.1f} points {'above' if off > 0 else 'below'} the report"
    if verdict == LOWER and shortened:
        said = f"{distance}, after {shortened}: it speaks neither for nor against it."
        return verdict, said
    return verdict, (
        f"{distance}; chance makes {100 * near:.1f} at most, so something that it does not state "
        "was different."
    )


def _too_good(claim: Claim) -> str:
    return (
        f"{100 * claim.low:.1f} % is more than the best published network reaches, "
        f"{100 * BEST_PUBLISHED:.1f} %."
    )
