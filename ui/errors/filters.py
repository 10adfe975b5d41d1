"""The filters and the order of the gallery: as widgets, and in the page's address."""

from __future__ import annotations

import re
from dataclasses import dataclass

import streamlit as st

from fmnist_core.analysis.mistakes import SORTS
from ui import asked, tagging
from ui.tag_menu import choose_tags, tag_menu

_ORDER, _CONFIDENCE = "errors-order", "errors-confidence"
_TAGGED, _RIGHT = "errors-tagged", "errors-right"
_PAGE = "errors"
_RANGE = re.compile(r"(\d{1,3})-(\d{1,3})", re.ASCII)  # of confidence, in an address


@dataclass(frozen=True, kw_only=True)
class Filters:
    """What of the chosen classes is shown.

    Attributes:
        order: One of `SORTS`.
        low, high: Confidence, whole percent, 0 to 100.
        right: Show the images that were predicted right too.
        tagged: Show only images that bear one of these words; all where there is none.
        also: Show only images that these runs have wrong too, by their ids.
    """

    order: str
    low: int
    high: int
    right: bool
    tagged: tuple[str, ...]
    also: tuple[str, ...]


def filters(others: dict[str, str]) -> Filters:
    """Draw order and filters, and return them.

    Args:
        others: Titles of runs that predicted the same images, by id.
    """
    _take_over(others)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        with st.container(width=210):
            order = st.selectbox(
                "Sort by",
                list(SORTS),
                key=_ORDER,
                persist_state="session",
            )
        with st.container(width=260):
            low, high = st.slider(
                "Confidence",
                0,
                100,
                (0, 100),
                format="%d %%",
                key=_CONFIDENCE,
                persist_state="session",
                help="The probability that the network gave to the class it predicted.",
            )
        tagged = choose_tags(key=_TAGGED)
        also = _choose_also(others)
        right = st.toggle("Show right ones too", key=_RIGHT, persist_state="session")
        tag_menu()
    chosen = Filters(order=order, low=low, high=high, right=right, tagged=tagged, also=also)
    asked.say_refused(_PAGE, in_address(chosen))
    return chosen


def in_address(chosen: Filters) -> dict[str, str]:
    """Write filters for the page's address; what is as it is at first is empty."""
    between = (chosen.low, chosen.high)
    return {
        "sort": "" if chosen.order == next(iter(SORTS)) else chosen.order,
        "confidence": "" if between == (0, 100) else "{}-{}".format(*between),
        "tagged": ",".join(chosen.tagged),
        "also": ",".join(chosen.also),
        "right": "1" if chosen.right else "",
    }


def _take_over(others: dict[str, str]) -> None:
    """Set the filters to what a link asks for, before they are first drawn."""
    asked_for: dict[str, object] = {
        _ORDER: next(iter(asked.take_words("sort", SORTS, page=_PAGE)), None),
        _CONFIDENCE: _take_range(),
        _TAGGED: asked.take_words("tagged", tagging.current_tags().words, page=_PAGE),
        _also_key(others): asked.take_words("also", others, page=_PAGE),
        _RIGHT: asked.take_flag("right"),
    }
    for key, value in asked_for.items():
        if value and key not in st.session_state:  # `show_tagged` came first
            st.session_state[key] = value


def _take_range() -> tuple[int, int] | None:
    """Read what confidence a link asks for, in whole percent."""
    text = asked.take("confidence")
    found = _RANGE.fullmatch(text)
    if found and (low := int(found[1])) <= (high := int(found[2])) <= 100:
        return low, high
    if text:
        asked.refuse(f'confidence "{text[:40]}"', page=_PAGE)
    return None


def _also_key(others: dict[str, str]) -> str:
    return f"errors-also-{'-'.join(others)}"


def _choose_also(others: dict[str, str]) -> tuple[str, ...]:
    """Let the person choose runs that must have the images wrong too; none where there is none."""
    if not others:
        return ()
    with st.container(width=260):
        chosen = st.multiselect(
            "Also wrong in",
            list(others),
            format_func=lambda run_id: others.get(run_id, run_id),
            placeholder="or not",
            key=_also_key(others),
            persist_state="session",
            help="Only images that this run and all of these have wrong.",
        )
    return tuple(chosen)


def show_tagged(word: str) -> None:
    """Set the filters to all images that bear a word, before they are drawn."""
    st.session_state[_CONFIDENCE] = (0, 100)
    st.session_state[_TAGGED] = [word]
    st.session_state[_RIGHT] = True
