"""What is chosen on the Data page; kept in the session, and in the address of the page."""

from __future__ import annotations

from dataclasses import dataclass

from fmnist_core.data.parts import PARTS
from fmnist_core.labels import NUM_CLASSES
from fmnist_core.specs.data import NUM_IMAGES
from ui.page_choice import InAddress, PageChoice
from ui.readers import number_below, one_of

# The first one is shown first.
VIEWS = {
    "images": "Images",
    "statistics": "Statistics",
    "map": "Map",
    "setup": "Set-up",
    "augmentation": "Augmentation",
    "suspects": "Label suspects",
    "votes": "Human votes",
}
FIGURES = {
    "counts": "Class counts",
    "pixels": "Pixels",
    "means": "Mean images",
    "difference": "Difference",
    "typical": "Typical or unusual",
    "facing": "Where shoes point",
    "twins": "Twins across files",
}


@dataclass(frozen=True, kw_only=True)
class Choice:
    """What the Data page looks at.

    Attributes:
        view: A key of `VIEWS`.
        part: A key of `PARTS`.
        label: A class, 0 to 9; None for all.
        page: Number of the page of images, from 1; there may be fewer.
        image: Index into the 70,000 pooled images; None for the first one that is shown.
        pair: Two classes that are compared.
        figure: A key of `FIGURES`, in the view of statistics.
    """

    view: str = next(iter(VIEWS))
    part: str = next(iter(PARTS))
    label: int | None = None
    page: int = 1
    image: int | None = None
    pair: tuple[int, int] = (2, 4)
    figure: str = next(iter(FIGURES))


def _pair(text: str) -> tuple[int, int] | None:
    """Read "2-4"; None where it is no two classes that differ."""
    first, _, second = text.partition("-")
    read = number_below(NUM_CLASSES)
    a, b = read(first), read(second)
    return None if a is None or b is None or a == b else (a, b)


_PAGE = PageChoice(
    "data-choice",
    Choice(),
    # Other names than those of the Errors and the Inside page, which read the same address.
    {
        "view": InAddress("data", one_of(VIEWS)),
        "part": InAddress("of", one_of(PARTS)),
        "label": InAddress("class", number_below(NUM_CLASSES)),
        "page": InAddress("page", lambda text: number_below(NUM_IMAGES + 1)(text) or None),
        "image": InAddress("shown", number_below(NUM_IMAGES)),
        "pair": InAddress("classes", _pair, "{0[0]}-{0[1]}".format),
        "figure": InAddress("figure", one_of(FIGURES)),
    },
)
current, change, adopt, mirror = _PAGE.current, _PAGE.change, _PAGE.adopt, _PAGE.mirror


def choose_images(*, part: str | None = None, label: int | None = None) -> None:
    """Show these images from their first page on; a part of None stays as it is."""
    change(part=part or current().part, label=label, page=1, image=None)


def choose_view() -> str:
    """Let the person choose a view; only that one computes."""
    return _PAGE.choose("view", "View", VIEWS, key="data-view")
