"""What training would see: one image of a few classes under some draws of the augmentation."""

from __future__ import annotations

from typing import Any

import numpy as np
import streamlit as st

from fmnist_core.data.augmentation import preview
from fmnist_core.exceptions import FmnistError
from fmnist_core.export.png import enlarged
from fmnist_core.labels import CLASS_NAMES
from fmnist_core.specs import AugmentSpec
from ui import cache
from ui.layout import show_problem

CLASSES = (0, 5, 8)  # a top, a shoe and a bag: what a turn or a flip does differs most
DRAWS = 11
GAP = 2  # pixels between two images
SCALE = 3  # times as large
_SEED = "augmentation-preview-seed"


def augmentation_preview(settings: dict[str, Any]) -> None:
    """Draw originals and augmented draws in rows, with a button for other draws."""
    try:
        spec = AugmentSpec(**settings)
        if not spec.active:
            st.caption("Nothing is changed yet. Raise a value above and see here what it does.")
            return
        data = cache.data_set()
    except FmnistError as error:
        show_problem(error)
        return
    seed = st.session_state.setdefault(_SEED, 0)
    images = data.images[[int(np.argmax(data.labels == label)) for label in CLASSES]]
    sheet = contact_sheet(images, preview(images, spec, seed, DRAWS))
    names = ", ".join(CLASS_NAMES[label] for label in CLASSES)
    st.image(sheet, width="stretch", alt=f"{names}: as they are, and {DRAWS} augmented draws.")
    st.caption(f"On the left as it is, then {DRAWS} draws: what the network would be shown.")
    st.button("Other draws", key="draw-anew", icon=":material/casino:", on_click=_draw_anew)


def contact_sheet(images: np.ndarray, draws: np.ndarray) -> np.ndarray:
    """Put each image and its draws in a row, enlarged without smoothing; uint8 (height, width).

    Args:
        images: uint8 (N, 28, 28).
        draws: uint8 (N, K, 28, 28).
    """
    tiles = np.concatenate([images[:, np.newaxis], draws], axis=1)
    tiles = np.pad(tiles, ((0, 0), (0, 0), (0, GAP), (0, GAP)))
    rows, columns, height, width = tiles.shape
    sheet = tiles.swapaxes(1, 2).reshape(rows * height, columns * width)
    return enlarged(sheet, SCALE)


def _draw_anew() -> None:
    st.session_state[_SEED] += 1
