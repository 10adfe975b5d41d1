"""Errors: which images a network gets wrong, whose fault it is, and what another run changes."""

from fmnist_core.runs.selection import sort
from ui import cache
from ui.errors import selection, subject
from ui.errors.calibration import calibration
from ui.errors.classes import classes
from ui.errors.faults import faults
from ui.errors.mistakes import mistakes
from ui.errors.pair import pair
from ui.errors.two_runs import two_runs
from ui.layout import begin_page, friendly_errors

VIEWS = {
    "mistakes": mistakes,
    "faults": faults,
    "classes": classes,
    "calibration": calibration,
    "two": two_runs,
    "pair": pair,
}

begin_page("Errors", "Which images a network gets wrong, and how sure it was.")

with friendly_errors():
    rows = sort(cache.run_store().summaries())
    run = subject.choose_subject(rows)
    if run:
        subject.about_part(run)
        others = [row for row in rows if row.result and row.run_id != run.run_id]
        VIEWS[selection.choose_view()](run, others)
