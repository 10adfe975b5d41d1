"""How many images of each class there are, before and after the split of the next run."""

from __future__ import annotations

import streamlit as st

from fmnist_core.data.parts import OF_SPLIT, PARTS, class_counts
from fmnist_core.figures.data_set import counts_figure
from fmnist_core.labels import CLASS_NAMES
from fmnist_core.specs import DataSpec
from ui import cache, plan
from ui.components.plotly_live import plotly_live
from ui.data import facts
from ui.data.saving import csv_button

_SHOWN = ("train-file", *OF_SPLIT, "test-file")


def counts() -> None:
    """Draw the bars."""
    spec = DataSpec(**plan.values("data"))
    labels = cache.data_set().labels
    found = {PARTS[part]: class_counts(labels[facts.indices_of(part, spec)]) for part in _SHOWN}
    if spec.label_noise:
        noisy = facts.labels_of(spec)[facts.indices_of("training", spec)]
        found["Training, noisy labels"] = class_counts(noisy)
    sizes = ", ".join(f"{name.lower()} {int(part.sum()):,}" for name, part in found.items())
    with st.container(border=True):
        plotly_live(
            counts_figure(found),
            key="data-counts",
            revision="counts",
            alt=f"Images of each class. In all: {sizes}.",
            save_as="class-counts",
        )
    st.caption(
        f"Images in all: {sizes}. Split “{spec.split}”, seed {spec.seed}. The files hold as many "
        "images of every class; a split that is not stratified does not, nor do noisy labels."
    )
    csv_button("class-counts", lambda: {"class": CLASS_NAMES, **found})
