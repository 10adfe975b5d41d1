"""What a session has chosen, and the address by which a reload or a shared link finds it again.

The address is read once, when the session begins; from then on it only mirrors the session.
"""

from __future__ import annotations

import streamlit as st

from ui import draft
from ui.components.address_bar import address_bar

RUN = "run"  # both the query parameter and the place in the session state
NETWORK = "net"
_READ = "address_was_read"


def read_address() -> None:
    """Take over the network and the run that the address names, if the session is new."""
    if _READ in st.session_state:
        return
    st.session_state[_READ] = True
    choose_run(st.query_params.get(RUN, ""))
    if NETWORK in st.query_params:
        draft.adopt(st.query_params[NETWORK])


def mirror_address(page: str) -> None:
    """Bring the address up to date."""
    address_bar({RUN: chosen_run_id(), NETWORK: draft.link()}, page=page)


def choose_run(run_id: str) -> None:
    """Make this the run that all pages look at; "" for none."""
    st.session_state[RUN] = run_id[:80]


def chosen_run_id() -> str:
    """Return the id of the chosen run, which may not exist; "" where none was chosen."""
    return st.session_state.get(RUN, "")
