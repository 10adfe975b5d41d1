"""Whose fault each mistake is: the label's, the image's, nobody's or the network's."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from fmnist_core.analysis.fault_evidence import Evidence
from fmnist_core.analysis.fault_rules import (
    AMBIGUOUS,
    KINDS,
    LABEL,
    MODEL,
    RULES,
    UNUSUAL,
)
from fmnist_core.analysis.intervals import wilson_interval
from fmnist_core.labels import NUM_CLASSES
from fmnist_core.runs.image_tags import ImageTags

# An own word, made by whoever first needs it: one more built-in word would move the keys of the
# own ones, and make a file that has five of them unreadable.
MODEL_TAG = "model mistake"
# What tags decide, the first that an image bears: those that judge before those that describe.
BY_TAG = {
    MODEL_TAG: MODEL,
    "label wrong": LABEL,
    "ambiguous": AMBIGUOUS,
    "unusual": UNUSUAL,
    "cropped": UNUSUAL,
}


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One mistake, sorted.

    Attributes:
        evidence: What it was judged by.
        kind: A key of `KINDS`.
        reason: Why, as a sentence with its numbers that begins with the kind.
        tag: The tag that decided; "" where a rule did.
        rule: Of `RULES`, the place of the one that applies, whether or not a tag overruled it.
        strength: How clear it is among those of its kind; the larger, the clearer.
    """

    evidence: Evidence
    kind: str
    reason: str
    tag: str
    rule: int
    strength: float


@dataclass(frozen=True, kw_only=True)
class KindCount:
    """How many mistakes are of a kind.

    Attributes:
        kind: A key of `KINDS`.
        images: How many.
        of: All mistakes, at least 1.
        by_tag: Of the images, those that a tag decided.
        classes: Of the images, how many have each label, in label order.
    """

    kind: str
    images: int
    of: int
    by_tag: int
    classes: tuple[int, ...]

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % Wilson interval of images / of."""
        return wilson_interval(self.images, self.of)


def sort_mistakes(mistakes: Iterable[Evidence], tags: ImageTags) -> list[Fault]:
    """Sort each mistake into exactly one kind: by its tag, else by the first rule that applies."""
    decisive = {
        index: (word, kind)
        for word, kind in reversed(BY_TAG.items())
        if word in tags.words
        for index in tags.images.get(word, ())
    }
    return [_sorted(found, *decisive.get(found.index, ("", ""))) for found in mistakes]


def _sorted(found: Evidence, tag: str, tagged: str) -> Fault:
    number, why = next(
        (place, says) for place, rule in enumerate(RULES) if (says := rule.says(found))
    )
    rule = RULES[number]
    reason = f"{KINDS[rule.kind]}: {why}."
    if tag:
        reason = f'{KINDS[tagged]}, by your tag "{tag}". The rules say: {reason}'
    return Fault(
        evidence=found,
        kind=tagged or rule.kind,
        reason=reason,
        tag=tag,
        rule=number,
        strength=rule.strength(found),
    )


def not_asked(runs: int, *, no_features: str) -> list[str]:
    """Say what could not be taken into account; nothing where all could.

    Args:
        runs: How many runs were asked, the judged one among them.
        no_features: Why it is not known what lies near the mistakes, as a sentence; "" where it is.
    """
    said = []
    if runs == 1:
        said.append(
            "No other run that predicted the same images was asked, so whether other networks see "
            "it is not known."
        )
    if no_features:
        said.append(
            f"{no_features} Until then no mistake is called unusual, and what lies near it does "
            "not count."
        )
    return said


def looked_for(count: KindCount, *, features: bool) -> bool:
    """Whether a kind could be found: nothing is unusual where it is not known what lies near it."""
    return features or count.images > 0 or count.kind != UNUSUAL


def of_kind(faults: Iterable[Fault], kind: str) -> list[Fault]:
    """Return the mistakes of a kind: those that were tagged, then the clearest first."""
    chosen = [fault for fault in faults if fault.kind == kind]
    return sorted(chosen, key=lambda fault: (not fault.tag, -fault.strength, fault.evidence.index))


def count_kinds(faults: list[Fault]) -> list[KindCount]:
    """Count the mistakes of each kind, in the order of `KINDS`; nothing for no mistakes."""
    if not faults:
        return []
    found = []
    for kind in KINDS:
        chosen = [fault for fault in faults if fault.kind == kind]
        classes = np.bincount([fault.evidence.true for fault in chosen], minlength=NUM_CLASSES)
        found.append(
            KindCount(
                kind=kind,
                images=len(chosen),
                of=len(faults),
                by_tag=sum(bool(fault.tag) for fault in chosen),
                classes=tuple(classes.tolist()),
            )
        )
    return found
