"""Which runs the Runs page shows: words, tags, states, owners, and ranges of figures."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import streamlit as st

from fmnist_core.runs.columns import COLUMNS, DEFAULT_SORT, NUMBERS
from fmnist_core.runs.selection import Filter, Range, select, sort
from fmnist_core.runs.status import STATES
from fmnist_core.runs.summary import RunSummary
from ui import asked
from ui.components.address_bar import address_bar

# By test figures nothing is chosen here; a heading of the table can still be clicked.
_SORTS = [name for name in COLUMNS if name not in ("test_accuracy", "note", "message")]
_RANGES = [name for name in NUMBERS if name != "test_accuracy"]
_PAGE = "runs"
_MAX_TEXT = 200  # characters
_TEXT, _TAGS, _STATE, _OWNER = "runs-text", "runs-tags", "runs-state", "runs-owner"
_STARRED, _ARCHIVED = "runs-starred", "runs-archived"


def chosen_runs(rows: list[RunSummary]) -> list[RunSummary]:
    """Draw the filters side by side; return the runs that they show, in the order asked for."""
    found = {
        _TAGS: {tag for row in rows for tag in row.notes.tags},
        _STATE: {row.state for row in rows},
        _OWNER: {row.owner for row in rows if row.owner},
    }
    _take_over(found | {_STATE: STATES | found[_STATE]})  # no run may be in that one any more
    text = st.text_input(
        "Search",
        max_chars=_MAX_TEXT,
        key=_TEXT,
        icon=":material/search:",
        placeholder="Words in name, model, tags, note …",
        persist_state="session",
        width=260,
    )
    tags, states, owners = (_words(key, words) for key, words in found.items())
    with st.popover("More", icon=":material/filter_alt:", help="Stars, archive, ranges"):
        starred = _switch("Starred only", _STARRED)
        archived = _switch("Archived ones too", _ARCHIVED)
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


def say_refused() -> None:
    """Say which filters a link asked for in vain, until one is changed."""
    asked.say_refused(_PAGE, _in_address())


def mirror() -> None:
    """Bring the page's address up to date; ranges and order are not in it."""
    address_bar(_in_address(), page="runs-filter")


def _in_address() -> dict[str, str]:
    """Write the filters for the page's address; what is as it is at first is empty."""
    chosen = st.session_state
    params = {_name(_TEXT): chosen.get(_TEXT, "")}
    params |= {_name(key): ",".join(chosen.get(key, ())) for key in (_TAGS, _STATE, _OWNER)}
    return params | {_name(key): "1" if chosen.get(key) else "" for key in (_STARRED, _ARCHIVED)}


def _take_over(known: Mapping[str, Collection[str]]) -> None:
    """Set the filters to what a link asks for of what is known, before they are first drawn."""
    if text := asked.take(_name(_TEXT)):
        st.session_state[_TEXT] = text[:_MAX_TEXT]
    for key, words_known in known.items():
        if words := asked.take_words(_name(key), words_known, page=_PAGE):
            st.session_state[key] = words
    for key in (_STARRED, _ARCHIVED):
        if asked.take_flag(_name(key)):
            st.session_state[key] = True


def _name(key: str) -> str:
    """Return the name of a filter in the address."""
    return key.removeprefix("runs-")


def _words(key: str, found: Collection[str]) -> tuple[str, ...]:
    """Offer the words that occur; nothing is drawn where there is nothing to choose."""
    chosen = st.session_state.get(key, [])
    options = sorted({*found, *chosen})  # a word that has gone can still be taken away
    if (len(options) < 2 and not chosen and key != _TAGS) or not options:
        return ()
    return tuple(
        st.multiselect(
            _name(key).capitalize(),
            options,
            key=key,
            placeholder="Any",
            persist_state="session",
            width=190,
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
