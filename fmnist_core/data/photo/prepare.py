"""From a picture to what networks were trained on, in the order in which the data set was made."""

from __future__ import annotations

import numpy as np
from PIL import Image

from fmnist_core.data.photo.grey import Grey, grey
from fmnist_core.data.photo.locate import locate
from fmnist_core.data.photo.prepared import Prepared, Step
from fmnist_core.data.photo.spec import AUTO, LIGHT, YES, PhotoSpec
from fmnist_core.data.photo.story import decided, found, toned
from fmnist_core.data.photo.tones import SIDE, centred, sharpened, stretched
from fmnist_core.data.photo.view import WHOLE, fitted, view
from fmnist_core.exceptions import PhotoError

MIN_RANGE = 1.0  # level, between the garment and its background


def prepare(picture: np.ndarray, spec: PhotoSpec | None = None) -> Prepared:
    """Make of a picture what networks were trained on.

    It is cropped to the garment, which becomes 28 pixels long, sharpened, negated where the
    background is light, stretched to 0 to 255, and put into the middle. The same picture and
    choices give the same pixels.

    Args:
        picture: uint8 (height, width, 3) or (height, width, 4), as `decode` returns it.
        spec: The choices; None for the usual ones.

    Returns:
        The pixels, each step on the way, and what was decided.

    Raises:
        PhotoError: Nothing in it stands out from its background; or the choices ask for something
            that the picture does not allow.

    Source:
        Xiao et al. 2017, section 2, https://arxiv.org/abs/1708.07747; the stretch by measuring.
    """
    spec = spec or PhotoSpec()
    if spec.as_is == YES or (spec.as_is == AUTO and _needs_nothing(picture, spec)):
        return _as_it_is(picture)
    seen = view(picture, spec)
    garment = locate(seen, spec)
    tones = grey(garment, spec)
    small = _small(tones.levels)
    sharp = sharpened(small) if spec.sharpen else small
    light = stretched(_negated(sharp, tones))
    pixels = centred(light)
    last = Step("centred", f"In the middle of {SIDE} by {SIDE} pixels.", pixels)
    return Prepared(
        pixels=pixels,
        steps=(*found(seen, garment), *toned(small, sharp, light, tones), last),
        polarity=tones.polarity,
        background=garment.background.colour if garment.background else None,
        box=garment.box,
        decided=decided(garment, tones, spec),
    )


def _small(levels: np.ndarray) -> np.ndarray:
    height, width = levels.shape
    size = fitted(width, height, SIDE)
    return np.asarray(Image.fromarray(levels).resize(size, Image.Resampling.BOX))


def _negated(levels: np.ndarray, tones: Grey) -> np.ndarray:
    """Return how far levels are from the background, on its one side, float."""
    light: np.ndarray = levels - tones.background
    light = -light if tones.polarity == LIGHT else light
    if light.max() < MIN_RANGE:
        raise PhotoError(
            f"On a background that is said to be {tones.polarity} nothing of the garment is left. "
            "Let the background be found out, or say the other."
        )
    return light


def _needs_nothing(picture: np.ndarray, spec: PhotoSpec) -> bool:
    return not spec.rotation and spec.crop is None and like_the_data_set(picture)


def like_the_data_set(picture: np.ndarray) -> bool:
    """Whether a picture is 28 by 28, opaque and grey, and at least half of its border is black.

    So are all 70,000 images of the data set but 75, whose border is too full.
    """
    if picture.shape != (SIDE, SIDE, 3) or np.ptp(picture, axis=2).any():
        return False
    grey = picture[..., 0]
    border = np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]])
    return bool(np.median(border) == 0 and grey.max() > 0)


def _as_it_is(picture: np.ndarray) -> Prepared:
    height, width = picture.shape[:2]
    if (height, width) != (SIDE, SIDE):
        raise PhotoError(
            f"Only a picture of {SIDE} by {SIDE} pixels can be taken as it is; this one has "
            f"{width:,} by {height:,}. Let it be made smaller, or choose another."
        )
    pixels = np.asarray(Image.fromarray(picture[..., :3]).convert("L"))
    words = f"Its {SIDE} by {SIDE} pixels were taken as they are."
    step = Step("as it is", words, pixels)
    return Prepared(
        pixels=pixels, steps=(step,), polarity=None, background=None, box=WHOLE, decided=(words,)
    )
