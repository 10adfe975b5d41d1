"""The draft as a Keras script that runs by itself."""

from __future__ import annotations

import streamlit as st

from fmnist_core.model import code
from fmnist_core.specs import Experiment
from ui.share import file_stem


def show_code(experiment: Experiment) -> None:
    """Draw the script, and buttons that take it along."""
    script = code.script(experiment)
    st.caption("The same experiment without this app: same split, same order, same first weights.")
    with st.container(horizontal=True):
        _download(".py", script, "text/x-python")
        _download(".ipynb", code.notebook(experiment), "application/x-ipynb+json")
    st.code(script, language="python", height=560)


def _download(ending: str, text: str, mime: str) -> None:
    st.download_button(
        ending,
        text,
        file_name=file_stem() + ending,
        mime=mime,
        icon=":material/download:",
        help=f"Download as {ending}",
        on_click="ignore",
    )
