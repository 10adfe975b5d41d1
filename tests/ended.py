"""How a run ended, made up."""

from __future__ import annotations

from fmnist_core.runs.outcome import Outcome, Share


def outcome(correct: int, images: int = 100, **changes) -> Outcome:
    """So many of its validation images, and of its test images, are right."""
    share = Share(correct=correct, images=images)
    known = {
        "best_epoch": 1,
        "seconds": 1.0,
        "images_per_second": 1.0,
        "validation": share,
        "val_loss": 0.25,
        "test": share,
        "test_used_for_validation": False,
    }
    return Outcome(**known | changes)
