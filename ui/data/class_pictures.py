"""Mean and deviation of each class as pictures, and what sets two of them apart."""

from __future__ import annotations

import numpy as np
import streamlit as st

from fmnist_core.figures.pixel_sheet import Picture
from fmnist_core.labels import CLASS_NAMES, NUM_CLASSES
from ui.data import choice, facts
from ui.data.saving import csv_button
from ui.data.sheet import draw_sheet
from ui.format import signed


def means() -> None:
    """Draw mean and standard deviation of each class."""
    found = facts.training_classes()
    for name, values in (("Mean image", found.mean), ("Standard deviation", found.std)):
        st.header(name, anchor=False)
        draw_sheet(
            [
                Picture(title=CLASS_NAMES[label], values=values[label])
                for label in range(NUM_CLASSES)
            ],
            limit=float(values.max()),
            columns=5,
            name=name,
        )
    st.caption(
        "Of the 6,000 images of each class in the training file, each row of pictures on one "
        "scale. Where the standard deviation is bright, the images of a class differ: at the "
        "sleeves, between the legs, on the print."
    )
    csv_button("class-images", _all_pixels)


def _all_pixels() -> dict[str, np.ndarray]:
    """Return a row for each class and pixel."""
    found = facts.training_classes()
    label, row, column = np.indices(found.mean.shape).reshape(3, -1)
    return {
        "class": np.array(CLASS_NAMES)[label],
        "row": row,
        "column": column,
        "mean": found.mean.ravel().round(3),
        "standard deviation": found.std.ravel().round(3),
    }


def difference() -> None:
    """Draw the mean of one class minus that of another one."""
    first, second = _choose_pair()
    found = facts.training_classes()
    apart = found.mean[first] - found.mean[second]
    names = CLASS_NAMES[first], CLASS_NAMES[second]
    limit = float(np.abs(apart).max())
    place = np.unravel_index(np.abs(apart).argmax(), apart.shape)
    left, right = st.columns([2, 1], gap="medium")
    with left:
        draw_sheet(
            [Picture(title=f"{names[0]} − {names[1]}", values=apart, note=f"±{limit:.0f}")],
            limit=limit,
            columns=1,
            side=280,
            name=f"{names[0]} minus {names[1]}",
            signed=True,
        )
    with right:
        draw_sheet(
            [Picture(title=CLASS_NAMES[each], values=found.mean[each]) for each in (first, second)],
            limit=255.0,
            columns=2,
            name="Their mean images",
        )
        st.markdown(
            f"**Orange**: {names[0]} is brighter there on average; **blue**: {names[1]} is. "
            f"The widest gap is {signed(float(apart[place]), 0)} grey levels, at row {place[0]}, "
            f"column {place[1]}. The two means are {np.linalg.norm(apart) / 255:.2f} apart."
        )
        st.caption("Means of the training file, in grey levels of 0 to 255.")
    row, column = np.indices(apart.shape).reshape(2, -1)
    csv_button(
        "mean-difference",
        lambda: {"row": row, "column": column, "difference": apart.ravel().round(3)},
    )


def _choose_pair() -> tuple[int, int]:
    """Let the person choose two classes; choosing the other one's swaps them."""
    pair = choice.current().pair
    keys = ("data-first", "data-second")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        for place, (key, label) in enumerate(zip(keys, ("Class", "Minus"), strict=True)):
            st.session_state[key] = pair[place]
            with st.container(width=220):
                st.selectbox(
                    label,
                    range(NUM_CLASSES),
                    format_func=CLASS_NAMES.__getitem__,
                    key=key,
                    on_change=_take_pair,
                    args=(place, key),
                )
    return pair


def _take_pair(place: int, key: str) -> None:
    before = choice.current().pair
    pair = list(before)
    pair[place] = st.session_state[key]
    if pair[0] == pair[1]:
        pair[1 - place] = before[place]
    choice.change(pair=tuple(pair))
