"""The view of steps: what was done to the picture, and how to do it otherwise."""

from __future__ import annotations

import dataclasses
from functools import partial
from typing import Any

import numpy as np
import streamlit as st

from fmnist_core.data.photo import PhotoSpec, Prepared
from fmnist_core.exceptions import SpecError
from fmnist_core.export.png import png_url
from fmnist_core.labels import CLASS_NAMES
from fmnist_core.settings import settings_of
from ui.classify.network import classify
from ui.classify.picture import Picture, choose_spec
from ui.classify.subject import Subject
from ui.components.step_strip import step_strip
from ui.format import percent
from ui.layout import show_problem
from ui.settings import setting_input

_SIDES = (("Left and right", 0, 2), ("Top and bottom", 1, 3))  # of a crop, places in the box
_REFUSED = "classify-refused"  # why the last choice could not be taken


def steps(subject: Subject) -> None:
    """Draw the strip, and the choices above it."""
    draw_controls(subject.picture)
    shown = subject.prepared.steps
    proba = classify(subject.run, np.stack([step.squashed() for step in shown]))
    step_strip(strip_data(subject.prepared, proba), key="classify-strip")
    st.caption(
        "Below each step is what the network would say if one stopped there and forced the picture "
        "to 28 by 28 pixels, as is often done."
    )


def strip_data(prepared: Prepared, proba: np.ndarray) -> dict[str, Any]:
    """Describe the strip in JSON.

    Args:
        prepared: The picture and its steps.
        proba: What the network makes of each step, float (number of steps, 10).
    """
    last = len(prepared.steps) - 1
    tiles = []
    for place, (step, shares) in enumerate(zip(prepared.steps, proba, strict=True)):
        label = int(shares.argmax())
        tiles.append(
            {
                "name": step.name.capitalize(),
                "words": step.words,
                "picture": png_url(step.picture),
                "alt": step.words,
                "taken": CLASS_NAMES[label],
                "confidence": percent(float(shares[label]), 0),
                "share": round(float(shares[label]), 3),
                "kind": "last" if place == last else "",
            }
        )
    return {"name": "What was done to the picture, step by step", "tiles": tiles}


def draw_controls(picture: Picture) -> None:
    """Let the person choose how the picture is prepared."""
    if refused := st.session_state.pop(_REFUSED, ""):
        show_problem(refused)
    spec = picture.spec
    settings = settings_of(PhotoSpec)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        for name, setting in settings.items():
            with st.container(width=170):
                key = f"classify-{name}"
                setting_input(
                    setting,
                    getattr(spec, name),
                    key=key,
                    on_change=partial(_take_setting, picture, name, key),
                )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        box = spec.crop or (0.0, 0.0, 1.0, 1.0)
        for label, low, high in _SIDES:
            _crop_slider(picture, label, box, low, high)
        st.button(
            "As at first",
            key="classify-spec-reset",
            icon=":material/restart_alt:",
            on_click=choose_spec,
            args=(picture, PhotoSpec()),
            disabled=spec == PhotoSpec(),
        )


def _crop_slider(picture: Picture, label: str, box: tuple[float, ...], low: int, high: int) -> None:
    key = f"classify-crop-{low}"
    st.session_state[key] = (round(100 * box[low]), round(100 * box[high]))
    with st.container(width=260):
        st.slider(
            f"Crop: {label.lower()}, %",
            0,
            100,
            key=key,
            on_change=lambda: _crop(picture, box, low, high, st.session_state[key]),
        )


def _crop(
    picture: Picture, box: tuple[float, ...], low: int, high: int, ends: tuple[int, int]
) -> None:
    edges = list(box)
    edges[low], edges[high] = (end / 100 for end in ends)
    whole = tuple(edges) == (0.0, 0.0, 1.0, 1.0)
    _take(picture, crop=None if whole else tuple(edges))


def _take_setting(picture: Picture, name: str, key: str) -> None:
    _take(picture, **{name: st.session_state[key]})


def _take(picture: Picture, **changes: Any) -> None:
    """Change some choices; what cannot be is said, and the others stay."""
    try:
        choose_spec(picture, dataclasses.replace(picture.spec, **changes))
    except SpecError as error:
        st.session_state[_REFUSED] = str(error)
