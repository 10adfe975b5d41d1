"""The view of saliency: which pixels speak for a class, beside what would show it by chance."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import streamlit as st

from fmnist_core.analysis.edges import rank_correlation, sobel
from fmnist_core.inference.messages import Message
from fmnist_core.labels import CLASS_NAMES
from fmnist_core.model.shapes import trace
from fmnist_core.runs.run import Run
from ui.format import escape
from ui.inference import ask
from ui.inside import choice
from ui.inside.image import Subject

# The methods of `fmnist_core.inside.saliency`, by what they are called and what they tell.
METHODS = {
    "grad-cam": ("Grad-CAM", "weighs the maps of a layer by how much each raises the score"),
    "hirescam": ("HiResCAM", "weighs each place of each map by its own slope"),
    "layercam": ("LayerCAM", "likewise, but takes only slopes that speak for the class"),
    "gradient": ("Gradient", "how much a little more light in a pixel raises the score"),
    "smoothgrad": ("SmoothGrad", "the mean gradient over 32 noisy copies of the image"),
    "integrated": ("Integrated gradients", "shares out the score over the pixels, from a baseline"),
    "occlusion": ("Occlusion", "how far the score falls where a 5×5 square is covered"),
}
CAMS = ("grad-cam", "hirescam", "layercam")
BASELINES = {
    "black": "Black",
    "mean": "Mean training image",
    "blurred": "Blurred image",
    "white": "White",
}
GOOD_MAP = 7  # rows: where layers have maps as large as this, the last of them is shown first
MIN_MAP = 4
ZOOM = 8
_NOBODY = "No other class"
_POSITIVE, _NEGATIVE = (217, 114, 46), (47, 102, 191)  # orange and blue: told apart by all eyes


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


def saliency(subject: Subject) -> None:
    """Draw the view for an image."""
    question = _question(subject)
    found, by_chance = (_ask(subject, question, random=random) for random in (False, True))
    edges = sobel(subject.image)
    map_, random_map = found.arrays["map"], by_chance.arrays["map"]
    st.subheader(f"What speaks for {question.about}", anchor=False)
    pictures = (
        ("The network", map_, None),
        ("Untrained", random_map, rank_correlation(map_, random_map)),
        ("Edges (Sobel)", edges, rank_correlation(map_, edges)),
    )
    for column, (name, shown, agreement) in zip(st.columns(3), pictures, strict=True):
        with column:
            _picture(subject.image, shown, name, signed=question.signed)
            if agreement is not None:
                st.caption(f"Agrees with the map by {agreement:.2f}, of −1 to 1".replace("-", "−"))
    if sentence := why_empty(question, map_):
        st.info(sentence)
    st.caption(_legend(question))
    _figures(question, found)


def why_empty(question: Question, map_: np.ndarray) -> str:
    """Say why nothing is seen; "" where something is."""
    if not np.any(map_):
        return (
            "The map is empty because the score does not depend on the image here: every path "
            "from it goes through a unit that is 0. Try another layer, or SmoothGrad."
        )
    if not question.signed and map_.max() <= 0:
        return (
            f"The map is empty because nothing here speaks for {question.about}; all of it speaks "
            "against. Turn on “Both signs” to see that."
        )
    return ""


def paint(image: np.ndarray, map_: np.ndarray, *, signed: bool) -> np.ndarray:
    """Lay a map over an image: orange speaks for the class, blue against it.

    Args:
        image: uint8 (28, 28).
        map_: float (28, 28); its largest value gets the full colour.
        signed: Show what speaks against it too.

    Returns:
        uint8 (28 * ZOOM, 28 * ZOOM, 3).
    """
    shown = map_ if signed else np.maximum(map_, 0)
    largest = np.abs(shown).max()
    strength = np.abs(shown) / largest if largest > 0 else np.zeros_like(shown)
    color = np.where(shown[..., np.newaxis] >= 0, _POSITIVE, _NEGATIVE)
    grey = np.repeat(0.75 * image[..., np.newaxis], 3, axis=-1)
    mixed = grey + strength[..., np.newaxis] * (color - grey)
    return np.kron(mixed.round().astype(np.uint8), np.ones((ZOOM, ZOOM, 1), np.uint8))


def layers_with_maps(run: Run) -> dict[str, tuple[int, ...]]:
    """Return the layers that CAM methods can explain, with the shape of their output."""
    shapes = trace(run.experiment.model).layers
    with_maps = [each for each in shapes if len(each.output) == 3]
    return {each.name: each.output for each in with_maps if min(each.output[:2]) >= MIN_MAP}


def _ask(subject: Subject, question: Question, *, random: bool) -> Message:
    return ask(
        "saliency",
        subject.run,
        {"image": subject.image},
        method=question.method,
        target=question.target,
        against=question.against,
        layer=question.layer,
        baseline=question.baseline,
        random=random,
    )


def _question(subject: Subject) -> Question:
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
    wrong = subject.predicted != subject.label
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
            index=1 + subject.label if wrong else 0,
            key=f"inside-against-{key}",
        )
    other = None if against == _NOBODY else CLASS_NAMES.index(against)
    label = CLASS_NAMES.index(target)
    return label, None if other == label else other


def _layer(run: Run) -> str:
    """Ask for a layer whose maps say where; "" where the network has none, which is then said."""
    shapes = layers_with_maps(run)
    if not shapes:
        return trace(run.experiment.model).layers[0].name
    good = [name for name, shape in shapes.items() if min(shape[:2]) >= GOOD_MAP]
    chosen = choice.current().layer
    first = chosen if chosen in shapes else (good or list(shapes))[-1]
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


def _picture(image: np.ndarray, map_: np.ndarray, name: str, *, signed: bool) -> None:
    st.markdown(f"**{escape(name)}**")
    st.image(paint(image, map_, signed=signed), width=28 * ZOOM)


def _legend(question: Question) -> str:
    colors = "Orange speaks for it" + (", blue against it" if question.signed else "")
    about = METHODS[question.method][1]
    return (
        f"{colors}; the largest value of each map has the full colour. "
        f"{METHODS[question.method][0]}: {about}. A map that the untrained network or the edges "
        "show as well says little about what was learned."
    )


def _figures(question: Question, found: Message) -> None:
    values = found.values
    text = f"Score (logit) of {question.about}: {values['score']:.2f}."
    if "gap" in values:
        text += (
            f" Of the baseline: {values['baseline_score']:.2f}. The map adds up to their "
            f"difference but for a gap of {values['gap']:.3f}."
        )
    st.caption(text.replace("-", "−"))
