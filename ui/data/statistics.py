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
from ui.segments import choose_segment

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
    figure = choose_segment(
        "Figure",
        choice.FIGURES,
        chosen=choice.current().figure,
        on_choose=lambda name: choice.change(figure=name),
        key="data-figure",
    )
    if choice.current().view != "statistics":
        st.rerun()  # the whole page: an image was opened in the view of images
    with friendly_errors():
        _DRAW[figure]()
    choice.mirror()
