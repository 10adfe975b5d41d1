"""Pages of a gallery: which one is in view, and the way to the others."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import streamlit as st

PAGE_SIZE = 48  # images: eight rows of six, where the page is wide


def turn_pages(pages: int, page: int, on_turn: Callable[[int], None], *, key: str) -> None:
    """Draw the pages where there are several, with `page` in view, from 1 on.

    Args:
        pages: How many there are.
        page: The one to show, whatever was shown before.
        on_turn: Called with another page, before the script runs again.
        key: Of the widget.
    """
    if pages > 1:
        st.session_state[key] = page
        st.pagination(pages, key=key, on_change=lambda: on_turn(st.session_state[key]))


def page_of(
    places: np.ndarray, place: int, *subject: object, key: str, size: int = PAGE_SIZE
) -> np.ndarray:
    """Draw the pages where there are several, and return the places on the one in view.

    Args:
        places: Of all pages.
        place: Of the image whose page is turned to when the subject changes.
        subject: What the pages are of.
        key: Same key, same gallery.
        size: Images on a page.
    """
    held = f"{key}-turned"
    known, page = st.session_state.get(held, (None, 1))
    if known != subject:
        found = np.flatnonzero(places == place)
        page = 1 + int(found[0]) // size if len(found) else 1
    pages = max(1, -(-len(places) // size))
    page = min(page, pages)

    def hold(turned: int) -> None:
        st.session_state[held] = (subject, turned)

    hold(page)
    turn_pages(pages, page, hold, key=key)
    return places[size * (page - 1) : size * page]
