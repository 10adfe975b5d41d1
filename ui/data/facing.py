"""Where the shoes point: nearly all to the left."""

from __future__ import annotations

import numpy as np
import streamlit as st

from fmnist_core.data.augmentation_notes import SHOES
from fmnist_core.figures.pixel_sheet import Picture
from fmnist_core.labels import CLASS_NAMES
from ui.data import facts
from ui.data.gallery import gallery
from ui.data.saving import csv_button
from ui.data.sheet import draw_sheet
from ui.format import count, percent, share_interval

_SNEAKER = 7
_FEW = 24  # images that face the other way


def facing() -> None:
    """Say how many shoes point to the left, and draw those that do not."""
    mean = facts.training_classes().mean
    pictures, rows = [], {"class": [], "facing left": [], "images": []}
    for label in SHOES:
        left = facts.facing_of(label)
        same, total = int(left.sum()), len(left)
        note = f"{percent(same / total, 1)} to the left"
        pictures.append(Picture(title=CLASS_NAMES[label], values=mean[label], note=note))
        for name, value in zip(rows, (CLASS_NAMES[label], same, total), strict=True):
            rows[name].append(value)
    draw_sheet(pictures, limit=255.0, columns=3, name="Mean shoes")
    said = "; ".join(
        f"{name} {same:,} of {total:,} ({share_interval(same, total)})"
        for name, same, total in zip(*rows.values(), strict=True)
    )
    st.markdown(
        "Nearly all shoes point to the left. A network that trains without **horizontal flip** has "
        "hardly ever seen the other side: it may fail on a photo of yours that a mirror would mend."
    )
    st.caption(
        f"An image points to the left where it is nearer to its class's mean than to the mirror "
        f"image of that. Training file, with 95 % Wilson intervals: {said}."
    )
    csv_button("facing", lambda: rows)
    other = np.flatnonzero(~facts.facing_of(_SNEAKER))
    st.header(f"{count(len(other), 'sneaker')} nearer to the mirror image", anchor=False)
    st.caption("The measure is a rough one: see which of them do point to the right.")
    gallery(
        facts.class_indices(_SNEAKER)[other[:_FEW]],
        name="Sneakers that are nearer to the mirror image",
        key="data-facing",
        leads_away=True,
    )
