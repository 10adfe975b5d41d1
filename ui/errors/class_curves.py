"""ROC and precision-recall curves on the page, one line a class against all others."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from fmnist_core.figures.class_curves import KINDS, area_text, curves_figure
from fmnist_core.labels import CLASS_NAMES
from fmnist_core.runs.run import Run
from ui import cache
from ui.components.plotly_live import plotly_live
from ui.errors import analyses, selection
from ui.format import count
from ui.layout import friendly_errors


@st.fragment
def class_curves(run: Run) -> None:
    """Draw one kind of curve of a run, and the areas under both kinds as a table."""
    st.header("Each class against the others", anchor=False)
    chosen = st.segmented_control(
        "Curve",
        list(KINDS),
        format_func=lambda name: KINDS[name].name,
        default="roc",
        required=True,
        key="errors-curve",
        persist_state="session",
    )
    with friendly_errors():
        part = selection.current().part
        predictions = cache.predictions_of(run, part)
        areas = {
            kind.area: [area_text(curve) for curve in analyses.class_curves_of(run, part, name)]
            for name, kind in KINDS.items()
        }
        left, right = st.columns([3, 2], gap="medium")
        with left, st.container(border=True):
            _chart(run, part, chosen)
        with right:
            _table(areas, [int((predictions.y_true == label).sum()) for label in range(10)])
            st.caption(
                f"On {count(len(predictions), f'{part} image')}. The area under ROC is how often "
                "an image of the class gets a higher probability for it than one of another "
                "class; where a class is a tenth of the images, precision and recall show more. "
                "In brackets: 95 % intervals, of AUC by DeLong, of average precision by its "
                "logit; none where all images are in order."
            )


def _chart(run: Run, part: str, name: str) -> None:
    kind, curves = KINDS[name], analyses.class_curves_of(run, part, name)
    said = ", ".join(
        f"{CLASS_NAMES[label]} {curve.area:.4f}" for label, curve in enumerate(curves) if curve
    )
    plotly_live(
        curves_figure(curves, kind),
        key="errors-curves",
        revision=f"{run.run_id}-{part}-{name}",
        alt=f"{kind.name} of each class against the others. {kind.area}: {said}.",
    )


def _table(areas: dict[str, list[str]], images: list[int]) -> None:
    columns = {"Class": CLASS_NAMES, "Images": [f"{number:,}" for number in images], **areas}
    st.table(pd.DataFrame(columns).set_index("Class"))
