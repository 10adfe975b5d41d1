"""How the Inside page looks into a network."""

from __future__ import annotations

import streamlit as st

from ui.inside import choice

_VIEW = "inside-view"


def choose_view() -> str:
    """Let the person choose a view; only that one computes."""
    st.session_state[_VIEW] = choice.current().view
    st.segmented_control(
        "View",
        choice.VIEWS,
        format_func=choice.VIEWS.get,
        required=True,
        key=_VIEW,
        on_change=lambda: choice.change(view=st.session_state[_VIEW]),
        label_visibility="collapsed",
    )
    return choice.current().view
