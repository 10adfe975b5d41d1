"""What tables show of a run's result: a small part of it, of which thousands fit into memory."""

from __future__ import annotations

from dataclasses import dataclass

from fmnist_core.runs.result import Result, Scores


@dataclass(frozen=True, kw_only=True)
class Share:
    """Images that were classified right, of all; both at least 0, the second at least 1."""

    correct: int
    images: int

    def __post_init__(self) -> None:
        """Refuse what is no share."""
        if not 0 <= self.correct <= self.images or self.images < 1:
            raise TypeError("more images right than there are")

    @property
    def accuracy(self) -> float:
        """The share, in [0, 1]."""
        return self.correct / self.images


@dataclass(frozen=True, kw_only=True)
class Challenged(Share):
    """Pictures of the challenge set that were classified right, of all.

    Attributes:
        set_digest: What stands for the set, as `ChallengeSet.digest` gives it.
        outdated: The set or the run's weights are others now.
    """

    set_digest: str
    outdated: bool = False


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What tables show of a `Result`, and its fields mean.

    Attributes:
        val_loss: Mean cross-entropy of the best weights on the validation images, in nats.
    """

    best_epoch: int
    seconds: float
    images_per_second: float
    validation: Share
    val_loss: float
    test: Share
    test_used_for_validation: bool


def outcome(result: Result) -> Outcome:
    """Return what tables show of a result."""
    return Outcome(
        best_epoch=result.best_epoch,
        seconds=result.seconds,
        images_per_second=result.images_per_second,
        validation=_share(result.validation),
        val_loss=result.validation.loss,
        test=_share(result.test),
        test_used_for_validation=result.test_used_for_validation,
    )


def _share(scores: Scores) -> Share:
    return Share(correct=scores.correct, images=scores.images)
