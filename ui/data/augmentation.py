"""The view of augmentation: one image before, and under 24 draws of the chosen settings."""

from __future__ import annotations

import numpy as np
import streamlit as st

from fmnist_core.data.augmentation import preview
from fmnist_core.data.augmentation_notes import BAD, GOOD, notes
from fmnist_core.figures.pixel_sheet import Picture
from fmnist_core.labels import CLASS_NAMES
from fmnist_core.specs import AugmentSpec
from ui import cache, plan
from ui.data import choice, facts
from ui.data.class_choice import choose_class
from ui.data.saving import csv_button
from ui.data.sheet import draw_sheet
from ui.layout import friendly_errors
from ui.plan_fields import plan_fields

DRAWS = 24
_COLUMNS, _SIDE = 9, 84
_SEED, _FIRST = "data-augmentation-seed", 5  # sandals
_PARTNERS = (0, 3, 8)  # classes of the images that mixup and cutmix mix in
_BOXES = {BAD: (st.warning, ":material/warning:"), GOOD: (st.success, ":material/check:")}


def augmentation() -> None:
    """Draw form, notes and pictures; the settings are those of the Train page."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        plan_fields("augment", main=False)
    with friendly_errors():
        spec = AugmentSpec(**plan.values("augment"))
        label = _controls()
        _say(spec, label)
        _pictures(spec, label)
    choice.mirror()


def _controls() -> int:
    """Draw the class whose image is shown, and the buttons; return the class."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        label = choose_class(_first(), key="data-augmentation-class")
        st.button("Other draws", key="data-other-draws", icon=":material/casino:", on_click=_anew)
        if st.button(
            "Use in Train",
            key="data-use-augmentation",
            type="primary",
            icon=":material/model_training:",
        ):
            st.switch_page("train.py")
    return label


def _first() -> int:
    """Return the class that stands there where all are chosen: that of the opened image."""
    opened = choice.current().image
    return _FIRST if opened is None else int(cache.data_set().labels[opened])


def _image(label: int) -> int:
    """Return the image that was opened, if it is of the class, else the most typical one."""
    opened = choice.current().image
    if opened is not None and cache.data_set().labels[opened] == label:
        return opened
    return facts.most_typical(label)


def _anew() -> None:
    st.session_state[_SEED] = st.session_state.get(_SEED, 0) + 1


def _say(spec: AugmentSpec, label: int) -> None:
    for note in notes(spec, label):
        draw, icon = _BOXES.get(note.kind, (st.info, ":material/info:"))
        draw(note.text, icon=icon)


def _pictures(spec: AugmentSpec, label: int) -> None:
    """Draw an image of the class, then the draws."""
    image = _image(label)
    others = [facts.most_typical(each) for each in _PARTNERS]
    images = cache.data_set().images[[image, *others]]
    if not spec.active:
        st.caption("Nothing is changed yet. Raise a value above and see here what it does.")
    drawn = preview(images, spec, st.session_state.get(_SEED, 0), DRAWS)[0]
    pictures = [
        Picture(title="before", values=images[0]),
        *(Picture(title=f"{number}", values=each) for number, each in enumerate(drawn, start=1)),
    ]
    name = f"{CLASS_NAMES[label]} before, and under {DRAWS} draws"
    draw_sheet(pictures, limit=255.0, columns=_COLUMNS, name=name, side=_SIDE)
    st.caption(
        f"Image {image:,}, {_why(image, label)}. Made by the very functions that training uses, "
        "with other random numbers. Validation and test images are never changed."
    )
    draw, row, column = np.indices(drawn.shape).reshape(3, -1)
    csv_button(
        "augmentation",
        lambda: {"draw": draw + 1, "row": row, "column": column, "pixel": drawn.ravel()},
    )


def _why(image: int, label: int) -> str:
    if image == facts.most_typical(label):
        return "the most typical of its class; one that is opened in the view of images stands here"
    return "which was opened"
