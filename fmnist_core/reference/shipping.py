"""Making a run part of the repository: only what readers need, nothing of the machine."""

from __future__ import annotations

import shutil
from collections.abc import Collection, Iterable
from pathlib import Path

from fmnist_core.exceptions import StoreError
from fmnist_core.reference.slimming import slim_metrics, slim_model, slim_predictions
from fmnist_core.runs.metrics_log import FILE_NAME as METRICS
from fmnist_core.runs.run import MODEL, PREDICTIONS, Run
from fmnist_core.runs.status import FINISHED

MOMENTS = "moments"
FIGURES = ("experiment.json", "status.json", "result.json", METRICS)
LARGE = (MODEL, PREDICTIONS, MOMENTS)
_SLIMMED = {MODEL: slim_model, PREDICTIONS: slim_predictions}
IGNORE_NAME = ".gitignore"
_LOCAL = ("notes.json", "challenge.json")  # what people add to a run that is shipped


def ship(run: Run, root: Path, *, without: Collection[str] = ()) -> Path:
    """Copy a finished run to where the repository keeps them, and return its folder there.

    Its model, predictions and log become smaller; see `slimming`.

    Args:
        run: Any store's run.
        root: The folder of the shipped runs; a run that is there already is left as it is.
        without: What is left out, of `LARGE`. Where that is all of it, the log keeps only the last
            batch of each epoch too.

    Raises:
        StoreError: The run has not finished.
    """
    if run.status.state != FINISHED:
        raise StoreError(f"Run {run.run_id} has not finished, so it cannot be shipped.")
    target = root / run.run_id
    if target.exists():
        return target
    draft = root / f".draft-{run.run_id}"
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    kept = [name for name in (*FIGURES, *LARGE) if name not in without]
    for name in kept:
        source, copy = run.folder / name, draft / name
        if name == METRICS:
            slim_metrics(source, copy, all_batches=len(kept) > len(FIGURES))
        elif name == MOMENTS and source.exists():
            shutil.copytree(source, copy)
        elif source.exists():
            _SLIMMED.get(name, shutil.copyfile)(source, copy)
    draft.rename(target)
    return target


def shipped_ids(root: Path) -> list[str]:
    """Return the ids of the runs of a folder that Git keeps, the oldest first."""
    try:
        lines = (root / IGNORE_NAME).read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return []
    return sorted(line[2:-1] for line in lines if line.startswith("!/") and line.endswith("/"))


def write_ignored(root: Path, run_ids: Iterable[str]) -> None:
    """Have Git keep just these runs of a folder, without what people add to them."""
    lines = [
        "# Runs are local, but for the shipped ones. Written by docs/reference_runs.py.",
        "/*",
        f"!/{IGNORE_NAME}",
        *(f"!/{run_id}/" for run_id in sorted(run_ids)),
        *_LOCAL,
    ]
    (root / IGNORE_NAME).write_text("\n".join(lines) + "\n", encoding="utf-8")
