"""Where to go next: three steps for an empty store, buttons for one with runs."""

from __future__ import annotations

import streamlit as st

_STEPS = (
    (
        "1. Build a network",
        "Start from a preset, or stack layers yourself. Shapes and cost follow each change.",
        ("Build", "build.py", "stacks"),
    ),
    (
        "2. Train it",
        "Training runs in the background: watch it learn, close the page, come back.",
        ("Train", "train.py", "play_arrow"),
    ),
    (
        "3. Compare",
        "Each training becomes a run with its curves and figures. They are all listed in Runs.",
        ("Runs", "runs.py", "table_rows"),
    ),
)


def start_here() -> None:
    """Draw the three steps to a first run."""
    st.header("Start here", anchor=False)
    for column, (title, text, target) in zip(st.columns(3), _STEPS, strict=True):
        with column, st.container(border=True, height="stretch"):
            st.subheader(title, anchor=False)
            st.write(text)
            _go(*target, first=target is _STEPS[0][2])


def next_steps() -> None:
    """Draw the same ways in one line."""
    with st.container(horizontal=True):
        for _, _, target in _STEPS:
            _go(*target, first=target is _STEPS[0][2])


def _go(label: str, page: str, icon: str, *, first: bool = False) -> None:
    kind = "primary" if first else "secondary"
    if st.button(label, key=f"go-{page}", icon=f":material/{icon}:", type=kind):
        st.switch_page(page)
