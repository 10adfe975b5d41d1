"""The form that keeps a picture with its true class in the challenge set."""

from __future__ import annotations

import numpy as np
import streamlit as st

from fmnist_core.challenge import ChallengeEntry
from fmnist_core.challenge.pictures import pixel_digest
from fmnist_core.data.photo import PhotoSpec
from fmnist_core.exceptions import FmnistError
from fmnist_core.labels import CLASS_NAMES
from ui.classify.challenge_data import challenge_set
from ui.layout import show_problem


def keep(
    pixels: np.ndarray,
    original: np.ndarray,
    name: str,
    spec: PhotoSpec | None,
    guess: int,
    key: str,
) -> None:
    """Draw the form, or that the picture is kept: whether it is, the set says and no click.

    Args are those of `ui.classify.challenge.keep_form`.

    Raises:
        ChallengeError: The set cannot be read.
    """
    if refused := st.session_state.pop(f"{key}-refused", ""):
        show_problem(refused)
    widget = f"{key}-{pixel_digest(pixels)[:12]}"  # another picture, another choice
    kept = challenge_set().find(pixels)
    if kept:
        _say_kept(kept, widget, key)
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        with st.container(width=260):
            label = st.selectbox(
                f"True class (the network says {CLASS_NAMES[guess]})",
                range(len(CLASS_NAMES)),
                index=None,
                format_func=CLASS_NAMES.__getitem__,
                placeholder="Choose what it truly is",
                key=f"{widget}-class",
            )
        st.button(
            "Keep in the challenge set",
            key=f"{widget}-keep",
            icon=":material/add_photo_alternate:",
            disabled=label is None,
            help="A test set of your own, by which every run can be judged.",
            on_click=_keep,
            args=(pixels, original, name, spec, label, key),
        )


def _say_kept(kept: ChallengeEntry, widget: str, key: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        said = f"In the challenge set as {CLASS_NAMES[kept.label]}."
        st.markdown(f":green[:material/check: {said}]", width="content")
        st.button(
            "Take it out",
            key=f"{widget}-out",
            icon=":material/undo:",
            on_click=_take_out,
            args=(kept.entry_id, key),
        )


def _keep(
    pixels: np.ndarray,
    original: np.ndarray,
    name: str,
    spec: PhotoSpec | None,
    label: int,
    key: str,
) -> None:
    try:
        challenge_set().add(pixels, label, original=original, name=name, spec=spec)
    except FmnistError as error:
        st.session_state[f"{key}-refused"] = str(error)


def _take_out(entry_id: str, key: str) -> None:
    try:
        challenge_set().delete(entry_id)
    except FmnistError as error:
        st.session_state[f"{key}-refused"] = str(error)
