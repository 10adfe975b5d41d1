"""What is chosen on the Errors page; kept in the session, and in the address of the page.

Whatever a browser or a link sends is checked here; what does not exist is dropped with a sentence.
"""

from __future__ import annotations

from dataclasses import dataclass

from fmnist_core.analysis.fault_rules import KINDS
from fmnist_core.analysis.predictions import PARTS
from fmnist_core.labels import NUM_CLASSES
from fmnist_core.runs.ids import RUN_ID
from fmnist_core.specs.data import NUM_IMAGES
from ui.format import escape
from ui.page_choice import InAddress, PageChoice
from ui.readers import number_below, one_of

VIEWS = {
    "mistakes": "Mistakes",
    "faults": "Whose fault",
    "classes": "Classes",
    "calibration": "Calibration",
    "two": "Two runs",
    "pair": "A pair",
}


@dataclass(frozen=True, kw_only=True)
class Selection:
    """What the Errors page looks at.

    Attributes:
        view: A key of `VIEWS`.
        part: One of `PARTS`.
        true, predicted: Classes, 0 to 9; None for any.
        image: Index into the 70,000 pooled images; None for the first of the gallery.
        kind: A key of `KINDS`, which says whose fault the mistakes are that are shown.
        other: Id of the run that is compared with the chosen one, which may not exist; "" for none.
    """

    view: str = "mistakes"
    part: str = "validation"
    true: int | None = None
    predicted: int | None = None
    image: int | None = None
    kind: str = next(iter(KINDS))
    other: str = ""


_PAGE = PageChoice(
    "errors-selection",
    Selection(),
    {
        "view": InAddress("view", one_of(VIEWS)),
        "part": InAddress("part", one_of(PARTS)),
        "true": InAddress("true", number_below(NUM_CLASSES)),
        "predicted": InAddress("predicted", number_below(NUM_CLASSES)),
        "image": InAddress("image", number_below(NUM_IMAGES)),
        "kind": InAddress("kind", one_of(KINDS)),
        "other": InAddress("with", lambda text: text if RUN_ID.fullmatch(text) else None),
    },
)
current, change, adopt, mirror = _PAGE.current, _PAGE.change, _PAGE.adopt, _PAGE.mirror


def choose_classes(true: int | None, predicted: int | None) -> None:
    """Choose a cell, a row (any prediction), a column (any true class) or, by two None, all."""
    change(true=true, predicted=predicted, image=None)


def refused() -> str:
    """Say what the address asked for in vain, until the next choice; "" where it was all right."""
    if not (wrong := _PAGE.wrong()):
        return ""
    return (
        f"The link asks for {escape(' and '.join(wrong))}, which does not exist, so that was left "
        "out. Classes go from 0 to 9, images from 0 to 69999, parts are validation and test."
    )


def choose_view() -> str:
    """Let the person choose a view; only that one computes."""
    return _PAGE.choose("view", "View", VIEWS, key="errors-view")
