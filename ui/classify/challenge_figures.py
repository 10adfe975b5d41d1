"""How good a run is on the challenge set, beside its figure on the data set's test images."""

from __future__ import annotations

import streamlit as st

from fmnist_core.analysis.confusion import top_confusions
from fmnist_core.analysis.metrics import confusion
from fmnist_core.challenge import ChallengeEntry
from fmnist_core.challenge.store import digest_of
from fmnist_core.labels import CLASS_NAMES
from fmnist_core.runs.challenge_result import ChallengeResult
from fmnist_core.runs.run import Run
from ui.format import NONE, escape, interval, percent, share_interval
from ui.layout import tile

MAX_CONFUSIONS = 3


def figures(run: Run | None, found: ChallengeResult | None, entries: list[ChallengeEntry]) -> None:
    """Draw the figures; where there are none of today's set, say what to do.

    Args:
        run: The chosen run, if any.
        found: What it makes of the set, be it of another state.
        entries: The sound ones.
    """
    if run is None:
        st.caption("Choose a run to see what it makes of these pictures.")
        return
    if found is None:
        st.info(
            f"{escape(run.title)} was not asked about these pictures yet, or has trained on since. "
            "Evaluate it to see which it gets right."
        )
        return
    current = found.set_digest == digest_of(entries)
    if not current:
        st.info(
            "The set has changed since this run was judged. What it said of a picture still "
            "stands below; evaluate it again for figures of the whole set."
        )
    _tiles(run, found, current=current)
    if current:
        _confusions(found)


def _tiles(run: Run, found: ChallengeResult, *, current: bool) -> None:
    result = run.result
    with st.container(horizontal=True):
        tile(
            "Challenge set",
            percent(found.correct / found.of, 1) if current else NONE,
            f"{found.correct:,} of {found.of:,}, 95 % interval "
            f"{share_interval(found.correct, found.of)}"
            if current
            else "of an older state",
            help_text="Right of all pictures of the set, with the Wilson interval.",
        )
        if result:
            tile(
                "Test images",
                percent(result.test.accuracy, 1),
                f"95 % interval {interval(result.test)}",
                help_text=f"{result.test.correct:,} of {result.test.images:,} images of the data "
                "set. Where the challenge set is lower, its pictures are unlike the data set's.",
            )


def _confusions(found: ChallengeResult) -> None:
    counts = confusion(found.y_true, found.y_pred)
    said = [
        f"{CLASS_NAMES[each.true]} → {CLASS_NAMES[each.predicted]} ({each.images} of {each.of})"
        for each in top_confusions(counts, MAX_CONFUSIONS)
    ]
    if said:
        st.caption(f"Commonest mistakes: {escape(', '.join(said))}.")
