"""Which columns the table of runs has: the chosen ones, but for those that tell nothing."""

from __future__ import annotations

import streamlit as st

from fmnist_core.runs.columns import COLUMNS
from fmnist_core.runs.selection import same_in_all
from fmnist_core.runs.summary import RunSummary
from fmnist_core.specs.parts import SETTINGS
from ui.format import count, escape, percent
from ui.run_table import CHALLENGE

_FIGURES = [name for name, column in COLUMNS.items() if not column.setting]
_SETTINGS = [name for name, column in COLUMNS.items() if column.setting]
_AT_FIRST = (
    *("star", "name", "state", "val_accuracy", "test_accuracy", "challenge_accuracy"),
    *("model", "parameters", "mult_adds", "epochs_done", "time", "tags", "owner", "message"),
)
_ALWAYS = ("name", "val_accuracy")
MAX_NAMED = 6  # equal columns that are named with their value; of the others the names are enough


def choose_columns(rows: list[RunSummary]) -> tuple[list[str], str]:
    """Draw the choice of columns for these runs.

    Returns:
        The names of the columns, in their order, and sentences in Markdown that say which of the
        chosen ones are hidden, as they are equal in all runs, and what is left blank in them.
    """
    with st.popover("Columns", icon=":material/view_column:"):
        hide = st.toggle(
            "Hide what is equal in all", True, key="runs-hide-equal", persist_state="session"
        )
        chosen = {
            *_pills("Figures", _FIGURES, _AT_FIRST),
            *_pills("Settings", _SETTINGS, _SETTINGS),
        }
        names = [name for name in COLUMNS if name in chosen or name == "name"]
        equal = equal_columns(rows, names) if hide else {}
        if equal:
            labels = ", ".join(COLUMNS[name].label for name in equal)
            st.caption(f"Hidden now, as equal in all runs shown or empty: {escape(labels, 2000)}.")
    told = [_sentence(equal, len(rows)), _outdated(rows) if CHALLENGE in chosen else ""]
    return [name for name in names if name not in equal], " ".join(filter(None, told))


def _pills(label: str, names: list[str], at_first: tuple[str, ...] | list[str]) -> list[str]:
    return st.pills(
        label,
        names,
        selection_mode="multi",
        default=[name for name in names if name in at_first],
        format_func=lambda name: COLUMNS[name].label,
        key=f"runs-columns-{label.lower()}",
        persist_state="session",
    )


def equal_columns(rows: list[RunSummary], names: list[str]) -> dict[str, object]:
    """Return those of the columns that tell nothing between these runs, each with its value.

    Of a single run these are the settings that are at their default, and the challenge set where
    the run was not judged by it.
    """
    if len(rows) == 1:
        values = {name: COLUMNS[name].read(rows[0]) for name in names}
        return {name: value for name, value in values.items() if _says_nothing(name, value)}
    return same_in_all(rows, [name for name in names if name not in _ALWAYS])


def _sentence(equal: dict[str, object], runs: int) -> str:
    """Name what is equal and not as usual; the rest is listed where columns are chosen."""
    if not equal:
        return ""
    named = [
        f"{COLUMNS[name].label.lower()} {_shown(name, value)}"
        for name, value in equal.items()
        if value not in (None, "", False) and not _usual(name, value)
    ][:MAX_NAMED]
    rest = len(equal) - len(named)
    others = count(rest, "other column" if named else "column")
    parts = [*named, *([f"{others} (listed under Columns)"] if rest else [])]
    why = f"equal in all {count(runs, 'run')}" if runs > 1 else "usual or empty in this run"
    return f"Hidden, as {why}: {', '.join(parts)}."


def _outdated(rows: list[RunSummary]) -> str:
    """Say how many runs were judged by another challenge set than today's; "" for none."""
    found = sum(row.challenge is not None and row.challenge.outdated for row in rows)
    if not found:
        return ""
    return (
        f"{count(found, 'run')} {'was' if found == 1 else 'were'} judged before the challenge set, "
        "or the weights, changed, so that the figure is left blank: evaluate again."
    )


def _says_nothing(name: str, value: object) -> bool:
    return _usual(name, value) or (name == CHALLENGE and value is None)


def _usual(name: str, value: object) -> bool:
    return name in SETTINGS and value == SETTINGS[name].default


def _shown(name: str, value: object) -> str:
    if COLUMNS[name].share and isinstance(value, float):
        return percent(value)
    if isinstance(value, int | float):  # a count of images may be a float, as its share is one
        return f"{value:,.10g}"
    return escape(str(value), 40)
