"""What becomes of a picture, step by step."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PIL import Image

from fmnist_core.data.photo.spec import Box
from fmnist_core.data.photo.tones import SIDE


@dataclass(frozen=True, eq=False)
class Step:
    """One step on the way, to be shown.

    Attributes:
        name: In a word or two.
        words: What was done, a sentence.
        picture: uint8, (height, width) grey or (height, width, 3), at most 280 pixels a side.
    """

    name: str
    words: str
    picture: np.ndarray

    def squashed(self) -> np.ndarray:
        """Return it grey and forced to 28×28, whatever its shape: uint8 (28, 28).

        As is often done to photos, so that a network can be asked what it would say if one stopped
        here. Of the last step it is the network's own picture.
        """
        grey = Image.fromarray(self.picture).convert("L")
        return np.asarray(grey.resize((SIDE, SIDE), Image.Resampling.BOX))


@dataclass(frozen=True, kw_only=True, eq=False)
class Prepared:
    """A picture as networks take it, and how it came to be.

    Attributes:
        pixels: uint8 (28, 28), the garment light on 0; the lightest pixel is 255.
        steps: From the picture to `pixels`, in order.
        polarity: "light" or "dark" background; None where the pixels were taken as they are.
        background: Its colour in the middle, red, green and blue, 0 to 255; None likewise, and
            where the picture was cut out.
        box: Where the garment is, as fractions of the turned and cropped picture.
        decided: What was decided and why, sentences.
    """

    pixels: np.ndarray
    steps: tuple[Step, ...]
    polarity: str | None
    background: tuple[int, int, int] | None
    box: Box
    decided: tuple[str, ...]
