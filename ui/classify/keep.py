"""The view that keeps a picture: with its true class, in the challenge set."""

from __future__ import annotations

import streamlit as st

from ui.classify.challenge import keep_form
from ui.classify.subject import Subject


def keep(subject: Subject) -> None:
    """Draw the form."""
    keep_form(
        subject.prepared.pixels,
        subject.picture.pixels(),
        subject.picture.name,
        subject.picture.spec,
        subject.predicted,
        key="classify-keep",
    )
    st.caption(
        "The challenge set is a test set of your own pictures, by which every run can be judged. "
        "It keeps the 28 by 28 pixels, and the picture at most 1,024 pixels a side without what "
        "its file says of time and place."
    )
