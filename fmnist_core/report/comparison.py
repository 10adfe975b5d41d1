"""The report of two runs against each other."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from fmnist_core.analysis.comparison import ClassGain, Comparison, compare, p_text, verdict
from fmnist_core.analysis.metrics import confusion
from fmnist_core.analysis.mistakes import select, sort
from fmnist_core.analysis.predictions import Predictions
from fmnist_core.exceptions import FmnistError
from fmnist_core.format import count, percent, points, share_interval
from fmnist_core.labels import CLASS_NAMES
from fmnist_core.model.difference import experiment_difference
from fmnist_core.report.learning import both_curves
from fmnist_core.report.markup import Html, element, together
from fmnist_core.report.matrices import two_matrices
from fmnist_core.report.page import page
from fmnist_core.report.parts import Images, Section, gallery, note, paragraph, table, tiles
from fmnist_core.report.subject import OPTIMISTIC, Subject
from fmnist_core.runs.run import Run

PAIRS = 12  # confusions that changed most
EACH = 40  # images of a gallery
_ORDER = "most confident wrong"
_ABOUT = (
    "McNemar's exact test on the images on which the two disagree; the interval is a paired "
    "bootstrap. It is about these two trained networks: whether their settings do it, repeats with "
    "other seeds tell."
)


def comparison_report(before: Run, after: Run, images: Images, *, part: str = "validation") -> str:
    """Return what the second run changes against the first as one HTML file that opens offline.

    What is missing or damaged is said in its section; the rest is there.

    Args:
        before: The first run.
        after: The second run.
        images: Returns all images; called once for each gallery.
        part: What they are judged by, "validation" or "test".

    Raises:
        ExportError: The chart library is not installed.
    """
    pair = _Pair(
        before=Subject(run=before, part=part, images=images),
        after=Subject(run=after, part=part, images=images),
    )
    sections = [
        Section("verdict", "Is it better?", pair.verdict),
        Section("changes", "What was changed", pair.changes),
        Section("curves", "How they learned", pair.curves),
        Section("classes", "What is gained on each class", pair.classes),
        Section("pairs", "What is gained on each confusion", pair.pairs),
        Section("matrix", "Confusions", pair.matrices),
        Section("fixed", "Fixed", pair.fixed),
        Section("broken", "Broken", pair.broken),
    ]
    first, second = pair.names
    runs = f"From {first} (run {before.run_id}) to {second} (run {after.run_id})."
    lead = [element("p", runs, class_="lead")]
    return page(f"{second} against {first}", lead, sections)


@dataclass(frozen=True, kw_only=True, eq=False)
class _Pair:
    """Two runs, and what their comparison says; each method writes a section."""

    before: Subject
    after: Subject

    @cached_property
    def names(self) -> tuple[str, str]:
        """What the runs are called, so that one can tell them apart."""
        first, second = self.before.title, self.after.title
        if first != second:
            return first, second
        return f"{first} ({self.before.run.run_id})", f"{second} ({self.after.run.run_id})"

    @cached_property
    def found(self) -> Comparison:
        return compare(self.before.predictions, self.after.predictions)

    @cached_property
    def common(self) -> tuple[Predictions, Predictions]:
        """What both predicted of the common images."""
        index = self.found.index
        first, second = self.before.predictions, self.after.predictions
        return first.take(np.isin(first.index, index)), second.take(np.isin(second.index, index))

    def verdict(self) -> Html:
        found, images = self.found, len(self.found.index)
        low, high = found.overall.interval
        accuracies = [
            (
                f"Accuracy of {name}",
                percent(correct / images),
                f"{correct:,} of {images:,}; 95 % interval {share_interval(correct, images)}",
            )
            for name, correct in zip(self.names, (found.correct_a, found.correct_b), strict=True)
        ]
        gain = (
            "Difference",
            f"{points(found.overall.gain)} points",
            f"95 % interval {points(low)} to {points(high)}",
        )
        changed = (
            "Fixed and broken",
            f"{found.overall.fixed:,} and {found.overall.broken:,}",
            f"of {count(images, f'{found.part} image')}",
        )
        return together(
            element("p", verdict(found, *self.names), class_="verdict"),
            tiles(*accuracies, gain, changed),
            note(_ABOUT),
            *self._optimistic(),
        )

    def _optimistic(self) -> list[Html]:
        """Say which run was chosen by its test images; where that is unknown, say that."""
        lines = []
        for name, subject in zip(self.names, (self.before, self.after), strict=True):
            try:
                if subject.result.test_used_for_validation:
                    lines.append(note(f"{name}: {OPTIMISTIC}"))
            except FmnistError as error:
                lines.append(note(str(error)))
        return lines

    def changes(self) -> Html:
        phrases = experiment_difference(self.before.run.experiment, self.after.run.experiment)
        if not phrases:
            return paragraph("Nothing: network and settings are the same. What differs is chance.")
        first, second = self.names
        return together(
            paragraph(f"From {first} to {second}, {count(len(phrases), 'change')}:"),
            element("ul", *(element("li", phrase) for phrase in phrases)),
        )

    def curves(self) -> Html:
        return both_curves(self.before, self.after, self.names)

    def classes(self) -> Html:
        return _gains(self.found.classes, "Class")

    def pairs(self) -> Html:
        shown = self.found.pairs[:PAIRS]
        return together(
            _gains(shown, "Confusion"),
            note(
                f"{len(shown)} of {count(len(self.found.pairs), 'confusion')} that changed, the "
                "largest change first. Fixed: no longer taken for that class. Broken: taken for it "
                "now."
            ),
        )

    def matrices(self) -> Html:
        counts = [confusion(each.y_true, each.y_pred) for each in self.common]
        return two_matrices(counts[0], counts[1], self.names)

    def fixed(self) -> Html:
        return _images(self.common[0], self.found.fixed, self.names[0], self.after.images)

    def broken(self) -> Html:
        return _images(self.common[1], self.found.broken, self.names[1], self.after.images)


def _gains(gains: list[ClassGain], name: str) -> Html:
    columns = (
        *(name, "Images", "Fixed", "Broken"),
        *("Gain in points, 95 % interval", "After Holm", "Verdict"),
    )
    caption = "A gain is fixed minus broken images, of all images of the true class."
    return table(columns, [_row(each) for each in gains], caption=caption, sortable=True)


def _row(each: ClassGain) -> list[str]:
    gain, low, high = each.gain, *each.gain.interval
    true = CLASS_NAMES[each.true]
    return [
        true if each.predicted is None else f"{true} → {CLASS_NAMES[each.predicted]}",
        f"{gain.images:,}",
        f"{gain.fixed:,}",
        f"{gain.broken:,}",
        f"{points(gain.gain)} ({points(low)} to {points(high)})",
        p_text(each.adjusted_p),
        "likely real" if each.likely_real else "may be chance",
    ]


def _images(wrong: Predictions, changed: np.ndarray, name: str, images: Images) -> Html:
    """Write the images that changed, as the run takes them that has them wrong."""
    places = select(wrong)
    listed = sort(wrong, places[changed[places]], _ORDER)
    shown = listed[:EACH]
    return together(
        note(f"{len(shown)} of {len(listed):,}, as {name} takes them; the surest mistakes first."),
        gallery(wrong, shown, images),
    )
