"""The settings of a new run: what to train the draft with."""

from __future__ import annotations

import streamlit as st

from fmnist_core.exceptions import SpecError
from fmnist_core.model.check import explain
from fmnist_core.model.shapes import trace
from fmnist_core.settings import settings_of
from fmnist_core.specs import Experiment
from ui import draft, plan
from ui.augmentation_preview import augmentation_preview
from ui.format import count, escape
from ui.launching import launch_button
from ui.layout import show_problem
from ui.plan_fields import plan_field, plan_fields


def training_form() -> None:
    """Draw the draft's summary, the settings and the launch button."""
    found = trace(draft.model())
    st.markdown(
        f"**{escape(draft.model().name) or 'unnamed'}** · "
        f"{count(len(draft.model().layers), 'layer')} · {count(found.parameters, 'parameter')}"
    )
    experiment = _experiment()
    if found.problem:
        show_problem(f"This network cannot be trained yet. {explain(draft.model(), found)}")
    if experiment:
        st.caption(_extent(experiment))
    with st.container(horizontal=True):
        launch_button(None if found.problem else experiment)
        if st.button("Change the network", icon=":material/edit:"):
            st.switch_page("build.py")


def _experiment() -> Experiment | None:
    """Draw all settings and return what they make; None where they are refused."""
    names = settings_of(Experiment)
    with st.container(horizontal=True):
        name = plan_field(names["name"], "", "name")
        plan_fields("train", main=True)
        plan_fields("data", main=True)
    with st.expander("More settings"), st.container(horizontal=True):
        plan_fields("train", main=False)
        plan_fields("data", main=False)
    with st.expander("Augmentation"):
        with st.container(horizontal=True):
            plan_fields("augment", main=False)
        augmentation_preview(plan.values("augment"))
    try:
        return plan.experiment(name)
    except SpecError as error:
        show_problem(error)
        return None


def _extent(experiment: Experiment) -> str:
    """Say how many images and steps the training takes."""
    sizes, train = experiment.sizes, experiment.train
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
