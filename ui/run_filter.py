"""Which runs the Runs page shows: words, tags, states, owners, and ranges of figures."""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st

from fmnist_core.runs.columns import COLUMNS, DEFAULT_SORT, NUMBERS
from fmnist_core.runs.selection import Filter, Range, select, sort
from fmnist_core.runs.summary import RunSummary

# By test figures nothing is chosen here; a heading of the table can still be clicked.
_SORTS = [name for name in COLUMNS if name not in ("test_accuracy", "note", "message")]
_RANGES = [name for name in NUMBERS if name != "test_accuracy"]


def chosen_runs(rows: list[RunSummary]) -> list[RunSummary]:
    """Draw the filters side by side; return the runs that they show, in the order asked for."""
    text = st.text_input(
        "Search",
        key="runs-text",
        icon=":material/search:",
        placeholder="Words in name, model, tags, note …",
        persist_state="session",
        width=260,
    )
    tags = _words("Tags", (tag for row in rows for tag in row.notes.tags))
    states = _words("State", (row.state for row in rows))
    owners = _words("Owner", (row.owner for row in rows if row.owner))
    with st.popover("More", icon=":material/filter_alt:", help="Stars, archive, ranges"):
        starred = _switch("Starred only", "runs-starred")
        archived = _switch("Archived ones too", "runs-archived")
        ranges = _ranges()
    by, descending = _order()
    wanted = Filter(
        text=text,
        tags=tags,
        owners=owners,
        states=states,
        starred=starred,
        archived=archived,
        ranges=ranges,
    )
    return sort(select(rows, wanted), by, descending=descending)


def _words(label: str, found: Iterable[str]) -> tuple[str, ...]:
    """Offer the words that occur; nothing is drawn where there is nothing to choose."""
    key = f"runs-{label.lower()}"
    chosen = st.session_state.get(key, [])
    options = sorted({*found, *chosen})  # a word that has gone can still be taken away
    if (len(options) < 2 and not chosen and label != "Tags") or not options:
        return ()
    return tuple(
        st.multiselect(
            label, options, key=key, placeholder="Any", persist_state="session", width=190
        )
    )


def _switch(label: str, key: str) -> bool:
    return st.toggle(label, key=key, persist_state="session")


def _ranges() -> dict[str, Range]:
    """Ask for ranges of figures; shares are asked for in percent."""
    names = st.multiselect(
        "Ranges of",
        _RANGES,
        format_func=lambda name: COLUMNS[name].label,
        key="runs-ranges",
        placeholder="Choose figures or settings",
        persist_state="session",
    )
    return {name: _range(name) for name in names}


def _range(name: str) -> Range:
    unit, scale = (" in %", 100) if COLUMNS[name].share else ("", 1)
    low, high = (
        place.number_input(
            f"{COLUMNS[name].label}{unit}, {words}",
            value=None,
            key=f"runs-{end}-{name}",
            format="%.6g" if scale == 1 else None,
            persist_state="session",
        )
        for place, end, words in zip(
            st.columns(2), ("low", "high"), ("at least", "at most"), strict=True
        )
    )
    return tuple(None if end is None else end / scale for end in (low, high))


def _order() -> tuple[str, bool]:
    by = st.selectbox(
        "Sort by",
        _SORTS,
        index=_SORTS.index(DEFAULT_SORT),
        format_func=lambda name: COLUMNS[name].label,
        key="runs-sort",
        persist_state="session",
        width=190,
    )
    descending = st.toggle("Largest first", True, key="runs-descending", persist_state="session")
    return by, descending
