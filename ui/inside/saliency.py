"""The view of saliency: which pixels speak for a class, beside what would show it by chance."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import streamlit as st

from fmnist_core.analysis.edges import rank_correlation, sobel
from fmnist_core.analysis.saliency import (
    CAMS,
    METHODS,
    ZOOM,
    good_layer,
    layers_with_maps,
    paint,
)
from fmnist_core.inference.messages import Message
from ui.format import escape
from ui.inference import ask
from ui.inside.beside import choose_beside, run_heading
from ui.inside.image import Subject
from ui.inside.saliency_question import Question, choose_question


@dataclass(frozen=True, kw_only=True, eq=False)
class Answer:
    """What a network makes of an image, and the same network untrained.

    Attributes:
        title: Stands above, in markdown, where two are shown.
        subject: Whose network and image.
        question: What was asked; its layer is the network's own.
        trained, untrained: As `fmnist_core.inside.saliency.saliency` answers.
    """

    title: str
    subject: Subject
    question: Question
    trained: Message
    untrained: Message


def saliency(subject: Subject) -> None:
    """Draw the view for an image, and what the person wants beside it on the same scales."""
    question = choose_question(subject)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        beside = choose_beside(subject)
    answers = [_answer("", subject, question)]
    if not np.isfinite(answers[0].trained.arrays["map"]).all():
        st.warning("The map's values are no numbers: the training has diverged.")
        return
    if beside and (other := _answer_beside(*beside, question)):
        answers = [replace(answers[0], title=_own_title(subject, other.subject)), other]
    st.subheader(f"What speaks for {question.about}", anchor=False)
    scales = [
        _largest([getattr(each, side).arrays["map"] for each in answers], question.signed)
        for side in ("trained", "untrained")
    ]
    for answer in answers:
        _draw(answer, *scales)
    st.caption(_legend(question))
    for answer in answers:
        _figures(answer)


def _answer(title: str, subject: Subject, question: Question) -> Answer:
    trained, untrained = (_ask(subject, question, random=random) for random in (False, True))
    return Answer(
        title=title, subject=subject, question=question, trained=trained, untrained=untrained
    )


def _answer_beside(title: str, other: Subject, question: Question) -> Answer | None:
    """Ask the same beside; of a network without that layer its own last one with maps."""
    if question.method in CAMS:
        shapes = layers_with_maps(other.run.experiment.model)
        if not shapes:
            st.info("The run beside has no layer with maps, so it has none of this method.")
            return None
        if question.layer not in shapes:
            question = replace(question, layer=good_layer(shapes))
            title += f", layer {escape(question.layer)}"
    return _answer(title, other, question)


def _own_title(subject: Subject, other: Subject) -> str:
    if other.run.run_id == subject.run.run_id:
        return subject.title
    return run_heading(subject.run)


def _draw(answer: Answer, scale: float, untrained_scale: float) -> None:
    """Draw a map beside its controls; the scales are what is drawn in full colour."""
    question, image = answer.question, answer.subject.image
    edges = sobel(image)
    map_, by_chance = answer.trained.arrays["map"], answer.untrained.arrays["map"]
    if answer.title:
        st.markdown(f"**{answer.title}**")
    pictures = (
        ("The network", map_, scale, None),
        ("Untrained", by_chance, untrained_scale, rank_correlation(map_, by_chance)),
        ("Edges (Sobel)", edges, _largest([edges], question.signed), rank_correlation(map_, edges)),
    )
    for column, (name, shown, largest, agreement) in zip(st.columns(3), pictures, strict=True):
        with column:
            st.markdown(f"**{name}**")
            picture = paint(image, shown, signed=question.signed, largest=largest)
            st.image(picture, width=28 * ZOOM)
            if agreement is not None:
                st.caption(f"Agrees with the map by {_number(agreement, 2)}, of −1 to 1")
    if sentence := why_empty(question, map_):
        st.info(sentence)


def _largest(maps: list[np.ndarray], signed: bool) -> float:
    """Return the largest value that is shown of several maps, at least 0."""
    shown = [np.abs(each) if signed else np.maximum(each, 0) for each in maps]
    return float(max(each.max() for each in shown))


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


def _legend(question: Question) -> str:
    colors = "Orange speaks for it" + (", blue against it" if question.signed else "")
    about = METHODS[question.method][1]
    return (
        f"{colors}; the largest value of a column has the full colour. "
        f"{METHODS[question.method][0]}: {about}. A map that the untrained network or the edges "
        "show as well says little about what was learned."
    )


def _figures(answer: Answer) -> None:
    values = answer.trained.values
    of = f" ({answer.title})" if answer.title else ""
    text = f"Score (logit) of {answer.question.about}{of}: {_number(values['score'], 2)}."
    if "gap" in values:
        text += (
            f" Of the baseline: {_number(values['baseline_score'], 2)}. The map adds up to their "
            f"difference but for a gap of {_number(values['gap'], 3)}."
        )
    st.caption(text)


def _number(value: float, digits: int) -> str:
    return f"{value:.{digits}f}".replace("-", "−")
