"""The picture on the left, the answer on the right, and below what there is to say about it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st

from fmnist_core.exceptions import PhotoError
from fmnist_core.runs.run import Run
from ui.classify import choice
from ui.classify.answer import ask_about, draw_answer
from ui.classify.believe import draw_nearest, draw_stability, draw_verdict
from ui.classify.cam import cam
from ui.classify.challenge import challenge_view
from ui.classify.drawing import drawing
from ui.classify.keep import keep
from ui.classify.many import choose_of_many
from ui.classify.other_runs import other_runs
from ui.classify.picture import Picture
from ui.classify.samples import sample
from ui.classify.steps import draw_controls, steps
from ui.classify.subject import Subject
from ui.classify.upload import photo, uploads
from ui.format import escape
from ui.inside import choice as inside_choice
from ui.layout import friendly_errors, show_problem

VIEWS = {
    "steps": steps,
    "stability": lambda subject: draw_stability(subject.run, subject.prepared.pixels),
    "nearest": lambda subject: draw_nearest(subject.run, subject.prepared.pixels),
    "cam": cam,
    "runs": other_runs,
    "keep": keep,
}
Bring = Callable[[], Picture | None]


def workbench(run: Run) -> None:
    """Draw the page below the choice of the run; it alone runs again after a stroke."""
    with friendly_errors():
        match choice.choose_source():
            case "draw":
                _bench(run, drawing)
            case "camera":
                _bench(run, photo)
            case "samples":
                _bench(run, sample)
            case "upload":
                if pictures := uploads():
                    picture = pictures[0] if len(pictures) == 1 else choose_of_many(run, pictures)
                    _bench(run, partial(_shown, picture))
            case "challenge":
                challenge_view(run)
    choice.mirror()


def _bench(run: Run, bring: Bring) -> None:
    """Draw a picture, the answer beside it, and one view below.

    Args:
        run: Whose network is asked.
        bring: Draws where the picture comes from, and returns it.
    """
    left, right = st.columns([2, 3], gap="large")
    with left:
        picture = bring()
    if picture is None:
        return
    with right:
        subject = _answer(run, picture)
    if subject:
        with st.container(horizontal=True, vertical_alignment="center"):
            view = choice.choose_view()
            _look_inside(subject)
        VIEWS[view](subject)
    elif picture.readable:
        draw_controls(picture)


def _shown(picture: Picture) -> Picture:
    """Draw a picture as it came, if it is one; the answer says what is wrong with it."""
    if picture.readable:
        name = escape(picture.name, 60)
        st.image(picture.thumbnail(), caption=name, alt=name)
    return picture


def _answer(run: Run, picture: Picture) -> Subject | None:
    """Draw what the network sees and says; None where there is nothing to ask about."""
    try:
        subject = ask_about(run, picture)
    except PhotoError as error:
        show_problem(error)
        return None
    draw_answer(subject)
    draw_verdict(run, subject.prepared.pixels)
    return subject


def _look_inside(subject: Subject) -> None:
    if st.button(
        "Look inside",
        key="classify-inside",
        icon=":material/biotech:",
        help="Shows on the Inside page what each layer makes of this picture.",
    ):
        own = inside_choice.Own(name=subject.picture.name, pixels=subject.prepared.pixels)
        inside_choice.change(own=own)
        st.switch_page("inside.py")
