"""The pictures that come with the app, each there for a reason."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from ui.classify import choice
from ui.classify.picture import Picture

FOLDER = Path(__file__).parents[1] / "assets" / "samples"
# File → what it is, and what to look at. Drawn by docs/sample_pictures.py.
SAMPLES = {
    "t-shirt.jpg": ("T-shirt", "A plain case, yet many networks waver between T-shirt and shirt."),
    "trousers.jpg": ("Trousers", "Blue on pale grey: colours go, only lightness is left."),
    "pullover.jpg": ("Pullover", "On a coloured ground, which is found by its border."),
    "dress.jpg": ("Dress", "Narrow: it keeps its shape, where squashing would make it wide."),
    "coat.jpg": (
        "Open coat",
        "Its light lining splits it in two. What is it taken for?",
    ),
    "shirt-on-its-side.jpg": (
        "Shirt, saved on its side",
        "Phones save photos turned and note it in EXIF. Who ignores that classifies it lying.",
    ),
    "sandal.jpg": ("Sandal", "Little of its box is garment; the holes must stay background."),
    "white-sneaker.jpg": (
        "White sneaker on blue",
        "Nothing must be negated here. Set the background to light, and see what happens.",
    ),
    "sneaker-the-other-way.jpg": (
        "Sneaker, facing right",
        "Of the data set's sneakers, nearly all face left. Does it matter?",
    ),
    "ankle-boot.jpg": ("Ankle boot", "Small in a wide picture: trimmed before it is made small."),
    "bag-cut-out.png": ("Bag, cut out", "A PNG whose background is transparent."),
    "mug.jpg": (
        "Mug",
        "No garment at all, but the network has ten answers and must give one. See the verdict.",
    ),
}
_SAMPLE = "classify-sample"


def sample() -> Picture:
    """Let the person choose a sample."""
    known = list(SAMPLES)
    chosen = choice.current().sample
    st.session_state[_SAMPLE] = chosen if chosen in known else known[0]
    name = st.selectbox(
        "Sample",
        known,
        key=_SAMPLE,
        format_func=lambda file: SAMPLES[file][0],
        on_change=lambda: choice.change(sample=st.session_state[_SAMPLE]),
    )
    st.caption(SAMPLES[name][1])
    picture = Picture(key=f"sample-{name}", name=name, data=(FOLDER / name).read_bytes())
    st.image(picture.thumbnail(), alt=SAMPLES[name][0])
    return picture
