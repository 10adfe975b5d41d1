"""The network under construction: one a session, changed only by callbacks, with ways back.

It remembers its origin, the preset or the run that it was made from, whose data and training
settings are the ones to start with.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

import streamlit as st

from fmnist_core.exceptions import FmnistError, SpecError
from fmnist_core.model import link as model_link
from fmnist_core.model.presets import PRESETS, Preset
from fmnist_core.runs.ids import RUN_ID
from fmnist_core.runs.run import Run
from fmnist_core.specs import Experiment, ModelSpec
from ui import cache

MAX_PAST = 50
EDITED = " edited"  # follows the name of a preset whose layers were changed

_STEP, _PAST, _FUTURE, _LINK_PROBLEM, _REFUSED, _GENERATION = (
    f"draft_{part}" for part in ("step", "past", "future", "link_problem", "refused", "generation")
)


@dataclass(frozen=True)
class Step:
    """The draft at one time.

    Attributes:
        model: The network.
        origin: Name of the preset or id of the run that it was made from, which may be gone.
    """

    model: ModelSpec
    origin: str


def step() -> Step:
    """Return the draft with its origin; the first preset where nothing was built yet."""
    if _STEP not in st.session_state:
        st.session_state[_STEP] = Step(PRESETS[0].experiment.model, PRESETS[0].name)
    return st.session_state[_STEP]


def model() -> ModelSpec:
    """Return the network under construction."""
    return step().model


def link() -> str:
    """Return the draft as the text that `adopt` reads; "" before there is one."""
    return model_link.encode(model()) if _STEP in st.session_state else ""


def adopt(text: str, origin: str) -> None:
    """Take over the network of a link; one that is damaged leaves the draft as it is."""
    try:
        new = model_link.decode(text)
    except SpecError as error:
        st.session_state[_LINK_PROBLEM] = str(error)
        return
    st.session_state[_STEP] = Step(new, origin[:80] or new.name.removesuffix(EDITED))


def link_problem() -> str:
    """Return what was wrong with the link, until the draft is changed; "" for nothing."""
    return st.session_state.get(_LINK_PROBLEM, "")


def rename(name: str) -> None:
    """Give the network another name, or say why not."""
    try:
        replace(dataclasses.replace(model(), name=name))
    except SpecError as error:
        refuse(str(error))
    if model().name != name:
        _begin_generation()  # the widget goes back to the name that stands


def refuse(reason: str) -> None:
    """Remember why something was refused, for the page to say."""
    st.session_state[_REFUSED] = reason


def take_refusal() -> str:
    """Return why the last edit was refused, once; "" where it was not."""
    return st.session_state.pop(_REFUSED, "")


def replace(new: ModelSpec) -> None:
    """Make this network the draft, made from what the present one was made from."""
    _go_to(Step(_honestly_named(new), step().origin))


def take_preset(chosen: Preset) -> None:
    """Make the network of a preset the draft."""
    _go_to(Step(chosen.experiment.model, chosen.name))
    _begin_generation()


def take_network(new: ModelSpec) -> None:
    """Make a network from elsewhere the draft."""
    _go_to(Step(new, new.name.removesuffix(EDITED)))
    _begin_generation()


def take_run(run: Run) -> None:
    """Make the network of a run the draft, and the run its parent."""
    _go_to(Step(run.experiment.model, run.run_id))
    _begin_generation()


def _go_to(new: Step) -> None:
    """Make this the draft, with a way back to the present one."""
    st.session_state.pop(_LINK_PROBLEM, None)
    if new != step():
        st.session_state[_PAST] = [*past(), step()][-MAX_PAST:]
        st.session_state[_FUTURE] = []
        st.session_state[_STEP] = new


def past() -> list[Step]:
    """Return the drafts before this one, oldest first."""
    return st.session_state.get(_PAST, [])


def future() -> list[Step]:
    """Return the drafts that were undone, the next one last."""
    return st.session_state.get(_FUTURE, [])


def undo() -> None:
    """Go back to the draft before the last change."""
    _walk(_PAST, _FUTURE)


def redo() -> None:
    """Go forward to the draft that the last `undo` left."""
    _walk(_FUTURE, _PAST)


def _walk(source: str, target: str) -> None:
    steps = st.session_state.get(source, [])
    if steps:
        st.session_state[target] = [*st.session_state.get(target, []), step()]
        *st.session_state[source], st.session_state[_STEP] = steps
        _begin_generation()


def generation() -> int:
    """Return a number for the keys of widgets that show the draft; another one, other widgets.

    A browser sends the values of all widgets along with a click. Those it has not yet been told
    about would undo what a preset or `undo` has just changed.
    """
    return st.session_state.get(_GENERATION, 0)


def _begin_generation() -> None:
    st.session_state[_GENERATION] = generation() + 1


def preset() -> Preset | None:
    """Return the preset from which the draft was made; None where it was made from a run."""
    return next((known for known in PRESETS if known.name == step().origin), None)


def parent() -> str:
    """Return the id of the run from which the draft was made; "" where it is none, or gone."""
    return step().origin if _parent_experiment() else ""


def base() -> Experiment:
    """Return the experiment that the draft was made from: that of its run or its preset."""
    return _parent_experiment() or (preset() or PRESETS[0]).experiment


def _parent_experiment() -> Experiment | None:
    if preset() or not RUN_ID.fullmatch(step().origin):
        return None
    try:
        return cache.experiment_of(step().origin)
    except FmnistError:  # deleted or damaged since
        return None


def _honestly_named(new: ModelSpec) -> ModelSpec:
    """Let only the layers of a preset bear its name."""
    for known in PRESETS:
        if new.name.removesuffix(EDITED) == known.name:
            same = new.layers == known.experiment.model.layers
            return dataclasses.replace(new, name=known.name + ("" if same else EDITED))
    return new
