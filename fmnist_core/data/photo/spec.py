"""How a picture becomes 28×28 pixels: every choice that a person has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fmnist_core.exceptions import SpecError
from fmnist_core.settings import Choice, Number, Switch, setting_field
from fmnist_core.specs.base import Spec

AUTO, LIGHT, DARK = "auto", "light", "dark"
YES, NO = "yes", "no"

Box = tuple[float, float, float, float]  # left, top, right, bottom


@dataclass(frozen=True, kw_only=True)
class PhotoSpec(Spec):
    """How a picture becomes what networks were trained on.

    Attributes:
        crop: Left, top, right and bottom of the part that is used, as fractions of the picture
            after it was turned, 0 to 1; None for all of it.
    """

    tolerance: float = setting_field(
        Number(
            label="Background tolerance",
            help=(
                "Colours that differ from the background by less, in % of the range, belong to it. "
                "Higher removes shadows and folds, lower keeps light clothing. Where the "
                "background is noisy more is taken."
            ),
            default=5.0,
            minimum=0.5,
            maximum=60,
            step=0.5,
            main=True,
        )
    )
    polarity: str = setting_field(
        Choice(
            label="Background",
            help=(
                "light: the picture is negated, as the data set was; dark: it is not; auto: dark "
                "where a background is darker than the garment, and is dark or the garment white."
            ),
            default=AUTO,
            choices=(AUTO, LIGHT, DARK),
            main=True,
        )
    )
    rotation: float = setting_field(
        Number(
            label="Rotation",
            help="Turns the picture to the left by so many degrees; the data set's stand upright.",
            default=0.0,
            minimum=-180,
            maximum=180,
            step=1,
            main=True,
        )
    )
    sharpen: bool = setting_field(
        Switch(
            label="Sharpen",
            help="As the data set was, after it was made small.",
            default=True,
        )
    )
    as_is: str = setting_field(
        Choice(
            label="Take as it is",
            help=(
                "Pixels of the data set need no change: auto finds those, 28 by 28 and grey on "
                "black; yes insists on it."
            ),
            default=AUTO,
            choices=(AUTO, YES, NO),
        )
    )
    crop: Box | None = None

    def __post_init__(self) -> None:
        """Check each setting, then the crop."""
        super().__post_init__()
        if self.crop is not None:
            object.__setattr__(self, "crop", _checked(self.crop))

    @classmethod
    def _read(cls, key: str, value: Any) -> Any:
        return tuple(value) if key == "crop" and isinstance(value, list) else value


def _checked(crop: object) -> Box:
    expected = "four numbers from 0 to 1: left, top, right and bottom, left and top the smaller"
    if not isinstance(crop, tuple) or len(crop) != 4:
        raise SpecError("crop", crop, expected)
    if not all(isinstance(edge, (int, float)) and not isinstance(edge, bool) for edge in crop):
        raise SpecError("crop", crop, expected)
    left, top, right, bottom = crop
    if not (0 <= left < right <= 1 and 0 <= top < bottom <= 1):  # also false for NaN
        raise SpecError("crop", crop, expected)
    return float(left), float(top), float(right), float(bottom)
