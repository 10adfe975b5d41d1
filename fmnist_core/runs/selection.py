"""Which runs are shown, and in which order: the filters of the Runs page and of `fmnist runs`."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from fmnist_core.exceptions import SpecError
from fmnist_core.runs.columns import COLUMNS, DEFAULT_SORT, NUMBERS
from fmnist_core.runs.summary import RunSummary
from fmnist_core.specs.parts import SETTINGS

Range = tuple[float | None, float | None]  # ends included; None for no end
_SEARCHED = ("name", "run_id", "model", "owner", "tags", "note", "optimizer")


@dataclass(frozen=True, kw_only=True)
class Filter:
    """What a run must be to be shown; the empty filter shows all runs that are not archived.

    Attributes:
        text: Words that must all stand in its name, id, model, owner, tags, note or optimizer.
        tags: All of these.
        owners, states: One of these, where any is given.
        starred: Only starred runs.
        archived: Archived runs too.
        ranges: By name of a column with numbers; a run without the number is not shown.
    """

    text: str = ""
    tags: tuple[str, ...] = ()
    owners: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    starred: bool = False
    archived: bool = False
    ranges: Mapping[str, Range] = field(default_factory=lambda: MappingProxyType({}))

    def __post_init__(self) -> None:
        """Refuse ranges of what has no numbers."""
        for name in self.ranges:
            if name not in NUMBERS:
                raise SpecError("range", name, "of one of " + ", ".join(NUMBERS))

    def shows(self, row: RunSummary) -> bool:
        """Say whether a run is shown."""
        return (
            (self.archived or not row.notes.archived)
            and (row.notes.star or not self.starred)
            and (not self.states or row.state in self.states)
            and (not self.owners or row.owner in self.owners)
            and set(self.tags) <= set(row.notes.tags)
            and all(_within(COLUMNS[name].read(row), ends) for name, ends in self.ranges.items())
            and self._has_words(row)
        )

    def _has_words(self, row: RunSummary) -> bool:
        words = self.text.lower().split()
        if not words:
            return True
        text = "\n".join(str(COLUMNS[name].read(row) or "") for name in _SEARCHED).lower()
        return all(word in text for word in words)


def _within(value: float | None, ends: Range) -> bool:
    low, high = ends
    if value is None:
        return False
    return (low is None or value >= low) and (high is None or value <= high)


def read_range(text: str) -> tuple[str, Range]:
    """Read COLUMN=LOW:HIGH, where either end may be left out.

    Raises:
        SpecError: It is no such text; whether there is such a column is not looked at.
    """
    name, _, ends = text.partition("=")
    try:
        low, high = (float(end) if end else None for end in ends.split(":"))
    except ValueError:
        low = high = math.nan
    if not all(end is None or math.isfinite(end) for end in (low, high)):
        raise SpecError("range", text, "COLUMN=LOW:HIGH, such as parameters=:100000")
    return name, (low, high)


def range_text(name: str, ends: Range) -> str:
    """Write what `read_range` reads."""
    low, high = ("" if end is None else f"{end:.12g}" for end in ends)
    return f"{name}={low}:{high}"


def select(rows: Iterable[RunSummary], wanted: Filter) -> list[RunSummary]:
    """Return the runs that a filter shows, in their order."""
    return [row for row in rows if wanted.shows(row)]


def sort(
    rows: Iterable[RunSummary], by: str = DEFAULT_SORT, *, descending: bool = True
) -> list[RunSummary]:
    """Sort runs by a column; those without a value come last, and equal ones newest first.

    Raises:
        SpecError: There is no such column.
    """
    if by not in COLUMNS:
        raise SpecError("sort", by, "one of " + ", ".join(COLUMNS))
    column = COLUMNS[by]
    pairs = [(column.read(row), row) for row in rows]
    pairs.sort(key=lambda pair: pair[1].run_id, reverse=True)
    known = [pair for pair in pairs if pair[0] not in (None, "")]
    unknown = [row for value, row in pairs if value in (None, "")]
    if column.number:
        known.sort(key=lambda pair: float(pair[0]), reverse=descending)
    else:
        known.sort(key=lambda pair: str(pair[0]).lower(), reverse=descending)
    return [row for _, row in known] + unknown


def same_in_all(rows: list[RunSummary], names: Iterable[str]) -> dict[str, object]:
    """Return the columns in which several runs are equal, each with its value.

    Args:
        rows: The runs; damaged ones do not count, and of fewer than two nothing can be told.
        names: The columns to look at.
    """
    sound = [row for row in rows if not row.problem]
    if len(sound) < 2:
        return {}
    changed: set[str] = set().union(*(row.settings for row in sound))
    found = {}
    for name in names:
        first = COLUMNS[name].read(sound[0])
        at_default = name in SETTINGS and name not in changed  # most settings, of most runs
        if at_default or all(COLUMNS[name].read(row) == first for row in sound):
            found[name] = first
    return found
