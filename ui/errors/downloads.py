"""The chosen images as a download."""

from __future__ import annotations

from functools import partial

import numpy as np
import streamlit as st

from fmnist_core.analysis.predictions import Predictions
from fmnist_core.export.image_zip import images_zip
from fmnist_core.runs.run import Run
from ui import cache, tagging
from ui.errors.filters import Filters
from ui.format import count


def zip_button(
    run: Run, predictions: Predictions, places: np.ndarray, *, heading: str, shown: Filters
) -> None:
    """Offer the chosen images as a ZIP, which is made when it is asked for.

    Args:
        run: The run.
        predictions: Of the part.
        places: In `predictions`, of the chosen images, in their order.
        heading: Which classes they are of.
        shown: What narrows them further.
    """
    st.download_button(
        "ZIP",
        partial(_zip, run, predictions, places, heading, shown),
        file_name=f"{run.run_id}-{predictions.part}-images.zip",
        mime="application/zip",
        key="errors-zip",
        on_click="ignore",
        disabled=not len(places),
        icon=":material/download:",
        help=f"{count(len(places), 'picture')} of 28×28 pixels, and a table of what the network "
        "made of them.",
    )


def _zip(
    run: Run, predictions: Predictions, places: np.ndarray, heading: str, shown: Filters
) -> bytes:
    about = [
        f"Run {run.run_id}, {run.title}",
        f"{count(len(places), f'{predictions.part} image')} of {len(predictions):,}",
        f"Classes (true → predicted): {heading}",
        *said(shown),
    ]
    tags = tagging.current_tags()
    return images_zip(predictions.take(places), cache.data_set().images, about=about, tags=tags)


def said(shown: Filters) -> list[str]:
    """Say filters in words, one line each."""
    lines = [
        f"Order: {shown.order}",
        f"Confidence: {shown.low} to {shown.high} %",
        f"Images that were predicted right: {'shown' if shown.right else 'left out'}",
    ]
    if shown.tagged:
        lines.append(f"Tagged: {' or '.join(shown.tagged)}")
    if shown.also:
        lines.append(f"Wrong in these runs too: {', '.join(shown.also)}")
    return lines
