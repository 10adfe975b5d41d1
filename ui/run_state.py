"""The state of a run as a badge: a word, a colour and a sign, the same on every page."""

from __future__ import annotations

import streamlit as st

_LOOKS = {
    "queued": ("gray", "schedule"),
    "starting": ("blue", "hourglass_top"),
    "running": ("blue", "autorenew"),
    "paused": ("orange", "pause_circle"),
    "finished": ("green", "check_circle"),
    "stopped": ("violet", "stop_circle"),
    "failed": ("red", "error"),
    "interrupted": ("orange", "power_off"),
    "damaged": ("red", "broken_image"),
}


def state_badge(state: str) -> None:
    """Draw the state."""
    color, icon = _LOOKS[state]
    st.badge(state, color=color, icon=f":material/{icon}:")
