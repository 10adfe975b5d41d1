"""What the browser draws of a live run once a second: tiles, progress and curves, as plain JSON."""

from __future__ import annotations

from typing import Any

from fmnist_core.figures.training import accuracy_figure, loss_figure
from fmnist_core.labels import CLASS_NAMES
from fmnist_core.runs.metrics_log import History
from fmnist_core.runs.run import Run
from fmnist_core.runs.status import PAUSED, QUEUED, Status
from ui import cache, queue
from ui.confusions import most_confused
from ui.format import NONE, duration, percent
from ui.progress import Progress, progress_of

CURVES = {"loss": "Loss, in nats", "accuracy": "Accuracy"}
_FIGURES = {"loss": loss_figure, "accuracy": accuracy_figure}


def live_data(run: Run) -> dict[str, Any]:
    """Describe a live run.

    Returns:
        `version`, another one whenever the page has to be drawn anew; `tiles`; `progress`;
        `confused`, a sentence or ""; `figures`, by the key of the chart that shows each.

    Raises:
        FmnistError: A file of the run cannot be read.
    """
    status = run.status
    history = cache.history_of(run)
    progress = progress_of(
        run.experiment, history, run.heartbeat, planned_steps=status.planned_steps
    )
    confusion = cache.confusion_of(run, status.epoch) if status.epoch else None
    now = f"now, after epoch {status.epoch} of {progress.epochs}"
    figures = curves(run.run_id, history)
    return {
        "version": _version(status, drawn=bool(figures)),
        "tiles": tiles(status, history, progress),
        "progress": {"share": progress.share, "text": _progress_text(run, status, progress)},
        "confused": "" if confusion is None else most_confused(confusion, CLASS_NAMES, when=now),
        "figures": figures,
    }


def _version(status: Status, *, drawn: bool) -> str:
    """Return what is another one whenever more changes than the browser draws by itself."""
    return f"{status.state} {status.attempt} {status.planned_steps} {drawn} {status.message}"


def curve_key(name: str, run_id: str) -> str:
    """Return the key of the chart of a run's loss or accuracy."""
    return f"{name}-{run_id}"


def curves(run_id: str, history: History) -> dict[str, dict[str, Any]]:
    """Draw loss and accuracy, each with what it shows in words; {} before the first batch."""
    if not history.steps:
        return {}
    return {
        curve_key(name, run_id): {"figure": draw(history), "alt": _alt(name, history)}
        for name, draw in _FIGURES.items()
    }


def _alt(name: str, history: History) -> str:
    alt = f"{name.capitalize()} by step, up to step {history.steps[-1]:,}."
    if history.epochs:
        last = history.epochs[-1]
        alt += f" Epoch {last['epoch']}: training {last[name]:.4f}, validation "
        alt += f"{last[f'val_{name}']:.4f}."
    return alt


def tiles(status: Status, history: History, progress: Progress) -> list[dict[str, str]]:
    """Describe how far a run is, each tile by label, value and note."""
    last = history.epochs[-1]["val_accuracy"] if history.epochs else None
    best = f"best {percent(status.val_accuracy)}" if history.epochs else ""
    speed, left = progress.images_per_second, progress.seconds_left
    if status.state == PAUSED:
        left = None
    at = progress.epoch if progress.step else 0
    return [
        _tile(
            "Epoch", f"{at} of {progress.epochs}", f"step {progress.step:,} of {progress.steps:,}"
        ),
        _tile("Validation accuracy", percent(last), best),
        _tile("Speed", f"{speed:,.0f} images/s" if speed else NONE),
        _tile("Time left", f"about {duration(left)}" if left else NONE),
    ]


def _tile(label: str, value: str, note: str = "") -> dict[str, str]:
    return {"label": label, "value": value, "note": note}


def _progress_text(run: Run, status: Status, progress: Progress) -> str:
    if status.state == QUEUED:
        return queue.place_text(run.run_id)
    if not progress.step:
        return "Starting: loading TensorFlow and the data; this takes a few seconds."
    paused = "Paused. " if status.state == PAUSED else ""
    return f"{paused}{percent(progress.share, 0)} of {progress.steps:,} steps"
