"""Whose results are computed later: a run's, or those of the data set itself."""

from __future__ import annotations

from dataclasses import dataclass

from fmnist_core.data.idx import DATA_SET_CHECKSUM
from fmnist_core.runs.run import Run


@dataclass(frozen=True)
class DataSet:
    """The data set as something that has results; no run can bear its name.

    Attributes:
        run_id: The name of its folder in `.derived/`.
        checksum: Of its four files, as `FashionMnist.checksum`: always the same.
    """

    run_id: str = "data-set"
    checksum: str = DATA_SET_CHECKSUM


DATA_SET = DataSet()
Subject = Run | DataSet
