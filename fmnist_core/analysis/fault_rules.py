"""The rules that say whose fault a mistake is: the first that applies decides.

docs/faults.md tells what they found on the shipped runs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from fmnist_core.analysis.fault_evidence import Evidence
from fmnist_core.labels import CLASS_NAMES

LABEL, UNUSUAL, AMBIGUOUS, MODEL = "label", "unusual", "ambiguous", "model"
KINDS = {
    LABEL: "Label suspect",
    UNUSUAL: "Unusual image",
    AMBIGUOUS: "Ambiguous",
    MODEL: "Model mistake",
}

SAME_VIEW = 0.8  # of the runs: all of 2 to 4, all but one of 5 to 9
NEAR_MOST = 0.6  # of the neighbours, 9 of 15: more than a bare majority
FAR = 0.98  # rank: as far as this lies 1 in 50 of what is right; pictures looked odd from here on
OTHERS_RIGHT = 2 / 3  # of the other runs
OTHERS_SURE = 0.6  # their mean probability of the label: not merely more than for the rest
FAIR_SHARE = 0.2  # of the runs' probability: calibrated, such a class is right in 1 of 5 cases
NEAR_FAIR = 1 / 3  # of the neighbours, 5 of 15


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One rule.

    Attributes:
        kind: A key of `KINDS`: what a mistake is that it applies to.
        words: When it applies, for people.
        says: Returns why it applies to a mistake, with its numbers; "" where it does not.
        strength: How clear a mistake is, the clearest first in a gallery; of one kind only.
    """

    kind: str
    words: str
    says: Callable[[Evidence], str]
    strength: Callable[[Evidence], float]


def _label_suspect(found: Evidence) -> str:
    near = found.around
    seen_alike = found.runs == 1 or found.agree >= SAME_VIEW * found.runs
    lies_there = near is None or near.predicted >= NEAR_MOST * near.neighbours
    return _case(found) if found.doubtful and seen_alike and lies_there else ""


def _unusual(found: Evidence) -> str:
    near = found.around
    if near is None or near.rank < FAR:
        return ""
    most = "all" if near.rank == 1 else f"{int(1000 * near.rank) / 10:.1f} %"  # never 100.0
    return (
        f"it lies farther from its {near.neighbours} nearest training images than {most} of the "
        "images that are classified right"
    )


def _others_see_it(found: Evidence) -> str:
    others = found.runs - 1
    enough = found.right >= OTHERS_RIGHT * others and found.p_true_others >= OTHERS_SURE
    if not others or not enough:
        return ""
    return (
        f"{_of(found.right, others)} other runs are right, and together give "
        f"{CLASS_NAMES[found.true]} {100 * found.p_true_others:.0f} %"
    )


def _undecided(found: Evidence) -> str:
    if min(found.p_true, found.p_predicted) < FAIR_SHARE:
        return ""
    who = "the run gives" if found.runs == 1 else f"the {found.runs} runs together give"
    return (
        f"{who} {CLASS_NAMES[found.true]} {100 * found.p_true:.0f} % and "
        f"{CLASS_NAMES[found.predicted]} {100 * found.p_predicted:.0f} %"
    )


def _between(found: Evidence) -> str:
    near = found.around
    if near is None or min(near.true, near.predicted) < NEAR_FAIR * near.neighbours:
        return ""
    return _near(found)


def _rest(found: Evidence) -> str:
    return f"no other rule applies; {_case(found)}"


def _case(found: Evidence) -> str:
    """Say what there is for the predicted class, and against the label."""
    name = CLASS_NAMES[found.predicted]
    doubt = "doubts its label" if found.doubtful else "does not doubt its label"
    say = f"{_of(found.agree, found.runs)} runs say {name}"
    parts = [
        *([say] if found.runs > 1 else []),
        f"cleanlab {doubt} (quality {found.quality:.2f} of 1)",
        *([_near(found)] if found.around else []),
    ]
    return ", ".join(parts)


def _near(found: Evidence) -> str:
    near = found.around
    assert near is not None
    return (
        f"of {near.neighbours} neighbours {near.true} are {CLASS_NAMES[found.true]} and "
        f"{near.predicted} {CLASS_NAMES[found.predicted]}"
    )


def _of(number: int, total: int) -> str:
    return f"all {total}" if number == total > 1 else f"{number} of {total}"


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"


def _distance(found: Evidence) -> float:
    return found.around.distance if found.around else 0.0


RULES = (
    Rule(
        kind=LABEL,
        words=(
            f"cleanlab doubts the label, at least {_percent(SAME_VIEW)} of the runs say what this "
            f"run says, and so do at least {_percent(NEAR_MOST)} of its neighbours"
        ),
        says=_label_suspect,
        strength=lambda found: -found.quality,
    ),
    Rule(
        kind=UNUSUAL,
        words=(
            f"it lies farther from its neighbours than {_percent(FAR)} of the images that the run "
            "has right"
        ),
        says=_unusual,
        strength=_distance,
    ),
    Rule(
        kind=MODEL,
        words=(
            f"at least {_percent(OTHERS_RIGHT)} of the other runs are right, and together they "
            f"give its label at least {_percent(OTHERS_SURE)}"
        ),
        says=_others_see_it,
        strength=lambda found: 1 + found.p_true_others,
    ),
    Rule(
        kind=AMBIGUOUS,
        words=(
            f"the runs together give at least {_percent(FAIR_SHARE)} to its label, and to the "
            "predicted class too"
        ),
        says=_undecided,
        strength=lambda found: 1 - abs(found.p_true - found.p_predicted),
    ),
    Rule(
        kind=AMBIGUOUS,
        words=(
            f"at least {_percent(NEAR_FAIR)} of its neighbours have its label, and as many the "
            "predicted class"
        ),
        says=_between,
        strength=lambda found: -abs(found.p_true - found.p_predicted),
    ),
    Rule(
        kind=MODEL,
        words="no other rule applies",
        says=_rest,
        strength=lambda found: found.p_true,
    ),
)
