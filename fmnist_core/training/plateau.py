"""Noticing that the validation loss no longer falls."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass
class Plateau:
    """Counts epochs without a lower loss, as Keras's EarlyStopping and ReduceLROnPlateau do.

    Attributes:
        patience: Epochs to wait; 0 never reports a plateau.
        best: Lowest loss so far; None before the first.
        waited: Epochs since then, or since the last report.
    """

    patience: int
    best: float | None = None
    waited: int = 0

    def reached(self, loss: float) -> bool:
        """Take in an epoch's loss; say whether patience has run out, and start counting anew."""
        if self.best is None or loss < self.best:
            self.best, self.waited = loss, 0
            return False
        self.waited += 1
        if not self.patience or self.waited < self.patience:
            return False
        self.waited = 0
        return True
