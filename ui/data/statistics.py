"""The view of statistics: what the images are like as a whole, one figure at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import streamlit as st

from ui.data import choice
from ui.data.class_pictures import difference, means
from ui.data.class_sizes import counts
from ui.data.facing import facing
from ui.data.pixels import pixels
from ui.data.twins import twins
from ui.data.typical import typical
from ui.layout import friendly_errors

_DRAW: Mapping[str, Callable[[], None]] = {
    "counts": counts,
    "pixels": pixels,
    "means": means,
    "difference": difference,
    "typical": typical,
    "facing": facing,
    "twins": twins,
}


@st.fragment
def statistics() -> None:
    """Draw the figure that is chosen; the others cost nothing."""
    key = "data-figure"
    st.session_state[key] = choice.current().figure
    st.segmented_control(
        "Figure",
        choice.FIGURES,
        format_func=choice.FIGURES.get,
        required=True,
        key=key,
        on_change=lambda: choice.change(figure=st.session_state[key]),
        label_visibility="collapsed",
    )
    if choice.current().view != "statistics":
        st.rerun()  # the whole page: an image was opened in the view of images
    with friendly_errors():
        _DRAW[choice.current().figure]()
    choice.mirror()
