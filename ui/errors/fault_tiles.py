"""How many mistakes are of each kind, by which rules, and the way to their images."""

from __future__ import annotations

import streamlit as st

from fmnist_core.analysis.fault_rules import KINDS, RULES
from fmnist_core.analysis.faults import KindCount, looked_for
from ui.errors import selection
from ui.format import count, percent


def fault_tiles(counts: list[KindCount], *, features: bool) -> None:
    """Draw one tile a kind.

    Args:
        counts: Of each kind, as `count_kinds` gives them.
        features: Whether it is known what lies near the mistakes.
    """
    for column, found in zip(st.columns(len(counts), gap="small"), counts, strict=True):
        with column, st.container(border=True, height="stretch"):
            _figure(found) if looked_for(found, features=features) else _no_figure(found)
            st.caption(_rules(found.kind))


def _figure(found: KindCount) -> None:
    chosen = selection.current().kind == found.kind
    low, high = (f"{100 * end:.1f}" for end in found.interval)
    st.metric(
        KINDS[found.kind],
        f"{found.images:,} of {found.of:,}",
        delta=f"{percent(found.images / found.of, 1)} ({low}–{high})",
        delta_color="off",
        delta_arrow="off",
        help="Of all mistakes, with their share and its 95 % interval."
        + (f" {count(found.by_tag, 'image')} by your tags." if found.by_tag else ""),
    )
    st.button(
        f"See the {found.images:,}",
        key=f"errors-kind-{found.kind}",
        type="primary" if chosen else "secondary",
        width="stretch",
        disabled=not found.images,
        on_click=selection.change,
        kwargs={"kind": found.kind, "image": None},
    )


def _no_figure(found: KindCount) -> None:
    st.metric(
        KINDS[found.kind],
        "not looked for",
        delta="not computed yet",
        delta_color="off",
        delta_arrow="off",
    )


def _rules(kind: str) -> str:
    """List the rules of a kind, with their places in the order."""
    return "  \n".join(
        f"Rule {place}: {rule.words}."
        for place, rule in enumerate(RULES, start=1)
        if rule.kind == kind
    )
