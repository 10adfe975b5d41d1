"""Taking the draft elsewhere and bringing it back: as a link, and as a JSON file."""

from __future__ import annotations

from urllib.parse import urlencode, urlsplit

import streamlit as st

from fmnist_core.exceptions import FmnistError
from fmnist_core.model import exchange
from ui import draft, state


def share() -> None:
    """Draw the menu; its content is only made while it is open."""
    menu = st.popover("Share", icon=":material/share:", key="share", on_change="rerun")
    if menu.open:
        with menu:
            _link()
            _file()


def _link() -> None:
    st.caption("Whoever opens this link builds on with the same network and settings.")
    st.code(address(), language=None, wrap_lines=True, height=110)


def address() -> str:
    """Return the link to this page with the draft in it."""
    page = urlsplit(st.context.url or "")
    params = {name: value for name, value in state.draft_address().items() if value}
    return page._replace(query=urlencode(params), fragment="").geturl()


def _file() -> None:
    st.download_button(
        "Download as JSON",
        exchange.to_json(draft.model()),
        file_name=f"{exchange.file_stem(draft.model().name)}.json",
        mime="application/json",
        icon=":material/download:",
        on_click="ignore",
        width="stretch",
    )
    key = f"network-file.{draft.generation()}"
    st.file_uploader(
        "Open a JSON file",
        type="json",
        key=key,
        max_upload_size=1,
        help="A network from this app, or the experiment.json of a run.",
        on_change=lambda: _take_file(key),
    )


def _take_file(key: str) -> None:
    """Make the network of the file the draft; refuse what is none, and keep the present one."""
    upload = st.session_state[key]
    if upload is None:
        return
    try:
        draft.take_network(exchange.from_json(upload.getvalue()))
    except FmnistError as error:
        draft.refuse(f"The file was not opened, and the network is as it was. {error}")
