"""How training images are changed at random, so that a network sees more than there is."""

from __future__ import annotations

from dataclasses import dataclass

from fmnist_core.exceptions import SpecError
from fmnist_core.settings import Choice, Number, Setting, Switch, setting_field
from fmnist_core.specs.base import Spec

ON_THE_FLY, OWN_COPIES = "on-the-fly", "own-copies"
_MOVES = ("shift", "rotation", "zoom", "horizontal_flip")
_SHADES = ("brightness", "contrast", "noise")
_HIDES = ("cutout", "random_erasing")
_MIXES = ("mixup", "cutmix")


def _amount(label: str, help_text: str, maximum: float, step: float) -> Setting:
    return Number(label=label, help=help_text, default=0.0, minimum=0, maximum=maximum, step=step)


@dataclass(frozen=True, kw_only=True)
class AugmentSpec(Spec):
    """What is done to training images, never to validation or test images; 0 and False are off.

    "on-the-fly" changes every image anew in every epoch, by everything that is on, in this order:
    flip, zoom, rotation, shift; contrast, brightness, noise; cutout, random erasing; mixup, cutmix.
    "own-copies" makes one copy of the training images for each thing that is on, once, before the
    training, and trains on all copies together; mixup and cutmix stay on the fly.
    """

    augmentation: str = setting_field(
        Choice(
            label="Augmentation",
            help=(
                "on-the-fly: every epoch sees each image changed anew, by everything below at "
                "once; own-copies: each change makes its own copy of the training images, once."
            ),
            default=ON_THE_FLY,
            choices=(ON_THE_FLY, OWN_COPIES),
        )
    )
    keep_originals: bool = setting_field(
        Switch(
            label="Keep originals",
            help="Only own-copies: train on the unchanged images too.",
            default=True,
        )
    )
    shift: float = setting_field(
        _amount("Shift", "Moves images by up to this share of their side, each way.", 0.5, 0.05)
    )
    rotation: float = setting_field(
        _amount("Rotation", "Turns images by up to so many degrees, each way.", 180, 5)
    )
    zoom: float = setting_field(
        _amount("Zoom", "0.2 makes images 0.8 to 1.2 times as large.", 0.9, 0.05)
    )
    horizontal_flip: bool = setting_field(
        Switch(
            label="Horizontal flip",
            help="Mirrors half of the images; nearly all shoes of the data set face one way.",
            default=False,
        )
    )
    brightness: float = setting_field(
        _amount("Brightness", "Adds up to so much to all pixels, which are 0 to 1.", 1, 0.05)
    )
    contrast: float = setting_field(
        _amount("Contrast", "0.3 makes differences within an image 0.7 to 1.3 times.", 1, 0.1)
    )
    noise: float = setting_field(
        _amount("Noise", "Standard deviation of what is added to each pixel.", 1, 0.05)
    )
    cutout: int = setting_field(
        Number(
            label="Cutout",
            help="Blackens a square of so many pixels a side at a random place; 0 does not.",
            default=0,
            minimum=0,
            maximum=28,
            integer=True,
        )
    )
    random_erasing: float = setting_field(
        _amount("Random erasing", "Share of images in which a random box turns grey.", 1, 0.1)
    )
    mixup: float = setting_field(
        _amount("Mixup", "Blends images and labels in pairs; 0.2 blends few, 1 all.", 10, 0.1)
    )
    cutmix: float = setting_field(
        _amount("Cutmix", "Puts a box of another image in, and of its label; 1 is usual.", 10, 0.1)
    )

    def __post_init__(self) -> None:
        """Check each setting, then that copies leave something to train on."""
        super().__post_init__()
        if self.augmentation == OWN_COPIES and not self.copies:
            raise SpecError(
                "keep originals", False, "true, or a change switched on, as nothing is left to copy"
            )

    @property
    def active(self) -> tuple[str, ...]:
        """Names of the settings that change images, in the order in which they act."""
        return tuple(name for name in _MOVES + _SHADES + _HIDES + _MIXES if getattr(self, name))

    @property
    def moves(self) -> bool:
        """Something moves pixels to other places."""
        return any(name in _MOVES for name in self.active)

    @property
    def shades(self) -> bool:
        """Something changes how bright pixels are."""
        return any(name in _SHADES for name in self.active)

    @property
    def mixes(self) -> bool:
        """Labels are mixed."""
        return any(name in _MIXES for name in self.active)

    @property
    def copies(self) -> tuple[AugmentSpec, ...]:
        """What is done to each copy of the training images before the training starts.

        On the fly that is one copy to which nothing is done.
        """
        if self.augmentation == ON_THE_FLY:
            return (AugmentSpec(),)
        single = (name for name in self.active if name not in _MIXES)
        changed = tuple(AugmentSpec(**{name: getattr(self, name)}) for name in single)
        return (AugmentSpec(), *changed) if self.keep_originals else changed

    @property
    def on_the_fly(self) -> AugmentSpec:
        """What is done to each batch while training."""
        if self.augmentation == ON_THE_FLY:
            return self
        return AugmentSpec(mixup=self.mixup, cutmix=self.cutmix)
