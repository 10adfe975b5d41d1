"""The draft as a Keras script that runs by itself."""

from __future__ import annotations

import streamlit as st

from fmnist_core.model import code
from fmnist_core.model.exchange import file_stem
from fmnist_core.specs import Experiment


def show_code(experiment: Experiment) -> None:
    """Draw the script, and buttons that take it along."""
    script, stem = code.script(experiment), file_stem(experiment.title)
    st.caption("The same experiment without this app: same split, same order, same first weights.")
    with st.container(horizontal=True):
        _download(stem, ".py", script, "text/x-python")
        _download(stem, ".ipynb", code.notebook(experiment), "application/x-ipynb+json")
    st.code(script, language="python", height=560)


def _download(stem: str, ending: str, text: str, mime: str) -> None:
    st.download_button(
        ending,
        text,
        file_name=stem + ending,
        mime=mime,
        icon=":material/download:",
        help=f"Download as {ending}",
        on_click="ignore",
    )
