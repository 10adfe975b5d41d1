"""Widgets for the settings of the plan; whichever page draws them, the plan is one and the same."""

from __future__ import annotations

from typing import Any

import streamlit as st

from fmnist_core.settings import Setting, settings_of
from ui import plan
from ui.settings import setting_input

FIELD_WIDTH = 150  # pixels


def plan_fields(part: str, *, main: bool) -> None:
    """Draw the main settings of a part of the plan, or the others, and keep what they show."""
    shown = plan.values(part)
    chosen = {
        name: plan_field(setting, shown[name], f"{part}.{name}")
        for name, setting in settings_of(plan.PARTS[part]).items()
        if setting.main == main
    }
    plan.keep(part, chosen)


def plan_field(setting: Setting, shown: Any, name: str) -> Any:
    """Draw one setting with the value of the plan, or what was chosen since."""
    key = f"new-run.{plan.generation()}.{name}"
    with st.container(width=FIELD_WIDTH):
        return setting_input(setting, st.session_state.get(key, shown), key=key)
