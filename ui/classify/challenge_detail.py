"""One picture of the challenge set: its original beside what networks see, and its true class."""

from __future__ import annotations

import time

import streamlit as st

from fmnist_core.challenge import ChallengeEntry
from fmnist_core.data.photo import PhotoSpec
from fmnist_core.exceptions import ChallengeError, FmnistError
from fmnist_core.export.png import enlarged
from fmnist_core.labels import CLASS_NAMES
from fmnist_core.runs.challenge_result import ChallengeResult
from fmnist_core.runs.run import Run
from fmnist_core.runs.summary import RunSummary
from fmnist_core.settings import settings_of
from ui import cache
from ui.classify import challenge_files as files
from ui.classify.challenge_data import challenge_set, result_of
from ui.format import count, escape, percent
from ui.layout import first_on_a_phone, stay_in_view

SIDE = 140  # pixels of a picture's longer side: two of them fit beside each other on a phone
_KEY = "challenge-entry"
MAX_OTHERS = 50  # runs; their answers are read once


def detail(entry: ChallengeEntry, found: ChallengeResult | None, rows: list[RunSummary]) -> None:
    """Draw an entry, and let it be given another class or deleted.

    Args:
        entry: A sound one.
        found: What the chosen run makes of the set, be it of another state.
        rows: Runs that have ended.
    """
    stay_in_view(_KEY)
    first_on_a_phone(_KEY)
    with st.container(border=True, key=_KEY):
        st.subheader(escape(entry.name) or "Drawing", anchor=False)
        _pictures(entry)
        _verdict(entry, found)
        st.caption(f"{_prepared(entry.spec)} {_others(entry, rows)}".strip())
        _change(entry)


def _pictures(entry: ChallengeEntry) -> None:
    name = CLASS_NAMES[entry.label]
    with st.container(horizontal=True):
        try:
            original = challenge_set().original(entry)
        except ChallengeError as error:
            st.caption(escape(str(error)))
        else:
            height, width = original.shape[:2]
            shown = max(1, round(SIDE * width / max(height, width)))
            st.image(original, width=shown, caption="Original", alt=f"{name}, the original")
        title = "What networks see"
        large = enlarged(entry.pixels, SIDE // len(entry.pixels))
        st.image(large, width=SIDE, caption=title, alt=f"{name}, {title}")


def _verdict(entry: ChallengeEntry, found: ChallengeResult | None) -> None:
    said = found.by_pixels.get(entry.digest) if found else None
    if said is None:
        st.markdown("The chosen run was not asked about it yet.")
        return
    right = said.predicted == entry.label
    taken = "predicted rightly" if right else f"taken for {CLASS_NAMES[said.predicted]}"
    verdict = f"{'✓' if right else '✗'} {CLASS_NAMES[entry.label]}, {taken}"
    sure = f"with {percent(said.confidence, 1)}"
    st.markdown(f":{'green' if right else 'red'}[{verdict}] {sure}")


def _prepared(spec: PhotoSpec | None) -> str:
    """Say by which choices the pixels were made, where they are not the usual ones."""
    if spec is None:
        return ""
    usual = PhotoSpec()
    changed = [
        f"{setting.label.lower()} {getattr(spec, name)}"
        for name, setting in settings_of(spec).items()
        if getattr(spec, name) != getattr(usual, name)
    ]
    changed += ["cropped"] if spec.crop else []
    said = ", ".join(changed) or "the usual choices"
    return escape(f"Prepared by {said}.")


def _others(entry: ChallengeEntry, rows: list[RunSummary]) -> str:
    """Say how many of the runs that were asked get it right."""
    root = cache.run_store().root
    judged = [row.run_id for row in rows if row.challenge][:MAX_OTHERS]
    results = [result_of(Run(root / run_id)) for run_id in judged]
    said = [found.by_pixels[entry.digest] for found in results if found and _knows(found, entry)]
    if not said:
        return ""
    right = sum(each.predicted == entry.label for each in said)
    return f"Predicted rightly by {right} of {count(len(said), 'run')} asked."


def _knows(found: ChallengeResult, entry: ChallengeEntry) -> bool:
    return entry.digest in found.by_pixels


def _change(entry: ChallengeEntry) -> None:
    kept = time.strftime("%Y-%m-%d %H:%M", time.gmtime(entry.created))
    key = f"challenge-label-{entry.entry_id}-{entry.label}"  # another class, another widget
    with st.container(horizontal=True, vertical_alignment="bottom"):
        with st.container(width=170):
            st.selectbox(
                "True class",
                range(len(CLASS_NAMES)),
                index=entry.label,
                format_func=CLASS_NAMES.__getitem__,
                key=key,
                help=f"Kept {kept} UTC. Another class changes the figures of every run.",
                on_change=lambda: _relabel(entry.entry_id, st.session_state[key]),
            )
        with st.popover("Delete", icon=":material/delete:"):
            st.markdown("It is deleted for good; there is no way back.")
            st.button(
                "Delete this picture",
                key=f"challenge-delete-{entry.entry_id}",
                type="primary",
                on_click=files.delete,
                args=([entry.entry_id],),
            )


def _relabel(entry_id: str, label: int) -> None:
    try:
        challenge_set().relabel(entry_id, label)
    except FmnistError as error:
        files.tell(refused=[str(error)])
