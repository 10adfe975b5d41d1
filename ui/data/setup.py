"""The view of the set-up: the data settings of the next run, and what they make of the images."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from fmnist_core.data.parts import class_counts
from fmnist_core.labels import CLASS_NAMES, NUM_CLASSES
from fmnist_core.specs import DataSpec
from ui import cache, plan
from ui.data import choice, facts
from ui.data.gallery import gallery
from ui.data.saving import csv_button
from ui.format import percent, significant
from ui.layout import friendly_errors, tile
from ui.plan_fields import plan_fields

_FEW = 20  # images with a wrong label that are shown


def setup() -> None:
    """Draw form, counts and examples; the settings are those of the Train page."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        plan_fields("data", main=True)
        plan_fields("data", main=False)
    with friendly_errors():
        spec = DataSpec(**plan.values("data"))
        noisy = facts.labels_of(spec)
        _tiles(spec, noisy)
        _use(spec)
        left, right = st.columns([3, 2], gap="medium")
        with left:
            _table(spec, noisy)
        with right:
            _normalisation(spec)
            _honesty(spec)
        _wrong_labels(spec, noisy)
    choice.mirror()


def _tiles(spec: DataSpec, noisy: np.ndarray) -> None:
    sizes = spec.sizes
    wrong = int((noisy != cache.data_set().labels).sum())
    with st.container(horizontal=True):
        tile("Training", f"{sizes.train:,}", "images the weights are fitted to")
        tile("Validation", f"{sizes.validation:,}", "images that judge each epoch")
        note = "the validation images again" if spec.split == "resplit" else "the test file"
        tile("Test", f"{sizes.test:,}", note)
        tile("Wrong labels", f"{wrong:,}", f"{percent(wrong / sizes.train, 1)} of the training")


def _use(spec: DataSpec) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button(
            "Use in Train", key="data-use", type="primary", icon=":material/model_training:"
        ):
            st.switch_page("train.py")
        st.caption("These are the settings of the next run: the Train page shows the same ones.")


def _table(spec: DataSpec, noisy: np.ndarray) -> None:
    """Draw images by class in each part, and labels after noise."""
    labels = cache.data_set().labels
    train, validation = (facts.indices_of(part, spec) for part in ("training", "validation"))
    test = validation if spec.split == "resplit" else facts.indices_of("test-file", spec)
    columns = {
        "training": class_counts(labels[train]),
        "validation": class_counts(labels[validation]),
        "test": class_counts(labels[test]),
    }
    if spec.label_noise:
        columns["training, as labelled"] = class_counts(noisy[train])
        columns["of these wrong"] = class_counts(noisy[train][noisy[train] != labels[train]])
    st.table(
        pd.DataFrame(
            {
                "Class": CLASS_NAMES,
                **{
                    name.capitalize(): [f"{number:,}" for number in found]
                    for name, found in columns.items()
                },
            }
        ).set_index("Class")
    )
    csv_button("set-up", lambda: {"class": CLASS_NAMES, **columns})


def _normalisation(spec: DataSpec) -> None:
    """Say what the network reads of black and white pixels."""
    found = facts.statistics_of(spec)
    if found is None:
        st.markdown("**Normalisation.** The network reads black as 0 and white as 1.")
        return
    low, high = (-found.mean / found.std).min(), ((1 - found.mean) / found.std).max()
    each = "each of the 784 places by itself" if found.mean.ndim else "all pixels together"
    mean = f"mean {float(found.mean):.4f}, " if not found.mean.ndim else ""
    std = f"standard deviation {float(found.std):.4f}; " if not found.std.ndim else ""
    st.markdown(
        f"**Normalisation.** Measured on the training images, {each}: {mean}{std}the network reads "
        f"values from {significant(float(low))} to {significant(float(high))}."
    )


def _honesty(spec: DataSpec) -> None:
    """Warn of what makes figures look better than they are, or harder to compare."""
    if spec.split == "resplit":
        st.warning(
            "The test images choose the best epoch too, so this run's test figures will be a "
            "little too good. Choose stratified or last to compare with others.",
            icon=":material/warning:",
        )
    if spec.split == "stratified" and not spec.label_noise:
        st.caption("Every class has its share in training and validation, and no label is changed.")
    if spec.subset:
        st.caption(
            f"The subset keeps every class's share; a smaller one is part of a larger one with "
            f"seed {spec.seed}, so runs on more and more images can be compared."
        )
    if spec.label_noise:
        st.caption(
            "The accuracy on training images is counted against the noisy labels. Validation and "
            "test labels stay right, so those figures say what the noise harms."
        )


def _wrong_labels(spec: DataSpec, noisy: np.ndarray) -> None:
    """Draw a few images whose label is made wrong."""
    wrong = np.flatnonzero(noisy != cache.data_set().labels)
    if not len(wrong):
        return
    step = max(1, len(wrong) // _FEW)
    shown = wrong[::step][:_FEW]
    st.header("Some that will be told wrongly", anchor=False)
    gallery(
        shown,
        name="Images with a wrong label",
        key="data-noisy",
        notes=[f"→ {CLASS_NAMES[noisy[image]]}" for image in shown],
        leads_away=True,
    )
    moved = np.bincount(
        NUM_CLASSES * cache.data_set().labels[wrong].astype(int) + noisy[wrong], minlength=100
    )
    st.caption(f"{len(shown)} of {len(wrong):,}. Most often: {_flows(moved)}.")


def _flows(moved: np.ndarray) -> str:
    top = [int(place) for place in np.argsort(-moved, kind="stable")[:3] if moved[place]]
    return ", ".join(
        f"{CLASS_NAMES[place // NUM_CLASSES]} → {CLASS_NAMES[place % NUM_CLASSES]} "
        f"({moved[place]:,})"
        for place in top
    )
