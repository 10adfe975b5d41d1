"""Which runs the Runs page shows: words, tags, states, owners, and ranges of figures."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import streamlit as st

from fmnist_core.exceptions import SpecError
from fmnist_core.runs.columns import COLUMNS, DEFAULT_SORT, NUMBERS
from fmnist_core.runs.selection import Filter, Range, range_text, read_range, select, sort
from fmnist_core.runs.status import STATES
from fmnist_core.runs.summary import RunSummary
from ui import asked
from ui.components.address_bar import address_bar

# By test figures nothing is chosen here; a heading of the table can still be clicked.
_SORTS = [
    DEFAULT_SORT,  # offered first
    *(n for n in COLUMNS if n not in (DEFAULT_SORT, "test_accuracy", "note", "message")),
]
_RANGES = [name for name in NUMBERS if name != "test_accuracy"]
_PAGE = "runs"
_MAX_TEXT = 200  # characters
_LARGEST = 1e15  # end of a range that a link may ask for
_TEXT, _TAGS, _STATE, _OWNER = "runs-text", "runs-tags", "runs-state", "runs-owner"
_STARRED, _ARCHIVED = "runs-starred", "runs-archived"
_RANGED, _SORT, _RISING = "runs-ranges", "runs-by", "runs-rising"
_ENDS = ("low", "high")  # of a range
_SWITCHES = (_STARRED, _ARCHIVED, _RISING)


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
    by, rising = _order()
    wanted = Filter(
        text=text,
        tags=tags,
        owners=owners,
        states=states,
        starred=starred,
        archived=archived,
        ranges=ranges,
    )
    return sort(select(rows, wanted), by, descending=not rising)


def say_refused() -> None:
    """Say which filters a link asked for in vain, until one is changed."""
    asked.say_refused(_PAGE, _in_address())


def under_more() -> str:
    """Say which filters are set where they are not seen; "" for none."""
    starred = ["starred"] if st.session_state.get(_STARRED) else []
    ranges = [
        f"within a range of {COLUMNS[name].label.lower()}"
        for name in st.session_state.get(_RANGED, ())
        if _ends_of(name) != (None, None)
    ]
    words = " and ".join(starred + ranges)
    return f"Only those {words}, as set under More." if words else ""


def mirror() -> None:
    """Bring the page's address up to date."""
    address_bar(_in_address(), page="runs-filter")


def _in_address() -> dict[str, str]:
    """Write the filters for the page's address; what is as it is at first is empty."""
    chosen = st.session_state
    params = {_name(_TEXT): chosen.get(_TEXT, "")}
    params |= {_name(key): ",".join(chosen.get(key, ())) for key in (_TAGS, _STATE, _OWNER)}
    params |= {_name(key): "1" if chosen.get(key) else "" for key in _SWITCHES}
    by = chosen.get(_SORT, DEFAULT_SORT)
    params[_name(_SORT)] = "" if by == DEFAULT_SORT else by
    ranges = {name: _ends_of(name) for name in chosen.get(_RANGED, ())}
    params[_name(_RANGED)] = ",".join(range_text(name, ends) for name, ends in ranges.items())
    return params


def _take_over(known: Mapping[str, Collection[str]]) -> None:
    """Set the filters to what a link asks for of what is known, before they are first drawn."""
    if text := asked.take(_name(_TEXT)):
        st.session_state[_TEXT] = text[:_MAX_TEXT]
    for key, words_known in known.items():
        if words := asked.take_words(_name(key), words_known, page=_PAGE):
            st.session_state[key] = words
    for key in _SWITCHES:
        if asked.take_flag(_name(key)):
            st.session_state[key] = True
    if by := asked.take_words(_name(_SORT), _SORTS, page=_PAGE):
        st.session_state[_SORT] = by[0]
    _take_ranges()


def _take_ranges() -> None:
    """Set the ranges to those of a link that are ranges of what can be asked for here."""
    found: dict[str, Range] = {}
    for text in filter(None, asked.take(_name(_RANGED)).split(",")):
        try:
            name, ends = read_range(text)
        except SpecError:
            name, ends = "", (None, None)
        if name in _RANGES and all(end is None or abs(end) <= _LARGEST for end in ends):
            found[name] = ends
        else:
            asked.refuse(f'range "{text[:40]}"', page=_PAGE)
    for name, ends in found.items():
        for key, end in zip(_end_keys(name), ends, strict=True):
            st.session_state[key] = None if end is None else round(end * _scale(name), 10)
    if found:
        st.session_state[_RANGED] = list(found)


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
        key=_RANGED,
        placeholder="Choose figures or settings",
        persist_state="session",
    )
    return {name: _range(name) for name in names}


def _range(name: str) -> Range:
    unit = " in %" if COLUMNS[name].share else ""
    ends = zip(st.columns(2), _end_keys(name), ("at least", "at most"), strict=True)
    for place, key, words in ends:
        place.number_input(
            f"{COLUMNS[name].label}{unit}, {words}",
            value=None,
            key=key,
            format="%.6g" if _scale(name) == 1 else None,
            persist_state="session",
        )
    return _ends_of(name)


def _ends_of(name: str) -> Range:
    """Return what is asked for of a figure, shares from 0 to 1."""
    low, high = (st.session_state.get(key) for key in _end_keys(name))
    return tuple(None if end is None else end / _scale(name) for end in (low, high))


def _end_keys(name: str) -> tuple[str, ...]:
    return tuple(f"runs-{end}-{name}" for end in _ENDS)


def _scale(name: str) -> int:
    return 100 if COLUMNS[name].share else 1


def _order() -> tuple[str, bool]:
    by = st.selectbox(
        "Sort by",
        _SORTS,
        format_func=lambda name: COLUMNS[name].label,
        key=_SORT,
        persist_state="session",
        width=190,
    )
    return by, _switch("Smallest first", _RISING)
