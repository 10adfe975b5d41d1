"""The images that a run gets wrong: of the commonest confusions, and the most confident ones."""

from __future__ import annotations

from fmnist_core.analysis.confusion import Confusion, top_confusions
from fmnist_core.analysis.mistakes import select, sort
from fmnist_core.format import count, estimate
from fmnist_core.labels import CLASS_NAMES
from fmnist_core.report.markup import Html, element, together
from fmnist_core.report.matrices import anchor, matrix
from fmnist_core.report.parts import gallery, note, paragraph
from fmnist_core.report.subject import Subject

CONFUSIONS = 8  # that are shown with images
EACH = 10  # images of a confusion
MOST_CONFIDENT = 30
_ORDER = "most confident wrong"


def confusions_matrix(subject: Subject) -> Html:
    """Write the matrix, whose commonest confusions lead to their images."""
    listed = [(each.true, each.predicted) for each in top_confusions(subject.confusion, CONFUSIONS)]
    return matrix(subject.confusion, listed)


def confusions(subject: Subject) -> Html:
    """Write the commonest confusions with images of each."""
    found = top_confusions(subject.confusion, CONFUSIONS)
    if not found:
        return paragraph("No image of this part is taken for another class.")
    return together(
        note(
            "Of all images of the true class, with a 95 % interval in brackets; the surest "
            f"mistakes first, {EACH} of each at most."
        ),
        *(_confusion(subject, each) for each in found),
    )


def _confusion(subject: Subject, each: Confusion) -> Html:
    share = estimate(each.images / each.of, each.interval)
    names = f"{CLASS_NAMES[each.true]} → {CLASS_NAMES[each.predicted]}"
    places = select(subject.predictions, true=each.true, predicted=each.predicted)
    return together(
        element(
            "h3",
            f"{names}: {each.images:,} of {each.of:,}, {share}",
            id=anchor((each.true, each.predicted)),
        ),
        gallery(
            subject.predictions,
            sort(subject.predictions, places, _ORDER)[:EACH],
            subject.images,
        ),
    )


def most_confident(subject: Subject) -> Html:
    """Write the mistakes of which the network was surest."""
    found = subject.predictions
    wrong = sort(found, select(found), _ORDER)
    shown = wrong[:MOST_CONFIDENT]
    return together(
        note(f"{len(shown)} of {count(len(wrong), 'mistake')}."),
        gallery(found, shown, subject.images),
    )
