"""The challenge set as a whole: taken along as a ZIP, brought back, deleted; and how that went."""

from __future__ import annotations

import io

import streamlit as st

from fmnist_core.challenge import ChallengeEntry, export_zip, import_zip
from fmnist_core.exceptions import FmnistError
from ui.classify.challenge_data import challenge_set
from ui.format import count
from ui.layout import show_problem

_FILE = "challenge-file"  # how many uploads were taken: another one, another widget
_TOLD = "challenge-told"
MAX_REFUSED = 10  # sentences; the others are counted


def tell(said: str = "", *, refused: list[str] | None = None) -> None:
    """Have the next run of the page say how something went.

    Args:
        said: A sentence on what was done; "" for none.
        refused: Sentences on what was not.
    """
    st.session_state[_TOLD] = (said, refused or [])


def say_told() -> None:
    """Say how the last thing went, once."""
    said, refused = st.session_state.pop(_TOLD, ("", []))
    if said:
        st.success(said, icon=":material/check:")
    for sentence in refused[:MAX_REFUSED]:
        show_problem(sentence)
    if len(refused) > MAX_REFUSED:
        st.caption(f"{count(len(refused) - MAX_REFUSED, 'more file')} were not taken.")


def take_upload() -> None:
    """Take the ZIP that was uploaded, if any, with a progress bar; then say how that went."""
    upload = st.session_state.get(_widget())
    if upload is not None:
        bar = st.progress(0.0, text="Reading the ZIP …")

        def on_tick(done: int, total: int) -> None:
            bar.progress(done / total, text=f"{done:,} of {count(total, 'picture')} …")

        try:
            found = import_zip(challenge_set(), upload, on_tick=on_tick)
        except FmnistError as error:
            tell(refused=[f"Nothing was taken from the ZIP. {error}"])
        else:
            added = f"{count(found.added, 'picture')} added, {found.skipped:,} there already"
            missing = f", {len(found.refused):,} not taken" if found.refused else ""
            tell(f"{added}{missing}.", refused=found.refused)
        st.session_state[_FILE] = st.session_state.get(_FILE, 0) + 1
        st.rerun()
    say_told()


def files(entries: list[ChallengeEntry]) -> None:
    """Draw what can be done with the set as a whole."""
    sound = sum(not entry.problem for entry in entries)
    with st.container(horizontal=True):
        st.download_button(
            "Download as ZIP",
            _zip,
            file_name="challenge-set.zip",
            mime="application/zip",
            key="challenge-zip",
            icon=":material/download:",
            on_click="ignore",
            disabled=not sound,
            help=f"{count(sound, 'picture')} with originals and true classes.",
        )
        with st.popover("Add a ZIP", icon=":material/upload:"):
            st.file_uploader(
                "A ZIP of a challenge set, or of folders of pictures",
                type="zip",
                key=_widget(),
                help="A folder for each class, such as shirt or ankle-boot. What is in the set "
                "already is skipped. From a shell, fmnist challenge import takes larger ones.",
            )
        if entries:
            with st.popover("Delete all", icon=":material/delete:"):
                st.markdown("All are deleted for good. Download them first to have a way back.")
                st.button(
                    f"Delete {count(len(entries), 'picture')}",
                    key="challenge-clear",
                    type="primary",
                    on_click=_clear,
                )


def delete(ids: list[str]) -> None:
    """Delete entries, and have the page say so."""
    refused = []
    for entry_id in ids:
        try:
            challenge_set().delete(entry_id)
        except FmnistError as error:
            refused.append(str(error))
    done = len(ids) - len(refused)
    tell(f"{count(done, 'picture')} deleted." if done else "", refused=refused)


def _clear() -> None:
    try:
        deleted = challenge_set().clear()
    except FmnistError as error:
        tell(refused=[str(error)])
    else:
        tell(f"{count(deleted, 'picture')} deleted.")


def _zip() -> bytes:
    buffer = io.BytesIO()
    export_zip(challenge_set(), buffer)
    return buffer.getvalue()


def _widget() -> str:
    return f"{_FILE}-{st.session_state.get(_FILE, 0)}"
