"""What the Classify page shows: a picture, what became of it, and what a network says to it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from fmnist_core.data.photo import Prepared
from fmnist_core.runs.run import Run
from ui.classify.picture import Picture


@dataclass(frozen=True, kw_only=True, eq=False)
class Subject:
    """A picture under a network.

    Attributes:
        run: Whose network.
        picture: The file.
        prepared: What became of it.
        proba: What the network makes of that, float (10,), at its temperature.
    """

    run: Run
    picture: Picture
    prepared: Prepared
    proba: np.ndarray

    @property
    def predicted(self) -> int:
        """The most likely class."""
        return int(self.proba.argmax())
