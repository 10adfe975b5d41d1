"""What a link asks of a page's filters, kept until they are first drawn and can look it up."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import streamlit as st

from ui.format import escape

MAX_TEXT = 500  # characters of one filter
_KEY = "asked-by-link"


def keep(params: Mapping[str, str]) -> None:
    """Keep what the address of a new session says."""
    st.session_state[_KEY] = {name: text[:MAX_TEXT] for name, text in params.items()}


def take(name: str) -> str:
    """Return what was asked for, unchecked, the first time; "" from then on."""
    text: str = st.session_state.get(_KEY, {}).pop(name, "")
    return text


def take_flag(name: str) -> bool:
    """Say, the first time, whether something is to be switched on."""
    return take(name) == "1"


def take_words(name: str, known: Collection[str], *, page: str) -> list[str]:
    """Return, the first time, those of the words asked for that are known; refuse the others."""
    words = [word for word in take(name).split(",") if word]
    for word in words:
        if word not in known:
            refuse(f'{name} "{word[:40]}"', page=page)
    return [word for word in dict.fromkeys(words) if word in known]


def refuse(what: str, *, page: str) -> None:
    """Note what a page could not give."""
    st.session_state.setdefault(_refused(page), []).append(what)


def say_refused(page: str, filters: Mapping[str, str]) -> None:
    """Say what the link asked for in vain, until a filter is changed.

    Args:
        page: Whose filters they are.
        filters: What they are now, as they stand in the address.
    """
    wrong = st.session_state.get(_refused(page))
    if not wrong:
        return
    if filters != st.session_state.setdefault(f"{_refused(page)}-with", filters):
        del st.session_state[_refused(page)]
        return
    st.warning(
        f"The link asks for {escape(' and '.join(wrong))}, which does not exist here, so that was "
        "left out.",
        icon=":material/link_off:",
    )


def _refused(page: str) -> str:
    return f"refused-{page}"
