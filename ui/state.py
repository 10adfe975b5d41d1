"""What a session has chosen, and the address by which a reload or a shared link finds it again.

The address is read once, when the session begins; from then on it only mirrors the session.
"""

from __future__ import annotations

import streamlit as st

from ui import asked, draft, plan
from ui.classify import choice as classify_choice
from ui.components.address_bar import address_bar
from ui.data import choice as data_choice
from ui.errors import selection
from ui.inside import choice as inside_choice

RUN = "run"  # both the query parameter and the place in the session state
NETWORK, ORIGIN, PLAN = "net", "from", "plan"
_READ = "address_was_read"


def read_address() -> None:
    """Take over what the address names, in a new session: network, training, run, images."""
    if _READ in st.session_state:
        return
    st.session_state[_READ] = True
    choose_run(st.query_params.get(RUN, ""))
    selection.adopt(st.query_params)
    inside_choice.adopt(st.query_params)
    classify_choice.adopt(st.query_params)
    data_choice.adopt(st.query_params)
    asked.keep(st.query_params)
    if NETWORK in st.query_params:
        draft.adopt(st.query_params[NETWORK], st.query_params.get(ORIGIN, ""))
    if PLAN in st.query_params:
        plan.adopt(st.query_params[PLAN])


def mirror_address(page: str) -> None:
    """Bring the address up to date, once the page has drawn itself."""
    address_bar({RUN: chosen_run_id(), **draft_address()}, page=page)


def draft_address() -> dict[str, str]:
    """Return the query parameters that make another session build what this one builds."""
    origin = draft.step().origin if draft.link() else ""
    return {NETWORK: draft.link(), ORIGIN: origin, PLAN: plan.link()}


def choose_run(run_id: str) -> None:
    """Make this the run that all pages look at; "" for none."""
    st.session_state[RUN] = run_id[:80]


def chosen_run_id() -> str:
    """Return the id of the chosen run, which may not exist; "" where none was chosen."""
    return st.session_state.get(RUN, "")
