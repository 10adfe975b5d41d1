"""How good a run is: its figures, each class, and whether its confidence can be trusted."""

from __future__ import annotations

from fmnist_core.analysis.calibration import (
    apply_temperature,
    fit_temperature,
    reliability,
)
from fmnist_core.analysis.calibration_measures import measures
from fmnist_core.analysis.class_scores import class_scores
from fmnist_core.analysis.curves import Curve
from fmnist_core.analysis.predictions import load_predictions
from fmnist_core.figures.calibration import reliability_figure
from fmnist_core.figures.class_curves import KINDS, Kind, area_text, class_curves, curves_figure
from fmnist_core.format import count, duration, estimate, interval, percent
from fmnist_core.labels import CLASS_NAMES, NUM_CLASSES
from fmnist_core.report.markup import Html, element, together
from fmnist_core.report.parts import chart, note, table, tiles
from fmnist_core.report.subject import OPTIMISTIC, Subject
from fmnist_core.runs.result import Scores

_TEST = (
    "Test figures are grey: they are for the last word only. Who chooses a network or a setting by "
    "them makes them too good to be true; choose by the validation images."
)


def figures(subject: Subject) -> Html:
    """Write the figures of the validation images, what they cost, and, muted, those of the test."""
    result = subject.result
    return together(
        tiles(
            ("Validation accuracy", *_accuracy(result.validation)),
            ("Validation loss", f"{result.validation.loss:.4f} nats", "mean cross-entropy"),
            ("Macro F1", percent(result.validation.macro["f1"]), "mean of the classes"),
            ("Epochs", f"{result.epochs}", f"best: epoch {result.best_epoch}"),
            ("Parameters", f"{result.parameters:,}", f"{result.steps:,} steps of training"),
            (
                "Training time",
                duration(result.seconds),
                f"{result.images_per_second:,.0f} images/s",
            ),
        ),
        tiles(("Test accuracy", *_accuracy(result.test)), muted=True),
        note(OPTIMISTIC if result.test_used_for_validation else _TEST),
    )


def _accuracy(scores: Scores) -> tuple[str, str]:
    right = f"{scores.correct:,} of {scores.images:,} images"
    return percent(scores.accuracy), f"{right}; 95 % interval {interval(scores)}"


def classes(subject: Subject) -> Html:
    """Write precision, recall and F1 of each class."""
    found = subject.predictions
    rows = [
        [
            CLASS_NAMES[each.label],
            f"{each.support:,}",
            f"{each.support - each.correct:,}",
            estimate(each.recall, each.recall_interval),
            estimate(each.precision, each.precision_interval),
            estimate(each.f1, each.f1_interval),
        ]
        for each in class_scores(found.y_true, found.y_pred, num_classes=NUM_CLASSES)
    ]
    columns = ("Class", "Images", "Taken for another", "Recall", "Precision", "F1")
    return together(
        table(columns, rows, caption="Figures of each class.", sortable=True),
        note(
            f"On {count(len(found), f'{found.part} image')}, with 95 % intervals in brackets. "
            "Press a heading to sort."
        ),
    )


def against_others(subject: Subject) -> Html:
    """Write ROC and precision-recall curves of each class, and the areas under them."""
    found = subject.predictions
    curves = {name: class_curves(found, kind) for name, kind in KINDS.items()}
    drawn = [_curves(name, curves[name], kind) for name, kind in KINDS.items()]
    rows = [
        [
            CLASS_NAMES[label],
            f"{int((found.y_true == label).sum()):,}",
            *(area_text(curves[name][label]) for name in KINDS),
        ]
        for label in range(NUM_CLASSES)
    ]
    columns = ("Class", "Images", *(kind.area for kind in KINDS.values()))
    return together(
        element("div", *drawn, class_="columns"),
        table(columns, rows, caption="Areas under the curves.", sortable=True),
        note(
            f"On {count(len(found), f'{found.part} image')}, with 95 % intervals in brackets; 1 is "
            "best."
        ),
    )


def _curves(name: str, curves: list[Curve | None], kind: Kind) -> Html:
    said = ", ".join(f"{CLASS_NAMES[at]} {each.area:.4f}" for at, each in enumerate(curves) if each)
    alt = f"{kind.name} of each class against the others. {kind.area}: {said}."
    return element(
        "div", element("h3", kind.name), chart(name, curves_figure(curves, kind), alt=alt)
    )


def calibration(subject: Subject) -> Html:
    """Write how far confidence is from accuracy, as trained and at the temperature that fits."""
    found = subject.predictions
    validation = load_predictions(subject.run, "validation")
    temperature = fit_temperature(validation.y_true, validation.y_proba)
    scaled = apply_temperature(found.y_proba, temperature)
    both = (found.y_proba, scaled)
    bins = [reliability(found.y_true, proba) for proba in both]
    plain, hot = (measures(found.y_true, proba) for proba in both)
    rows = [[each.name, each.text, hot[key].text] for key, each in plain.items()]
    columns = ("Measure", "As trained", f"At temperature {temperature:.2f}")
    return together(
        chart(
            "reliability",
            reliability_figure(*bins),
            alt=f"Accuracy by confidence in {count(len(bins[0]), 'bin')}, with 95 % intervals.",
            caption="On the dotted line the network is right as often as it says; below it, it is "
            "too sure. Bars are 95 % Wilson intervals.",
        ),
        table(
            columns,
            rows,
            caption="How far confidence is from accuracy; 0 is best, with 95 % intervals.",
        ),
        note(
            f"On {count(len(found), f'{found.part} image')}. The temperature is fitted on the "
            f"validation images: {temperature:.2f} says that the network is "
            f"{'too sure' if temperature > 1 else 'not sure enough'}."
        ),
    )
