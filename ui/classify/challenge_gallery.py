"""The pictures of the challenge set as a grid: what they are, and what a run takes them for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import streamlit as st

from fmnist_core.challenge import ChallengeEntry
from fmnist_core.labels import CLASS_NAMES
from fmnist_core.runs.challenge_result import ChallengeResult, Judged
from fmnist_core.runs.run import Run
from ui.classify.challenge_data import challenge_set
from ui.components.gallery import show_gallery
from ui.format import count, percent
from ui.pager import page_of
from ui.readers import opened
from ui.sprite import COLUMNS, sprite

KEY = "challenge-gallery"
_NUMBERS = 2**48
_OPENED = "challenge-opened"  # id of the entry
_NO_TAGS = {"words": [], "tagged": {}, "heard": 0}  # tags are for images of the data set


def gallery(
    run: Run | None, found: ChallengeResult | None, entries: list[ChallengeEntry]
) -> ChallengeEntry | None:
    """Draw the filter and one page of pictures; a click opens one.

    Args:
        run: The chosen run, if any.
        found: What it makes of the set, be it of another state.
        entries: The sound ones, at least one.

    Returns:
        The entry that is opened, else the first on the page; None where nothing is shown.
    """
    judged = found.by_pixels if found else {}
    wrong = st.toggle(
        "Wrong only",
        key="challenge-wrong",
        disabled=not judged,
        persist_state="session",
        help=None if judged else "Evaluate the run first.",
    )
    shown = [each for each in entries if not (wrong and judged) or is_wrong(each, judged)]
    if not shown:
        st.success(f"None of {count(len(entries), 'picture')} is wrong.", icon=":material/check:")
        return None
    opened = _place(shown)
    subject = (run.run_id if run else "", wrong)
    page = page_of(np.arange(len(shown)), opened, *subject, key="challenge-page")
    chosen = shown[opened if opened in page else int(page[0])]
    data = gallery_data([shown[place] for place in page.tolist()], judged)
    name = "Pictures of the challenge set"
    show_gallery(
        data | {"chosen": number_of(chosen), "name": name, "tags": _NO_TAGS},
        key=KEY,
        on_opened_change=_take_opened,
        on_tagged_change=lambda: None,
    )
    return chosen


def is_wrong(entry: ChallengeEntry, judged: Mapping[str, Judged]) -> bool:
    """Say whether a run takes a picture for another class than it is of now."""
    said = judged.get(entry.digest)
    return said is not None and said.predicted != entry.label


def number_of(entry: ChallengeEntry) -> int:
    """Return a number that stands for an entry in the browser, below `_NUMBERS`."""
    return int(entry.digest[:12], 16)


def gallery_data(entries: list[ChallengeEntry], judged: Mapping[str, Judged]) -> dict[str, Any]:
    """Describe pictures in JSON, as `ui.errors.gallery.gallery_data` does images."""
    return {
        "sprite": sprite(np.stack([entry.pixels for entry in entries])),
        "columns": COLUMNS,
        "tiles": [_tile(entry, judged.get(entry.digest)) for entry in entries],
    }


def _tile(entry: ChallengeEntry, said: Judged | None) -> dict[str, Any]:
    truth = CLASS_NAMES[entry.label]
    tile = {"image": number_of(entry), "truth": truth}
    called = f"{entry.name}: {truth}" if entry.name else truth
    if said is None:
        blank = {"taken": "not judged", "confidence": "", "share": 0, "right": False}
        return tile | blank | {"label": f"{called}, not judged yet"}
    taken, right = CLASS_NAMES[said.predicted], said.predicted == entry.label
    words = f"predicted {taken} with {percent(said.confidence, 1)}, {'right' if right else 'wrong'}"
    return tile | {
        "taken": f"{'✓' if right else '→'} {taken}",
        "confidence": percent(said.confidence, 0),
        "share": round(said.confidence, 3),
        "right": right,
        "label": f"{called}, {words}",
    }


def _place(shown: list[ChallengeEntry]) -> int:
    """Return the place of the opened entry; -1 where it is not shown."""
    ids = [entry.entry_id for entry in shown]
    opened = st.session_state.get(_OPENED, "")
    return ids.index(opened) if opened in ids else -1


def _take_opened() -> None:
    """Open the picture that the browser asks for, if there is one of that number."""
    asked = opened(KEY, "image", _NUMBERS)
    for entry in challenge_set().sound():
        if number_of(entry) == asked:
            st.session_state[_OPENED] = entry.entry_id
