"""What pages ask the inference process, which all sessions of the server share."""

from __future__ import annotations

import os
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import streamlit as st

from fmnist_core.inference.client import Inference
from fmnist_core.inference.messages import Message
from fmnist_core.runs.run import Run
from fmnist_core.runs.store import default_root

SPARE_BYTES = 2 * 2**30  # must be free for it to be started before it is needed; it takes 0.6 GB
_CALLER = "inference-caller"


def ask(
    task: str, run: Run, arrays: Mapping[str, np.ndarray] | None = None, **arguments: Any
) -> Message:
    """Have something computed with a run's network; the first question waits for TensorFlow.

    Of what a session asks in one view, only the newest question is answered. Who moves on
    meanwhile waits for nothing: the question is called off, even in its middle.

    Args:
        task: A name in `fmnist_core.inside.tasks.TASKS`.
        run: Whose network.
        arrays: What the task takes.
        **arguments: What else the task takes, plain JSON types.

    Raises:
        InferenceError: It could not be done; the text says why.
    """
    caller = st.session_state.setdefault(_CALLER, uuid.uuid4().hex)
    place = st.empty()
    with st.spinner(
        "Computing … The first time after a start, TensorFlow is loaded.", show_time=True
    ):
        return _inference(default_root()).ask(
            task,
            run.run_id,
            arrays,
            caller=f"{caller}-{task}",
            pause=place.empty,  # here Streamlit ends a script whose page is to be drawn anew
            **arguments,
        )


def warm_up() -> None:
    """Start the process before it is needed, unless `FMNIST_INFERENCE=0` or memory is short."""
    if os.environ.get("FMNIST_INFERENCE") == "0":
        return
    if default_root().is_dir() and psutil.virtual_memory().available > SPARE_BYTES:
        _inference(default_root()).warm_up()


def close() -> None:
    """End the process."""
    _inference(default_root()).close()


@st.cache_resource(show_spinner=False, on_release=Inference.close)
def _inference(root: Path) -> Inference:
    return Inference(root)
