"""The images of a class from the most typical to the most unusual one."""

from __future__ import annotations

import numpy as np
import streamlit as st

from fmnist_core.labels import CLASS_NAMES
from fmnist_core.specs.data import NUM_TRAIN_FILE
from ui import cache
from ui.data import facts
from ui.data.class_choice import choose_class
from ui.data.gallery import gallery
from ui.data.saving import csv_button
from ui.pager import page_of

_ORDERS = {"typical": "Most typical first", "unusual": "Most unusual first"}
_PAGE = 48  # images
_FIRST = 9  # ankle boots: where nobody has chosen a class


def typical() -> None:
    """Draw them as a gallery."""
    label, order = _controls()
    index = facts.class_indices(label)
    distance = facts.typical().distance[index]
    index = index[np.argsort(distance if order == "typical" else -distance, kind="stable")]
    shown = page_of(index, -1, label, order, key="data-typical-pages", size=_PAGE)
    far = facts.typical().distance
    gallery(
        shown,
        name=f"{CLASS_NAMES[label]}, {_ORDERS[order].lower()}",
        key="data-typical",
        notes=[f"{far[each]:.2f}" for each in shown],
        leads_away=True,
    )
    st.caption(
        f"{len(shown):,} of {len(index):,} images of the training file by their distance to the "
        "mean image of the class (Euclidean, pixels 0 to 1), which stands below each. Unusual ones "
        "are worth a look: odd garments, cropped ones, now and then a wrong label."
    )
    csv_button(
        "typicality",
        lambda: {
            "index": np.arange(len(far)),
            "class": np.array(CLASS_NAMES)[cache.data_set().labels],
            "distance": far.round(4),
            "file": np.where(np.arange(len(far)) < NUM_TRAIN_FILE, "training", "test"),
        },
    )


def _controls() -> tuple[int, str]:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        label = choose_class(_FIRST, key="data-typical-class")
        order = st.segmented_control(
            "Order",
            _ORDERS,
            format_func=_ORDERS.get,
            default="unusual",
            required=True,
            key="data-typical-order",
            persist_state="session",
        )
    return label, order
