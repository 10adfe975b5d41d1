"""A run's network as ONNX, checked against Keras; needs onnx, tf2onnx and onnxruntime."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import numpy as np

from fmnist_core.data.files import load
from fmnist_core.exceptions import ExportError
from fmnist_core.export.files import optional, run_model, write_file
from fmnist_core.inside.saved_model import saved_model
from fmnist_core.runs.run import Run
from fmnist_core.specs.data import NUM_TRAIN_FILE

PACKAGES = "onnx tf2onnx onnxruntime"
CHECKED = 1000  # test images
TOLERANCE = 1e-3  # of scores around 10, whose order of summation differs


def write_onnx(run: Run, path: Path) -> float:
    """Write the best weights as ONNX: pixels in [0, 1], float32 (N, 28, 28, 1) → (N, 10).

    A network that was trained in bfloat16 is written, and checked, in float32 with its weights.

    Returns:
        The largest difference from Keras over the outputs of `CHECKED` test images.

    Raises:
        ExportError: A package is missing, the run has no model yet, it cannot be converted, its
            outputs differ, or the file cannot be written. No file is left then.
        StoreError: The model is damaged, or that of another network.
    """
    for module in ("onnx", "tf2onnx", "onnxruntime"):
        optional(module, "ONNX", PACKAGES)
    run_model(run)  # says so where there is none
    data = load()
    model = saved_model(run, data)
    x = data.images[NUM_TRAIN_FILE:][:CHECKED, ..., np.newaxis] / np.float32(255)
    wanted = np.asarray(model(x))  # Keras exports only models that have been called
    with tempfile.TemporaryDirectory() as folder:
        draft = Path(folder) / "model.onnx"
        try:
            model.export(draft, format="onnx", verbose=False)
        except (ValueError, TypeError, RuntimeError) as error:
            raise ExportError(f"This network cannot be turned into ONNX ({error}).") from error
        difference = float(np.abs(outputs(draft, x) - wanted).max())
        if not difference <= TOLERANCE:
            raise ExportError(
                f"The ONNX network answers otherwise than Keras, by up to {difference:.3g}: it "
                "was not written."
            )
        write_file(path, draft.read_bytes())
    return difference


def outputs(path: Path, x: np.ndarray) -> np.ndarray:
    """Run an ONNX file, on the processor."""
    runtime = optional("onnxruntime", "ONNX", PACKAGES)
    session = runtime.InferenceSession(os.fspath(path), providers=["CPUExecutionProvider"])
    return session.run(None, {session.get_inputs()[0].name: x})[0]
