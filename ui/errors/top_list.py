"""The commonest confusions as a list; each chooses its cell of the matrix."""

from __future__ import annotations

import numpy as np
import streamlit as st

from fmnist_core.analysis.confusion import top_confusions
from fmnist_core.labels import CLASS_NAMES
from ui.errors import selection
from ui.format import percent

LISTED = 8


def top_list(confusion: np.ndarray) -> None:
    """Draw the list for these counts, int (10, 10), rows true."""
    st.subheader("Most often confused", anchor=False)
    found = top_confusions(confusion, LISTED)
    if not found:
        st.info("No image of this part is taken for another class.", icon=":material/check:")
    chosen = selection.current()
    for true, predicted, number, of, (low, high) in found:
        here = (true, predicted) == (chosen.true, chosen.predicted)
        st.button(
            f"**{CLASS_NAMES[true]}** → **{CLASS_NAMES[predicted]}** · {number:,} of {of:,} "
            f"({percent(number / of, 1)}, {100 * low:.1f}–{100 * high:.1f})",
            key=f"errors-top-{true}-{predicted}",
            type="primary" if here else "secondary",
            width="stretch",
            on_click=selection.choose_classes,
            args=(true, predicted),
        )
    if found:
        st.caption("Count of all images of the true class, with its share and 95 % interval.")
