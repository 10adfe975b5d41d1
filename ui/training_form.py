"""The settings of a new run: what to train the draft with."""

from __future__ import annotations

import streamlit as st

from fmnist_core.exceptions import SpecError
from fmnist_core.model.shapes import trace
from fmnist_core.settings import Setting, settings_of
from fmnist_core.specs import DataSpec, Experiment, TrainSpec
from fmnist_core.specs.base import Spec
from ui import draft
from ui.format import count, escape
from ui.launching import launch_button
from ui.layout import show_problem
from ui.settings import setting_input

FIELD_WIDTH = 150  # pixels


def training_form() -> None:
    """Draw the draft's summary, the settings and the launch button."""
    found = trace(draft.model())
    st.markdown(
        f"**{escape(draft.model().name) or 'unnamed'}** · "
        f"{count(len(draft.model().layers), 'layer')} · {count(found.parameters, 'parameter')}"
    )
    experiment = _experiment()
    if found.problem:
        show_problem(f"This network cannot be trained yet. {found.problem}")
    if experiment:
        st.caption(_extent(experiment))
    with st.container(horizontal=True):
        launch_button(None if found.problem else experiment)
        if st.button("Change the network", icon=":material/edit:"):
            st.switch_page("build.py")


def _experiment() -> Experiment | None:
    """Draw all settings and return what they make; None where they are refused."""
    known = draft.defaults()
    names = settings_of(Experiment)
    with st.container(horizontal=True):
        name = _field(names["name"], "", "name")
        train = _fields(known.train, main=True)
        data = _fields(known.data, main=True)
    with st.expander("More settings"), st.container(horizontal=True):
        train |= _fields(known.train, main=False)
        data |= _fields(known.data, main=False)
    try:
        return Experiment(
            model=draft.model(), data=DataSpec(**data), train=TrainSpec(**train), name=name
        )
    except SpecError as error:
        show_problem(error)
        return None


def _fields(spec: Spec, *, main: bool) -> dict[str, object]:
    """Draw the main settings of a spec, or the others; its values are the defaults."""
    prefix = type(spec).__name__
    return {
        name: _field(setting, getattr(spec, name), f"{prefix}.{name}")
        for name, setting in settings_of(spec).items()
        if setting.main == main
    }


def _field(setting: Setting, default: object, name: str) -> object:
    """Draw one setting; what was chosen is kept as long as the draft comes from the same preset."""
    preset = draft.preset()
    key = f"new-run.{preset.name if preset else ''}.{name}"
    with st.container(width=FIELD_WIDTH):
        return setting_input(setting, st.session_state.get(key, default), key=key)


def _extent(experiment: Experiment) -> str:
    """Say how many images and steps the training takes."""
    sizes, train = experiment.data.sizes, experiment.train
    test = (
        "the validation images are the test images too"
        if experiment.data.split == "resplit"
        else f"{sizes.test:,} test images"
    )
    return (
        f"{sizes.train:,} training and {sizes.validation:,} validation images, {test}. "
        f"{count(train.total_steps(sizes.train), 'step')} in "
        f"{count(train.total_epochs(sizes.train), 'epoch')}, "
        f"{train.steps_per_epoch(sizes.train):,} steps an epoch."
    )
