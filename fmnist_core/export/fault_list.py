"""The mistakes of a run and whose fault they are, as a CSV table with a row for each."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from typing import Any

from fmnist_core.analysis.fault_rules import KINDS
from fmnist_core.analysis.faults import Fault
from fmnist_core.labels import CLASS_NAMES

COLUMNS = (
    *("index", "true", "predicted", "kind", "tag", "reason", "confidence"),
    *("runs", "right", "agree", "p_true", "p_predicted", "p_true_others", "quality", "doubtful"),
    *("neighbours", "near_true", "near_predicted", "distance", "rank"),
)


def faults_csv(faults: Iterable[Fault]) -> str:
    """Return a table of mistakes in their order.

    What was not looked up is left empty: the last five columns where features are missing.
    """
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    for fault in faults:
        row = fault_row(fault)
        names = {name: CLASS_NAMES[row[name]] for name in ("true", "predicted")}
        writer.writerow({**row, **names, "kind": KINDS[fault.kind]})
    return text.getvalue()


def fault_row(fault: Fault) -> dict[str, Any]:
    """Return one mistake by the names of `COLUMNS`, with the numbers of its classes."""
    found, near = fault.evidence, fault.evidence.around
    row: dict[str, Any] = {name: getattr(found, name) for name in COLUMNS if hasattr(found, name)}
    row |= {name: getattr(fault, name) for name in ("kind", "tag", "reason")}
    names = ("neighbours", "true", "predicted", "distance", "rank")
    for column, name in zip(COLUMNS[-5:], names, strict=True):
        row[column] = getattr(near, name) if near else None
    return row
