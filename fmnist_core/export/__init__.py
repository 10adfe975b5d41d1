"""What a run has to give to other programs: metrics as CSV and for TensorBoard, models as ONNX."""

from __future__ import annotations

from pathlib import Path

from fmnist_core.export.files import run_model, write_file
from fmnist_core.export.table import write_csv
from fmnist_core.export.tensorboard import write_events
from fmnist_core.runs.run import Run


def export(run: Run, kind: str, path: Path) -> str:
    """Write one of a run's exports and say in words what was written.

    Args:
        run: Any run; models are there from the end of its first epoch on.
        kind: "csv", "tensorboard", "onnx" or "keras".
        path: The file, or TensorBoard's folder.

    Raises:
        ExportError: A package is missing, there is nothing to write, or no place for it.
    """
    if kind == "csv":
        return f"{write_csv(run.history, path):,} steps"
    if kind == "tensorboard":
        return f"{write_events(run, path):,} scalars"
    if kind == "keras":
        write_file(path, run_model(run).read_bytes())
        return "the best weights"
    from fmnist_core.export.onnx import write_onnx  # imports Keras, which takes seconds

    return f"the best weights; outputs differ from Keras by at most {write_onnx(run, path):.1g}"
