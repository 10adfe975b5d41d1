"""What was done to a picture, in words and small pictures, for people."""

from __future__ import annotations

import numpy as np

from fmnist_core.data.photo.grey import DIM, Grey
from fmnist_core.data.photo.locate import Garment
from fmnist_core.data.photo.prepared import Step
from fmnist_core.data.photo.spec import AUTO, LIGHT, PhotoSpec
from fmnist_core.data.photo.view import View

SHOWN = 280  # pixels of the longer side
NOISY = 8.0  # levels


def found(view: View, garment: Garment) -> list[Step]:
    """Return the first steps: the picture, which of its pixels are the garment, and its box."""
    picture, _ = view.part(SHOWN)
    left, top, right, bottom = garment.box
    share = f"{100 * (right - left):.0f} % of the width and {100 * (bottom - top):.0f} %"
    return [
        Step("picture", "Upright, turned and cropped as asked.", picture),
        Step("garment", "White: what stands out.", np.uint8(255) * garment.overview),
        Step("trimmed", f"To the garment's box, {share} of the height.", garment.rgb),
    ]


def toned(small: np.ndarray, sharp: np.ndarray, light: np.ndarray, tones: Grey) -> list[Step]:
    """Return the steps that follow: made small, sharpened if it was, and stretched."""
    steps = [Step("small", "Its longer side is 28 pixels now, and colours are grey.", _grey(small))]
    if sharp is not small:
        steps.append(Step("sharp", "Sharpened, as the data set was.", _grey(sharp)))
    negated = "Negated, the" if tones.polarity == LIGHT else "The"
    words = f"{negated} background taken to 0 and the other end to 255."
    return [*steps, Step("stretched", words, light)]


def decided(garment: Garment, tones: Grey, spec: PhotoSpec) -> tuple[str, ...]:
    """Say what was decided, and what may have gone wrong."""
    return (_background(garment, tones, spec), *_warnings(garment))


def _background(garment: Garment, tones: Grey, spec: PhotoSpec) -> str:
    lightness = f"{tones.polarity}, as you said" if spec.polarity != AUTO else tones.polarity
    if garment.background is None:
        lying = "white" if tones.polarity == LIGHT else "black, as what is shown is nearly white"
        if spec.polarity != AUTO:
            lying = f"a {lightness} ground"
        return f"The background is transparent; the rest was laid on {lying}."
    red, green, blue = garment.background.colour
    if tones.polarity != LIGHT and spec.polarity == AUTO and garment.background.luma >= DIM:
        return (
            f"The garment is nearly white and the background (#{red:02x}{green:02x}{blue:02x}) "
            "darker, so nothing was negated."
        )
    done = "so the garment was negated" if tones.polarity == LIGHT else "so nothing was negated"
    return f"The background is {lightness} (#{red:02x}{green:02x}{blue:02x}), {done}."


def _warnings(garment: Garment) -> list[str]:
    words = []
    background = garment.background
    if background and background.noise > NOISY:
        words.append(
            f"The background is not plain: what differs by less than {garment.limit / 2.55:.0f} % "
            "counts as part of it."
        )
    sides = _sides(garment)
    if sides:
        words.append(f"The garment touches the picture's edge ({sides}), so a part may be missing.")
    return words


def _sides(garment: Garment) -> str:
    left, top, right, bottom = garment.box
    touched = {"left": left <= 0, "top": top <= 0, "right": right >= 1, "bottom": bottom >= 1}
    return ", ".join(side for side, there in touched.items() if there)


def _grey(levels: np.ndarray) -> np.ndarray:
    return np.rint(np.clip(levels, 0, 255)).astype(np.uint8)
