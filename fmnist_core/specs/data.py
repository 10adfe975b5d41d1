"""Which images train, validate and test, and how their pixels reach the network."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from fmnist_core.exceptions import SpecError
from fmnist_core.labels import NUM_CLASSES
from fmnist_core.settings import Choice, Number, Pairs, read_pairs, setting_field
from fmnist_core.specs.base import Spec

NUM_TRAIN_FILE = 60_000  # images in the training files
NUM_TEST_FILE = 10_000
NUM_IMAGES = NUM_TRAIN_FILE + NUM_TEST_FILE  # numbered in this order


class SplitSizes(NamedTuple):
    """Numbers of images in the three parts."""

    train: int
    validation: int
    test: int


@dataclass(frozen=True, kw_only=True)
class DataSpec(Spec):
    """How the 70,000 images are shared out, and on which scale the network sees them.

    Attributes:
        split: "stratified" draws the validation images from the 60,000 training images with equal
            shares a class; "last" takes the last ones; "resplit" pools all 70,000 and draws at
            random, and its validation part is its test part too.
        validation: Validation images: a fraction below 1, or a count from 1.
        subset: Training images to use, drawn with equal shares a class; None for all.
        seed: Fixes the draws.
        normalisation: "0-1" leaves pixels in [0, 1]; "standardised" takes the mean of all training
            pixels away and divides by their standard deviation; "per-pixel" does so with a mean
            and a standard deviation for each of the 784 places. The numbers come from the training
            images only and are part of the saved model, which always takes pixels in [0, 1].
        label_noise: Per cent of the training labels that are replaced by wrong ones, in [0, 100];
            validation and test labels stay as they are.
        noise_pairs: Where not empty, only labels of these classes are, by their partners: "0-6 2-4"
            mistakes T-shirts for shirts, pullovers for coats, and back.
    """

    split: str = setting_field(
        Choice(
            label="Split",
            help=(
                "stratified: equal shares of every class validate; last: the last training images "
                "do; resplit: pool all 70,000 and draw again (the test set is used for validation)."
            ),
            default="stratified",
            choices=("stratified", "last", "resplit"),
            main=True,
        )
    )
    validation: float = setting_field(
        Number(
            label="Validation images",
            help="They judge each epoch and never train: a fraction (0.1) or a count (6000).",
            default=0.1,
            minimum=0,
            above=True,
            maximum=NUM_IMAGES,
            main=True,
        )
    )
    subset: int | None = setting_field(
        Number(
            label="Training subset",
            help="Train on fewer images: faster, and shows what more data is worth.",
            default=None,
            minimum=10,
            maximum=NUM_IMAGES,
            integer=True,
            optional=True,
            none_label="all images",
            main=True,
        )
    )
    seed: int = setting_field(
        Number(
            label="Split seed",
            help="Another number draws other images; the same number draws the same ones.",
            default=7,
            minimum=0,
            maximum=2**31 - 1,
            integer=True,
        )
    )
    normalisation: str = setting_field(
        Choice(
            label="Normalisation",
            help=(
                "0-1: pixels as they are; standardised: mean 0 and standard deviation 1 over all "
                "training pixels; per-pixel: the same for each place by itself."
            ),
            default="0-1",
            choices=("0-1", "standardised", "per-pixel"),
        )
    )
    label_noise: float = setting_field(
        Number(
            label="Label noise",
            help=(
                "Per cent of the training labels that are made wrong, to see what that harms; "
                "validation and test labels stay right."
            ),
            default=0.0,
            minimum=0,
            maximum=100,
            step=5,
        )
    )
    noise_pairs: str = setting_field(
        Pairs(
            label="Noisy pairs",
            help=(
                "Only these classes are mistaken, for each other: 0-6 2-4 swaps T-shirts and "
                "shirts, pullovers and coats. Empty: every class for any other."
            ),
            default="",
            length=NUM_CLASSES,
        )
    )

    def __post_init__(self) -> None:
        """Check each setting, then that the parts fit into the data set."""
        super().__post_init__()
        if self.validation >= 1 and self.validation != int(self.validation):
            raise SpecError("validation", self.validation, "a fraction below 1 or a whole number")
        pool, count = self._pool, self._validation_count
        if not 10 <= count <= pool - 10:
            expected = f"10 to {pool - 10:,} of the {pool:,} images"
            raise SpecError("validation", self.validation, expected)
        if self.subset is not None and self.subset > pool - count:
            expected = f"at most {pool - count:,}, the images that are left for training"
            raise SpecError("subset", self.subset, expected)

    @property
    def noise_partners(self) -> tuple[tuple[int, ...], ...]:
        """The labels that each class is mistaken for where there is noise, by class, rising."""
        classes = range(NUM_CLASSES)
        if not self.noise_pairs:
            return tuple(tuple(other for other in classes if other != own) for own in classes)
        pairs = read_pairs(self.noise_pairs)
        return tuple(
            tuple(sorted({a + b - own for a, b in pairs if own in (a, b)})) for own in classes
        )

    @property
    def _pool(self) -> int:
        """Images from which the validation part is taken."""
        return NUM_TRAIN_FILE + (NUM_TEST_FILE if self.split == "resplit" else 0)

    @property
    def _validation_count(self) -> int:
        given = self.validation
        return int(given) if given >= 1 else round(self._pool * given)

    @property
    def sizes(self) -> SplitSizes:
        """How many images each part gets; equal to what `split_indices` draws."""
        train = self.subset or self._pool - self._validation_count
        test = self._validation_count if self.split == "resplit" else NUM_TEST_FILE
        return SplitSizes(train, self._validation_count, test)
