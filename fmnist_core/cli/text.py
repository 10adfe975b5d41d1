"""What the command line prints for people: the progress bar, a run, the table of runs."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from fmnist_core.analysis.intervals import wilson_interval
from fmnist_core.exceptions import StoreError
from fmnist_core.jobs.plans import Plan
from fmnist_core.jobs.probe_result import ProbeResult
from fmnist_core.model.memory import memory_text
from fmnist_core.model.shapes import trace
from fmnist_core.runs.metrics_log import History
from fmnist_core.runs.result import Scores
from fmnist_core.runs.run import Run
from fmnist_core.runs.status import Status
from fmnist_core.runs.summary import RunSummary
from fmnist_core.specs import Experiment


@contextmanager
def progress_of(run: Run) -> Iterator[Callable[[Status], None]]:
    """Show a progress bar on standard error; yields what to call with each new status."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    total, epochs = run.total_steps, run.total_epochs
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        TimeElapsedColumn(),
        TextColumn("{task.fields[figures]}"),
    )
    history = History()
    print(f"Run {run.run_id}: {run.title}", file=sys.stderr)
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task("queued", total=total, figures="")

        def on_tick(status: Status) -> None:
            history.update(run.folder)
            done = history.steps[-1] if history.steps else 0
            epoch = min(len(history.epochs) + 1, epochs)
            name = f"epoch {epoch} of {epochs}" if done else status.state
            bar.update(task, completed=done, description=name, figures=_figures(history))

        yield on_tick


def _figures(history: History) -> str:
    if not history.steps:
        return ""
    text = f"loss {history.losses[-1]:.3f}"
    if history.epochs:
        last = history.epochs[-1]
        text += f", validation accuracy {last['val_accuracy']:.4f}"
        text += f", {last['images_per_second']:,.0f} images/s"
    return text


def queued(run: Run) -> str:
    """Say what to do with a run that nobody waits for."""
    return f"{run.run_id} is queued. To look at it: fmnist show {run.run_id}"


def probed(
    experiment: Experiment,
    result: ProbeResult,
    needed: int,
    found: Sequence[Plan],
    minutes: float,
) -> str:
    """Say what an experiment costs, and how long it may train within a time."""
    sizes = experiment.sizes
    fast, slow = result.epoch_range(sizes.train, sizes.validation)
    lines = [
        experiment.title,
        f"  one epoch    about {result.epoch_seconds(sizes.train, sizes.validation):.1f} s "
        f"({fast:.1f} to {slow:.1f}) on {sizes.train:,} images, {sizes.validation:,} to validate",
        f"  one step     {1000 * result.seconds_per_step:.1f} ms for {result.batch_size:,} images, "
        f"median of {result.batches:,}",
        f"  memory       about {memory_text(needed)}",
    ]
    if result.live_runs:
        lines.append(f"  beside it    {result.live_runs} trained meanwhile: alone it is faster")
    within = f"  in {f'{minutes:g} min':<9} "
    lines += [within + _plan_text(plan) for plan in found]
    if not found:
        lines.append(within + "not even 1,000 images once")
    return "\n".join(lines)


def _plan_text(plan: Plan) -> str:
    flags = f"--epochs {plan.epochs}" + ("" if plan.subset is None else f" --subset {plan.subset}")
    return f"{flags}: {plan.train_size:,} images, {plan.seconds:.0f} s"


def details(run: Run) -> str:
    """Describe one run in a few lines."""
    experiment, status, result = run.experiment, run.status, run.result
    parameters = trace(experiment.model).parameters
    epochs = run.total_epochs
    lines = [
        f"{run.run_id}  {run.title}  {status.state}",
        f"  network      {experiment.model.name or 'unnamed'}, {parameters:,} parameters",
        f"  trained      {status.epoch} of {epochs} epochs, {status.step:,} steps",
    ]
    lines += _notes(run)
    if status.message:
        lines.append(f"  message      {status.message}")
    if result:
        note = " (used for validation)" if result.test_used_for_validation else ""
        lines += [
            f"  time         {result.seconds:.1f} s, {result.images_per_second:,.0f} images/s",
            f"  best epoch   {result.best_epoch}",
            f"  validation   {_accuracy(result.validation)}",
            f"  test         {_accuracy(result.test)}{note}",
        ]
    if result and result.flip_validation and result.flip_test:
        lines += [
            f"  with mirrors validation {_accuracy(result.flip_validation)}",
            f"               test {_accuracy(result.flip_test)}",
        ]
    return "\n".join(lines)


def _notes(run: Run) -> list[str]:
    try:
        notes = run.notes
    except StoreError as error:
        return [f"  notes        {error}"]
    marks = [*notes.tags, *(["starred"] if notes.star else [])]
    marks += ["archived"] if notes.archived else []
    lines = [f"  tags         {', '.join(marks)}"] if marks else []
    return lines + [f"  note         {line}" for line in notes.note.splitlines()]


def _accuracy(scores: Scores) -> str:
    low, high = wilson_interval(scores.correct, scores.images)
    return (
        f"accuracy {scores.accuracy:.4f} (95 % interval {low:.4f} to {high:.4f}) of "
        f"{scores.images:,} images, loss {scores.loss:.4f}, macro F1 {scores.macro['f1']:.4f}"
    )


def columns(rows: Sequence[Sequence[str]]) -> list[str]:
    """Write rows of equal length as lines, each column as wide as its widest cell."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]


def table(rows: list[RunSummary], *, of: int) -> str:
    """List runs, one a line, under a heading; `of` is how many there are in all."""
    if not of:
        return "No runs yet. To make one: fmnist train --preset small --epochs 2"
    if not rows:
        return f"None of {of:,} runs is shown by these filters; archived ones need --archived."
    line = "{:<22} {:<12} {:<16} {:>11} {:>7} {:>10} {:>8}"
    head = line.format("run", "state", "name", "parameters", "epochs", "validation", "test")
    lines = [head, *(_table_line(line, row) for row in rows)]
    if any(row.challenge for row in rows):
        cells = ["challenge set", *map(_challenge_cell, rows)]
        lines = [f"{text}  {cell:>14}".rstrip() for text, cell in zip(lines, cells, strict=True)]
    return "\n".join(lines)


def _challenge_cell(row: RunSummary) -> str:
    """Write what a run makes of the challenge set; what is no longer so is not told as a figure."""
    if row.problem or row.challenge is None:
        return ""
    found = row.challenge_share
    return f"{found.accuracy:.4f} of {found.images:,}" if found else "outdated"


def _table_line(line: str, row: RunSummary) -> str:
    if row.problem:
        return f"{row.run_id:<22} damaged      {row.problem}"
    validation = "–" if row.val_accuracy is None else f"{row.val_accuracy:.4f}"
    test = f"{row.result.test.accuracy:.4f}" if row.result else "–"
    epochs = f"{row.status.epoch if row.status else 0}/{row.total_epochs}"
    name = ("* " if row.notes.star else "") + row.title
    return line.format(
        row.run_id, row.state, name[:16], f"{row.parameters:,}", epochs, validation, test
    )
