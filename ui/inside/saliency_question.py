"""What is asked about saliency: the method, the classes, the layer."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from fmnist_core.analysis.saliency import BASELINES, CAMS, METHODS, good_layer, layers_with_maps
from fmnist_core.labels import CLASS_NAMES
from fmnist_core.model.shapes import trace
from fmnist_core.runs.run import Run
from ui.inside import choice
from ui.inside.image import Subject

_NOBODY = "No other class"


@dataclass(frozen=True, kw_only=True)
class Question:
    """What is explained, and how."""

    method: str
    target: int
    against: int | None
    layer: str
    baseline: str
    signed: bool

    @property
    def about(self) -> str:
        """What the map speaks for."""
        name = CLASS_NAMES[self.target]
        return name if self.against is None else f"{name} rather than {CLASS_NAMES[self.against]}"


def choose_question(subject: Subject) -> Question:
    """Ask what is explained: of a mistake, what was predicted rather than what is true."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        with st.container(width=200):
            method = st.selectbox(
                "Method",
                METHODS,
                format_func=lambda name: METHODS[name][0],
                key="inside-method",
                persist_state="session",
            )
        target, against = _classes(subject)
        layer, baseline = "", "black"
        if method in CAMS:
            layer = _layer(subject.run)
        if method in ("integrated", "occlusion"):
            with st.container(width=190):
                baseline = st.selectbox(
                    "Baseline",
                    BASELINES,
                    format_func=BASELINES.get,
                    key="inside-baseline",
                    help="The image in which there is nothing to explain. Black gives background "
                    "and gaps no credit.",
                    persist_state="session",
                )
        signed = st.toggle("Both signs", value=True, key="inside-signed", persist_state="session")
    return Question(
        method=method,
        target=target,
        against=against,
        layer=layer,
        baseline=baseline,
        signed=signed,
    )


def _classes(subject: Subject) -> tuple[int, int | None]:
    """Ask for the two classes; another image or prediction begins anew."""
    key = f"{subject.index}-{subject.predicted}"
    wrong = subject.predicted != subject.about
    with st.container(width=160):
        target = st.selectbox(
            "What speaks for",
            CLASS_NAMES,
            index=subject.predicted,
            key=f"inside-target-{key}",
        )
    with st.container(width=170):
        against = st.selectbox(
            "rather than",
            (_NOBODY, *CLASS_NAMES),
            index=1 + subject.about if wrong else 0,
            key=f"inside-against-{key}",
        )
    other = None if against == _NOBODY else CLASS_NAMES.index(against)
    label = CLASS_NAMES.index(target)
    return label, None if other == label else other


def _layer(run: Run) -> str:
    """Ask for a layer whose maps say where; "" where the network has none, which is then said."""
    shapes = layers_with_maps(run.experiment.model)
    if not shapes:
        return trace(run.experiment.model).layers[0].name
    chosen = choice.current().layer
    first = chosen if chosen in shapes else good_layer(shapes)
    key = "inside-saliency-layer"
    st.session_state[key] = first
    with st.container(width=240):
        return st.selectbox(
            "Layer",
            shapes,
            format_func=lambda name: f"{name}, {shapes[name][0]}×{shapes[name][1]}",
            key=key,
            on_change=lambda: choice.change(layer=st.session_state[key]),
        )
