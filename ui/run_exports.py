"""A run for other programs: its metrics and its model as downloads."""

from __future__ import annotations

import streamlit as st

from fmnist_core.export.table import csv_text
from fmnist_core.runs.run import Run
from ui.report_button import report_button


def run_exports(run: Run) -> None:
    """Offer what the run has to give so far, and say what a shell can write beyond it."""
    with st.popover("Export", icon=":material/download:"):
        st.download_button(
            "Metrics as CSV",
            lambda: csv_text(run.history),
            file_name=f"{run.run_id}.csv",
            mime="text/csv",
            key=f"csv-{run.run_id}",
            on_click="ignore",
            icon=":material/table:",
        )
        st.download_button(
            "Best weights for Keras",
            run.model_path.read_bytes,
            file_name=f"{run.run_id}.keras",
            key=f"keras-{run.run_id}",
            on_click="ignore",
            disabled=not run.has_model,
            icon=":material/network_node:",
        )
        report_button(run, "validation", key=f"report-{run.run_id}")
        st.caption("TensorBoard event files and ONNX, which is checked against Keras, by a shell:")
        command = f"python -m fmnist_core export {run.run_id}"
        st.code(f"{command} --tensorboard logs\n{command} --onnx model.onnx", language="bash")
