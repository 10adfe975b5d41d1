"""What can be shown, sorted and filtered of a run: one description of each column of a table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from fmnist_core.model.activation import ACTIVATION
from fmnist_core.runs.outcome import Challenged, Share
from fmnist_core.runs.summary import RunSummary
from fmnist_core.settings import Number, Setting
from fmnist_core.specs.parts import SETTINGS

Read = Callable[[RunSummary], Any]
DEFAULT_SORT = "val_accuracy"


@dataclass(frozen=True, kw_only=True)
class Column:
    """One figure or word of a run.

    Attributes:
        label: Its heading, in sentence case.
        read: Takes it from a summary; None where the run has none.
        number: It is a number, of which a range can be asked for.
        share: It is a share in [0, 1], shown in percent.
        setting: It was chosen before the training, so that it can explain the rest.
    """

    label: str
    read: Read
    number: bool = False
    share: bool = False
    setting: bool = False


def _of_result(read: Callable[[Any], Any]) -> Read:
    return lambda row: read(row.result) if row.result else None


def _accuracy(part: str) -> Read:
    def read(row: RunSummary) -> float | None:
        share: Share | None = getattr(row.result, part, None)
        return share.accuracy if share else None

    return read


def _of_challenge(read: Callable[[Challenged], Any]) -> Read:
    return lambda row: read(row.challenge_share) if row.challenge_share else None


def _born(row: RunSummary) -> str:
    """Return the time in the id: 2026-11-21 07:36, in UTC."""
    stamp = row.run_id
    return f"{stamp[:4]}-{stamp[4:6]}-{stamp[6:8]} {stamp[9:11]}:{stamp[11:13]}"


def _setting_column(name: str, setting: Setting) -> Column:
    return Column(
        label=setting.label,
        read=partial(RunSummary.setting, name=name),
        number=isinstance(setting, Number),
        setting=True,
    )


def _message(row: RunSummary) -> str:
    """Say what is to be said of a run: what is wrong with it first."""
    if row.problem or row.notes_problem:
        return row.problem or row.notes_problem
    if row.result and row.result.test_used_for_validation:
        return "test set used for validation"
    return row.status.message if row.status else ""


# By name, in the order of a table's columns.
COLUMNS: dict[str, Column] = {
    "star": Column(label="Star", read=lambda row: row.notes.star),
    "name": Column(label="Name", read=lambda row: row.title or row.run_id),
    "state": Column(label="State", read=lambda row: row.state),
    "val_accuracy": Column(
        label="Validation accuracy", read=lambda row: row.val_accuracy, number=True, share=True
    ),
    "val_loss": Column(
        label="Validation loss", read=_of_result(lambda found: found.val_loss), number=True
    ),
    "test_accuracy": Column(label="Test accuracy", read=_accuracy("test"), number=True, share=True),
    "challenge_accuracy": Column(
        label="Challenge set",
        read=_of_challenge(lambda found: found.accuracy),
        number=True,
        share=True,
    ),
    "challenge_images": Column(
        label="Challenge pictures", read=_of_challenge(lambda found: found.images), number=True
    ),
    "model": Column(label="Model", read=lambda row: row.model),
    "parameters": Column(label="Parameters", read=lambda row: row.parameters or None, number=True),
    "mult_adds": Column(label="Multiply-adds", read=lambda row: row.mult_adds or None, number=True),
    "layers": Column(label="Layers", read=lambda row: row.layers or None, number=True),
    "epochs_done": Column(
        label="Epochs done", read=lambda row: row.status.epoch if row.status else None, number=True
    ),
    "best_epoch": Column(
        label="Best epoch", read=_of_result(lambda found: found.best_epoch), number=True
    ),
    "time": Column(label="Seconds", read=_of_result(lambda found: found.seconds), number=True),
    "images_per_second": Column(
        label="Images a second",
        read=_of_result(lambda found: found.images_per_second),
        number=True,
    ),
    "owner": Column(label="Owner", read=lambda row: row.owner),
    "tags": Column(label="Tags", read=lambda row: ", ".join(row.notes.tags)),
    "note": Column(label="Note", read=lambda row: row.notes.note),
    "born": Column(label="Made (UTC)", read=_born),
    "parent": Column(label="Parent", read=lambda row: row.parent),
    "run_id": Column(label="Run", read=lambda row: row.run_id),
    "activation": Column(
        label=ACTIVATION.label, read=lambda row: row.activation or None, setting=True
    ),
    **{name: _setting_column(name, setting) for name, setting in SETTINGS.items()},
    "message": Column(label="Message", read=_message),
}
NUMBERS = tuple(name for name, column in COLUMNS.items() if column.number)
