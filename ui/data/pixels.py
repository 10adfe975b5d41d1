"""Which grey levels the pixels have, of all images or of one class."""

from __future__ import annotations

import numpy as np
import streamlit as st

from fmnist_core.analysis.pixel_values import summary_of
from fmnist_core.figures.data_set import histogram_figure
from fmnist_core.labels import CLASS_NAMES
from ui.components.plotly_live import plotly_live
from ui.data import facts
from ui.data.class_choice import choose_class_or_all
from ui.data.saving import csv_button
from ui.format import percent
from ui.layout import tile


def pixels() -> None:
    """Draw the histogram of the training file with its figures."""
    label = choose_class_or_all(key="data-pixels-class")
    name = "all classes" if label is None else CLASS_NAMES[label]
    histogram = facts.histogram_of(label)
    found = summary_of(histogram)
    with st.container(horizontal=True):
        tile("Images", f"{found.images:,}", "of the training file")
        tile("Mean", f"{found.mean:.4f}", "pixels from 0 to 1")
        tile("Standard deviation", f"{found.std:.4f}", "of all pixels together")
        tile("Least and most", f"{found.minimum} and {found.maximum}", "of 0 to 255")
        tile("Black", percent(found.black, 1), "of the pixels are exactly 0")
    with st.container(border=True):
        plotly_live(
            histogram_figure(histogram, name=name),
            key="data-histogram",
            revision=name,
            alt=f"Pixels of each grey level, {name}: {percent(found.black, 1)} are 0.",
            save_as="pixel-histogram",
        )
    st.caption(
        "The training file, pixel by pixel; the scale is logarithmic. Every image was stretched "
        "to its full range when the data set was made, so a photo of yours has to be too."
    )
    csv_button(
        "pixel-histogram", lambda: {"grey level": np.arange(len(histogram)), "pixels": histogram}
    )
