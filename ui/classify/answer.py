"""What the network sees, and what it says."""

from __future__ import annotations

import numpy as np
import streamlit as st

from fmnist_core.export.png import enlarged
from fmnist_core.labels import CLASS_NAMES
from fmnist_core.runs.run import Run
from ui.classify.network import classify, temperature
from ui.classify.picture import Picture
from ui.classify.subject import Subject
from ui.format import escape, percent

ZOOM = 6  # pixels for one of the network's
TOP = 3  # classes


def ask_about(run: Run, picture: Picture) -> Subject:
    """Prepare a picture and ask a run's network.

    Raises:
        PhotoError: It is no picture, or nothing in it stands out.
        InferenceError: The network could not be asked.
    """
    prepared = picture.prepared()
    proba = classify(run, prepared.pixels[np.newaxis])[0]
    return Subject(run=run, picture=picture, prepared=prepared, proba=proba)


def draw_answer(subject: Subject) -> None:
    """Draw the 28×28 pixels, the likeliest classes, and what was decided on the way."""
    name = CLASS_NAMES[subject.predicted]
    with st.container(horizontal=True, wrap=False, gap="medium"):  # on a phone too
        st.image(
            enlarged(subject.prepared.pixels, ZOOM),
            width=28 * ZOOM,
            caption="What the network sees",
            alt=f"28 by 28 pixels, taken for {name}",
        )
        said = st.container()
    with said:
        st.markdown(f"#### {name}, {percent(float(subject.proba[subject.predicted]), 1)}")
        for label in np.argsort(-subject.proba, kind="stable")[:TOP]:
            share = float(subject.proba[label])
            st.progress(min(share, 1.0), text=f"{CLASS_NAMES[label]}: {percent(share, 1)}")
        st.caption(_about(subject.run))
    for sentence in subject.prepared.decided:
        st.caption(f":material/info: {escape(sentence)}")


def _about(run: Run) -> str:
    heat = temperature(run)
    if heat is None:
        return "Probabilities as they come: this run has no predictions to correct them by."
    return f"Probabilities at temperature {heat:.2f}, which fits the validation images."
