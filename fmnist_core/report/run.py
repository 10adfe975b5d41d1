"""The report of one run."""

from __future__ import annotations

from functools import partial

from fmnist_core.report import asked, learning, mistakes, origin, scores
from fmnist_core.report.markup import element
from fmnist_core.report.page import page
from fmnist_core.report.parts import Images, Section, note
from fmnist_core.report.subject import Subject
from fmnist_core.runs.run import Run

_SECTIONS = {
    "figures": ("Figures", scores.figures),
    "network": ("The network", asked.network),
    "settings": ("Settings", asked.settings),
    "curves": ("How it learned", learning.curves),
    "matrix": ("Confusion matrix", mistakes.confusions_matrix),
    "classes": ("Classes", scores.classes),
    "others": ("Each class against the others", scores.against_others),
    "calibration": ("Can its confidence be trusted?", scores.calibration),
    "confusions": ("Most often confused", mistakes.confusions),
    "confident": ("The most confident mistakes", mistakes.most_confident),
    "machine": ("Machine and versions", origin.machine),
    "again": ("Have it again", origin.again),
}


def run_report(run: Run, images: Images, *, part: str = "validation") -> str:
    """Return all that is known of a run as one HTML file that opens offline.

    What is missing or damaged is said in its section; the rest is there.

    Args:
        run: The run.
        images: Returns all images; called once for each gallery.
        part: What it is judged by, "validation" or "test".

    Raises:
        ExportError: The chart library is not installed.
    """
    subject = Subject(run=run, part=part, images=images)
    sections = [
        Section(name, heading, partial(draw, subject))
        for name, (heading, draw) in _SECTIONS.items()
    ]
    judged = f"Run {run.run_id}. Confusions, classes and images are those of the {part} part."
    return page(subject.title, [element("p", judged, class_="lead"), *_about(part)], sections)


def _about(part: str) -> list[object]:
    if part != "test":
        return []
    return [note("Test images are for the last figure only: who chooses by them is flattered.")]
