"""What can be done with the ticked runs: open, name, tag, star, archive, delete, take along."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from typing import Any

import streamlit as st

from fmnist_core.exceptions import FmnistError
from fmnist_core.export.run_list import runs_csv
from fmnist_core.runs.notes import change_notes
from fmnist_core.runs.run import Run
from fmnist_core.runs.summary import RunSummary
from ui import cache, state
from ui.errors import selection
from ui.format import count
from ui.layout import show_problem
from ui.repeats import repeat_button
from ui.report_button import report_button
from ui.run_ticks import tick
from ui.trash import remember_deleted

_REFUSALS = "runs-refusals"
MAX_REFUSALS = 3  # sentences; more of them would say the same


def run_actions(chosen: list[RunSummary], shown: list[RunSummary], rows: list[RunSummary]) -> None:
    """Draw the buttons for the ticked runs, and what went wrong with the last one.

    Args:
        chosen: The ticked runs.
        shown: All runs that the filters show, for the download.
        rows: All runs.
    """
    ids = [row.run_id for row in chosen]
    with st.container(horizontal=True):
        if chosen:
            _open_button(ids)
            with st.popover("Edit", icon=":material/edit:"):
                _edit_form(chosen)
            starred = all(row.notes.star for row in chosen)
            _button("Unstar" if starred else "Star", "star", ids, _note, star=not starred)
            archived = all(row.notes.archived for row in chosen)
            words = "Unarchive" if archived else "Archive"
            _button(words, "archive", ids, _note, archived=not archived)
            if len(chosen) == 1:
                repeat_button(chosen[0], rows)
                if chosen[0].result:
                    run = Run(cache.run_store().root / ids[0])
                    report_button(run, "validation", key="runs-report")
            if len(chosen) == 2 and all(row.result for row in chosen):
                _compare_button(ids)
            _button("Delete", "delete", ids, _delete)
        st.download_button(
            "CSV",
            partial(runs_csv, shown),
            file_name="runs.csv",
            mime="text/csv",
            icon=":material/download:",
            on_click="ignore",
            help=f"Every column of {count(len(shown), 'run')}, as filtered and sorted.",
        )
    _show_refusals()


_ICONS = {"star": "star", "archive": "archive", "delete": "delete"}


def _button(
    label: str, name: str, ids: list[str], act: Callable[..., None], **changes: Any
) -> None:
    st.button(
        label,
        key=f"runs-{name}",
        icon=f":material/{_ICONS[name]}:",
        on_click=partial(act, ids, **changes),
    )


def _open_button(ids: list[str]) -> None:
    if st.button(
        "Open",
        key="runs-open",
        icon=":material/open_in_full:",
        disabled=len(ids) != 1,
        help="One run on the Train page, with its curves and figures.",
    ):
        state.choose_run(ids[0])
        st.switch_page("train.py")


def _compare_button(ids: list[str]) -> None:
    if st.button(
        "Compare",
        key="runs-compare",
        icon=":material/compare_arrows:",
        help="On the Errors page: what the later run fixes and breaks against the earlier one.",
    ):
        before, after = sorted(ids)
        state.choose_run(after)
        selection.change(view="two", other=before)
        st.switch_page("errors.py")


def _edit_form(chosen: list[RunSummary]) -> None:
    """Draw name, note and tags of one run, or the tags of several."""
    one = chosen[0] if len(chosen) == 1 else None
    ids = [row.run_id for row in chosen]
    common = sorted(set.intersection(*(set(row.notes.tags) for row in chosen)))
    notes = [row.notes for row in chosen]
    mark = abs(hash((tuple(ids), tuple(notes))))  # another state, other widgets
    with st.form(f"runs-edit-{mark}", border=False):
        name = st.text_input("Name", one.notes.name, key=f"name-{mark}") if one else None
        text = st.text_area("Note", one.notes.note, key=f"note-{mark}") if one else None
        tags = st.text_input(
            "Tags" if one else f"Tags of all {len(chosen)} runs",
            ", ".join(common),
            key=f"tags-{mark}",
            placeholder="Words, with commas between them",
        )
        if st.form_submit_button("Save", key=f"save-{mark}"):
            changes = {"name": name, "note": text} if one else {}
            given = set(re.findall(r"[^,\s]+", tags))
            _note(ids, tag=given, untag=set(common) - given, **changes)
            st.rerun()


def _each(ids: list[str], act: Callable[[Run], object]) -> list[str]:
    """Do something with each run, and return the ids of those for which it went well."""
    store = cache.run_store()
    known, done, refusals = set(store.run_ids()), [], []
    for run_id in ids:
        try:
            if run_id not in known:
                raise FmnistError(f"Run {run_id} is not there any more.")
            act(Run(store.root / run_id))
            done.append(run_id)
        except FmnistError as error:
            refusals.append(str(error))
    st.session_state[_REFUSALS] = refusals
    return done


def _note(ids: list[str], **changes: Any) -> None:
    _each(ids, lambda run: change_notes(run.folder, **changes))


def _delete(ids: list[str]) -> None:
    done = _each(ids, cache.run_store().trash.put)
    remember_deleted(done)
    if done:
        tick(())


def _show_refusals() -> None:
    refusals = st.session_state.pop(_REFUSALS, [])
    for sentence in refusals[:MAX_REFUSALS]:
        show_problem(sentence)
    if len(refusals) > MAX_REFUSALS:
        st.caption(f"The same is true of {count(len(refusals) - MAX_REFUSALS, 'more run')}.")
