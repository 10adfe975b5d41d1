"""What is chosen on the Classify page; kept in the session, and in the address of the page."""

from __future__ import annotations

from dataclasses import dataclass

from ui.page_choice import InAddress, PageChoice
from ui.readers import one_of

# The first ones are shown first.
SOURCES = {
    "draw": "Draw",
    "upload": "Upload",
    "camera": "Camera",
    "samples": "Samples",
    "challenge": "Challenge set",
}
VIEWS = {
    "steps": "Step by step",
    "stability": "Shifts and turns",
    "nearest": "Nearest images",
    "cam": "Where it looks",
    "runs": "Other runs",
    "keep": "Keep it",
}


@dataclass(frozen=True, kw_only=True)
class Choice:
    """Where the picture comes from, and what is shown of it.

    Attributes:
        source: A key of `SOURCES`.
        sample: Name of a sample, which need not exist; "" for the first one.
        view: A key of `VIEWS`.
    """

    source: str = next(iter(SOURCES))
    sample: str = ""
    view: str = next(iter(VIEWS))


_PAGE = PageChoice(
    "classify-choice",
    Choice(),
    {
        "source": InAddress("source", one_of(SOURCES)),
        "sample": InAddress("sample", lambda text: text[:40]),
        "view": InAddress("show", one_of(VIEWS)),
    },
)
current, change, adopt = _PAGE.current, _PAGE.change, _PAGE.adopt


def mirror() -> None:
    """Bring the page's address up to date; what is as it is at first is left out."""
    _PAGE.mirror({} if current().source == "samples" else {"sample": ""})


def choose_source() -> str:
    """Let the person choose where the picture comes from."""
    return _PAGE.choose("source", "Where the picture comes from", SOURCES, key="classify-source")


def choose_view() -> str:
    """Let the person choose what is shown of it; only that is computed."""
    return _PAGE.choose("view", "What is shown", VIEWS, key="classify-view")
