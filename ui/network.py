"""The draft as a whole: its origin, its name, its totals and whether it can be trained."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from fmnist_core.labels import NUM_CLASSES
from fmnist_core.model.difference import difference
from fmnist_core.model.rules import shape_text
from fmnist_core.model.shapes import Trace
from fmnist_core.settings import Text
from fmnist_core.specs import ModelSpec
from ui import draft, state
from ui.format import NONE, compact, escape
from ui.layout import show_problem, tile
from ui.settings import setting_input
from ui.share import share
from ui.start_from import choose_start

MAX_CHANGES = 4  # that are named; more are counted
_NAME = Text(
    label="Network name",
    help="What the network is called in tables: letters, digits, spaces, dots, _ and -.",
    default="",
)


def show_draft_problems() -> None:
    """Say what was wrong with a link, or with the last change."""
    with st.container():  # one place, whatever it holds: what follows it is not drawn anew
        if draft.link_problem():
            st.warning(
                "The network in this page's address is damaged, so it was left out and the one "
                "below is shown instead. Ask for the link again, or go on with this one; what you "
                "built before is one step back in the browser.",
                icon=":material/link_off:",
            )
        if refusal := draft.take_refusal():
            show_problem(refusal)


def tools(found: Trace) -> None:
    """Draw where to start from, the name, the ways back and the way on."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if st.button("Start from …", key="start-from", icon=":material/dashboard_customize:"):
            choose_start()
        _name_input()
        _walk_button("Undo", "Take the last change back.", draft.past(), draft.undo)
        _walk_button(
            "Redo", "Make the change again that was taken back.", draft.future(), draft.redo
        )
        share()
        _train_button(found)
    with st.container():  # for the same reason
        _notes(found)


def _notes(found: Trace) -> None:
    """Say why the network cannot be trained, where it comes from, and what its preset left open."""
    if found.problem:
        st.markdown(f":material/block: Not ready to train. {escape(str(found.problem))}")
    st.caption(_origin())
    if (preset := draft.preset()) and preset.notes:
        with st.expander(f"About the preset {preset.name}"):
            st.write(preset.notes)


def _walk_button(
    label: str, help_text: str, steps: list[draft.Step], walk: Callable[[], None]
) -> None:
    st.button(
        label,
        key=label.lower(),
        icon=f":material/{label.lower()}:",
        help=help_text,
        disabled=not steps,
        on_click=walk,
    )


def _origin() -> str:
    """Say what the draft was made from, and what was changed since: one line."""
    preset, parent = draft.preset(), draft.parent()
    if parent:
        source = f"Made from the run {escape(draft.base().title)} ({parent})"
    elif preset:
        source = f"Made from the preset {preset.name}"
    else:
        return "A network of its own."
    phrases = difference(draft.base().model, draft.model())
    more = len(phrases) - MAX_CHANGES
    named = [escape(phrase) for phrase in phrases[:MAX_CHANGES]]
    if more > 0:
        named.append(f"{more} more changes" if more > 1 else "1 more change")
    return f"{source}: {' · '.join(named)}" if named else f"{source}, unchanged."


def _name_input() -> None:
    """Draw the name; another name is another widget, as `draft.generation` explains.

    What it shows is taken as it is drawn: a callback would miss what is typed first after the
    server was started anew.
    """
    name = draft.model().name
    key = f"network-name.{name}.{draft.generation()}"
    with st.container(width=260):
        typed = setting_input(_NAME, st.session_state.get(key, name), key=key)
    if typed != name:
        draft.rename(typed)
        st.rerun()


def totals(model: ModelSpec, found: Trace) -> None:
    """Draw the figures of the whole network."""
    total = found.total
    frozen = f"{total.non_trainable:,} not trainable" if total.non_trainable else None
    with st.container(horizontal=True):
        tile("Layers", f"{len(model.layers)}")
        tile("Parameters", f"{found.parameters:,}", frozen)
        tile("Mult-adds an image", compact(total.mult_adds))
        tile("Output", _output(found))


def _output(found: Trace) -> str:
    """Say what the network gives, or how far the layers fit."""
    if found.problem:
        return shape_text(found.layers[-1].output) if found.layers else NONE
    return f"{NUM_CLASSES} " + ("logits" if found.from_logits else "probabilities")


def _train_button(found: Trace) -> None:
    """Draw the way to the Train page; closed while the network does not fit."""
    if st.button(
        "Train this network",
        key="train-this",
        type="primary",
        icon=":material/play_arrow:",
        disabled=found.problem is not None,
        help="Mend the network first." if found.problem else None,
    ):
        state.choose_run("")
        st.switch_page("train.py")
