"""Mean and deviation of each class as pictures, what sets two apart, and where shoes point."""

from __future__ import annotations

import numpy as np
import streamlit as st

from fmnist_core.figures.pixel_sheet import SIDE, Picture, sheet_svg
from fmnist_core.labels import CLASS_NAMES, NUM_CLASSES
from ui.components.picture import picture
from ui.data import choice, facts
from ui.data.gallery import gallery
from ui.data.saving import csv_button
from ui.format import count, percent, share_interval, signed

_THEMES = {"light": False, "dark": True}
_SHOES = (5, 7, 9)
_FEW = 24  # images that face the other way


def means() -> None:
    """Draw mean and standard deviation of each class."""
    found = facts.training_classes()
    for name, values in (("Mean image", found.mean), ("Standard deviation", found.std)):
        st.header(name, anchor=False)
        _sheet(
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
        _sheet(
            [Picture(title=f"{names[0]} − {names[1]}", values=apart, note=f"±{limit:.0f}")],
            limit=limit,
            columns=1,
            side=280,
            name=f"{names[0]} minus {names[1]}",
            signed=True,
        )
    with right:
        _sheet(
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


def facing() -> None:
    """Say how many shoes point to the left, and draw those that do not."""
    mean = facts.training_classes().mean
    pictures, rows = [], {"class": [], "facing left": [], "images": []}
    for label in _SHOES:
        left = facts.facing_of(label)
        same, total = int(left.sum()), len(left)
        note = f"{percent(same / total, 1)} to the left"
        pictures.append(Picture(title=CLASS_NAMES[label], values=mean[label], note=note))
        for name, value in zip(rows, (CLASS_NAMES[label], same, total), strict=True):
            rows[name].append(value)
    _sheet(pictures, limit=255.0, columns=3, name="Mean shoes")
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
    label = 7
    other = np.flatnonzero(~facts.facing_of(label))
    st.header(f"{count(len(other), 'sneaker')} nearer to the mirror image", anchor=False)
    st.caption("The measure is a rough one: see which of them do point to the right.")
    gallery(
        facts.class_indices(label)[other[:_FEW]],
        name="Sneakers that are nearer to the mirror image",
        key="data-facing",
        on_open=facts.show_image,
    )


def _sheet(
    pictures: list[Picture],
    *,
    limit: float,
    columns: int,
    name: str,
    side: int = SIDE,
    signed: bool = False,
) -> None:
    svgs = {
        theme: sheet_svg(
            pictures, limit=limit, columns=columns, dark=dark, title=name, side=side, signed=signed
        )
        for theme, dark in _THEMES.items()
    }
    stem = name.lower().replace(" ", "-").replace("/", "-")
    picture(svgs, key=f"data-sheet-{stem}", file_name=stem, alt=name)
