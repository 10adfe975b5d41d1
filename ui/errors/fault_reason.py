"""Whose fault one mistake is, where that was found out already, and the way to the rules."""

from __future__ import annotations

import streamlit as st

from fmnist_core.analysis.faults import Fault, sort_mistakes
from fmnist_core.runs.run import Run
from ui import state, tagging
from ui.errors import analyses, selection


def known_fault(run: Run, part: str, image: int) -> Fault | None:
    """Return a mistake as the view of faults sorted it; None where it did not yet.

    Args:
        run: Whose mistake it is.
        part: "validation" or "test".
        image: Index into the 70,000 pooled images.
    """
    found = [each for each in analyses.known_evidence(run, part) if each.index == image]
    return next(iter(sort_mistakes(found, tagging.current_tags())), None)


def way_to_faults(run: Run, image: int, fault: Fault | None) -> None:
    """Lead to the view that sorts the mistakes, with this one in detail."""
    if st.button(
        "Whose fault",
        key="errors-fault",
        icon=":material/gavel:",
        help="The rule that says so, and the other mistakes of its kind."
        if fault
        else "By stated rules: that of the label, of the image, of nobody, or of the network.",
    ):
        state.choose_run(run.run_id)
        kind = fault.kind if fault else selection.current().kind
        selection.change(view="faults", kind=kind, image=image)
        st.rerun()  # the whole page: the view is chosen outside this fragment
