"""The challenge set on a page: keeping a picture with its true class, and the whole set."""

from __future__ import annotations

from collections import Counter

import numpy as np
import streamlit as st

from fmnist_core.challenge import ChallengeEntry
from fmnist_core.data.photo import PhotoSpec
from fmnist_core.labels import CLASS_NAMES
from fmnist_core.runs.run import Run
from ui import cache
from ui.classify import challenge_files as files
from ui.classify.challenge_data import challenge_set, result_of
from ui.classify.challenge_detail import detail
from ui.classify.challenge_figures import figures
from ui.classify.challenge_gallery import gallery
from ui.classify.challenge_keep import keep
from ui.classify.challenge_runs import evaluate_buttons, table_of_runs
from ui.format import count, escape
from ui.layout import friendly_errors

MAX_DAMAGED = 3  # are said one by one


def keep_form(
    pixels: np.ndarray,
    original: np.ndarray,
    name: str,
    spec: PhotoSpec | None,
    guess: int,
    key: str,
) -> None:
    """Let the person say what a picture truly is, and keep it in the challenge set.

    Args:
        pixels: What the network saw, uint8 (28, 28).
        original: What that was made of, uint8, as `photo.decode` returns it.
        name: Of the file that it came from; "" for a drawing.
        spec: How it became these pixels; None where it was drawn so.
        guess: The class that the network takes it for, 0 to 9.
        key: Same key, same form.
    """
    with friendly_errors():
        keep(pixels, original, name, spec, guess, key)


def challenge_view(run: Run | None) -> None:
    """Draw the whole set, what a run makes of it, and what can be done with it.

    Args:
        run: The chosen one; None for the set alone.
    """
    with friendly_errors():
        files.take_upload()
        entries = challenge_set().entries()
        if not entries:
            st.info(
                "The challenge set is empty. Keep a picture with its true class in it, or add a "
                "ZIP with a folder of pictures for each class."
            )
        else:
            st.caption(_classes(entries))
            _damaged(entries)
            _judged(run, [entry for entry in entries if not entry.problem])
        files.files(entries)


def _judged(run: Run | None, entries: list[ChallengeEntry]) -> None:
    if not entries:
        return
    rows = [row for row in cache.run_store().summaries() if row.result]
    found = result_of(run) if run else None
    figures(run, found, entries)
    evaluate_buttons(run, rows)
    left, right = st.columns([3, 2], gap="medium")
    with left:
        opened = gallery(run, found, entries)
    with right:
        if opened:
            detail(opened, found, rows)
    table_of_runs(rows)


def _classes(entries: list[ChallengeEntry]) -> str:
    """Say how many pictures there are of which class."""
    labels = Counter(entry.label for entry in entries if not entry.problem)
    parts = ", ".join(f"{labels[label]} {CLASS_NAMES[label]}" for label in sorted(labels))
    said = count(labels.total(), "picture") + (f": {parts}" if parts else "")
    return f"{said}. A test set of one's own: who chooses by it makes its figures too good."


def _damaged(entries: list[ChallengeEntry]) -> None:
    """Say what is wrong with damaged entries, and offer to delete them."""
    damaged = [entry for entry in entries if entry.problem]
    for entry in damaged[:MAX_DAMAGED]:
        st.warning(f"A damaged picture: {escape(entry.problem)}", icon=":material/broken_image:")
    if damaged:
        st.button(
            f"Delete {count(len(damaged), 'damaged picture')}",
            key="challenge-delete-damaged",
            icon=":material/delete:",
            on_click=files.delete,
            args=([entry.entry_id for entry in damaged],),
        )
