"""The figures of single runs in a table, as reports print them; and what computed each."""

from __future__ import annotations

from fmnist_core.format import NONE, duration, percent
from fmnist_core.runs.run import Run

HEADINGS = (
    *("run", "accuracy", "loss", "precision", "recall", "F1"),
    *("parameters", "training", "an epoch", "computed by"),
)


def figures(run: Run) -> tuple[str, ...]:
    """Return what stands under `HEADINGS` of a run that has ended.

    Accuracy and loss are those of the test images; precision, recall and F1 are means over the
    classes, weighted by their images.

    Raises:
        StoreError: A file of the run is damaged.
    """
    result = run.result
    if result is None:
        return (run.title, *[NONE] * (len(HEADINGS) - 1))
    test = result.test
    shares = [percent(test.weighted[name]) for name in ("precision", "recall", "f1")]
    return (
        f"{run.title} · {run.run_id}",
        percent(test.accuracy),
        f"{test.loss:.4f}",
        *shares,
        f"{result.parameters:,}",
        duration(result.seconds),
        f"{result.seconds / max(1, result.epochs):.1f} s",
        _computer(result.machine),
    )


def _computer(machine: dict[str, object]) -> str:
    """Say what computed: float32, oneDNN on, 2 threads."""
    precision = machine.get("precision", "float32")
    onednn = "oneDNN on" if machine.get("onednn") else "oneDNN off"
    words = [str(precision), onednn] if "onednn" in machine else [str(precision)]
    if threads := machine.get("threads"):
        words.append(f"{threads} threads")
    return ", ".join(words)
