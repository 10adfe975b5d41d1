"""The frame of a page: its title, and what is shown when something expected goes wrong."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from fmnist_core.exceptions import FmnistError
from ui.format import escape
from ui.run_colors import mark_rules

# Streamlit leaves 75 pixels free on each side, which a laptop's screen has better uses for.
_WIDER = """@media (min-width: 641px) {
  [data-testid=stMainBlockContainer] { padding-inline: 2.25rem; }
}"""
# On dark, Streamlit writes the chosen segment of a control, and what a slider is set to, in a blue
# with too little contrast.
_CHOSEN = "[data-variant=segmented_control][data-selected], [data-testid=stSliderThumbValue]"
_READABLE = f":is({_CHOSEN}) p {{ color: light-dark(#1f5fbf, #8ab6ff); }}"


def begin_page(title: str, purpose: str) -> None:
    """Write a page's title and one sentence that says what it is for."""
    st.html(f"<style>{_WIDER} {_READABLE} {mark_rules()}</style>")
    st.title(title, anchor=False)
    st.caption(purpose)


@contextmanager
def friendly_errors() -> Iterator[None]:
    """Show an expected problem as its sentence; anything else surfaces as the bug it is."""
    try:
        yield
    except FmnistError as error:
        show_problem(error)


def show_problem(error: FmnistError | str) -> None:
    """Show a problem that a person can act on."""
    st.error(escape(str(error)), icon=":material/error:")


def tile(label: str, value: str, note: str | None = None, help_text: str | None = None) -> None:
    """Draw one figure, with a note below it."""
    st.metric(
        label,
        value,
        delta=note,
        delta_color="off",
        delta_arrow="off",
        help=help_text,
        border=True,
        height="stretch",
    )


def stay_in_view(key: str) -> None:
    """Let the column that holds the container `key` stay in view beside a longer one."""
    column = f"[data-testid=stColumn]:has(.st-key-{key})"
    rule = "position: sticky; top: 4rem; height: auto; flex: none;"
    st.html(f"<style>@media (min-width: 641px) {{ {column} > div {{ {rule} }} }}</style>")


def first_on_a_phone(key: str) -> None:
    """Let the column that holds the container `key` stand above its neighbours on a phone."""
    column = f"[data-testid=stColumn]:has(.st-key-{key})"
    st.html(f"<style>@media (max-width: 640px) {{ {column} {{ order: -1; }} }}</style>")
