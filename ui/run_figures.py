"""What came out of a run: its figures with their intervals, and what computed them."""

from __future__ import annotations

import streamlit as st

from fmnist_core.runs.result import Result, Scores
from ui.format import count, duration, escape, interval, percent
from ui.layout import tile
from ui.progress import Progress


def final_figures(result: Result, progress: Progress) -> None:
    """Draw the tiles of a run that has ended, the test figures below them, and the machine."""
    validation = result.validation
    with st.container(horizontal=True):
        tile(
            "Validation accuracy",
            percent(validation.accuracy),
            f"95 % interval {interval(validation)}",
            help_text=f"{validation.correct:,} of {validation.images:,} images right.",
        )
        tile(
            "Epochs",
            f"{result.epochs} of {progress.epochs}",
            f"best: epoch {result.best_epoch}",
        )
        tile(
            "Training time",
            duration(result.seconds),
            f"{result.images_per_second:,.0f} images/s",
        )
    note = (
        "The test images were the validation images too, so this figure flatters."
        if result.test_used_for_validation
        else "Choices are made on validation data; the test images are opened once, at the end."
    )
    st.caption(f"Test accuracy {_described(result.test)}. {note}")
    if result.flip_validation and result.flip_test:
        st.caption(
            "As the mean of each image and its mirror image: validation "
            f"{_described(result.flip_validation)}, test {_described(result.flip_test)}."
        )
    st.caption(computed_by(result))


def _described(scores: Scores) -> str:
    return (
        f"{percent(scores.accuracy)} (95 % interval {interval(scores)}): "
        f"{scores.correct:,} of {scores.images:,} images"
    )


def computed_by(result: Result) -> str:
    """Say in one line what computed a run, as far as its result says."""
    machine = result.machine
    parts = [str(machine.get("precision", "float32"))]
    if isinstance(threads := machine.get("threads"), int):
        parts.append(count(threads, "thread"))
    if isinstance(machine.get("onednn"), bool):
        parts.append("oneDNN on" if machine["onednn"] else "oneDNN off")
    if "GPU" in (machine.get("devices") or []):
        parts.append("on a GPU")
    parts += [str(machine[name]) for name in ("processor", "system") if machine.get(name)]
    return "Computed by: " + escape(", ".join(parts))
