"""What a run was asked to be: its network, and its settings."""

from __future__ import annotations

import base64

from fmnist_core.format import compact
from fmnist_core.model.catalogue import CATALOGUE
from fmnist_core.model.difference import shown
from fmnist_core.model.drawing import network_svg
from fmnist_core.model.rules import shape_text
from fmnist_core.model.shapes import Trace, trace
from fmnist_core.report.markup import Html, element, together
from fmnist_core.report.parts import more, note, table
from fmnist_core.report.subject import Subject
from fmnist_core.runs.run import Run
from fmnist_core.settings import settings_of
from fmnist_core.specs import Experiment, LayerSpec, ModelSpec
from fmnist_core.specs.parts import PARTS

_PARTS = {"train": "Training", "data": "Data", "augment": "Augmentation"}


def network(subject: Subject) -> Html:
    """Write the network as a drawing to scale and as a table of its layers."""
    model = subject.run.experiment.model
    found = trace(model)
    total = found.total
    rows = [
        _layer(layer, place, found) for place, layer in enumerate(model.layers[: len(found.layers)])
    ]
    rows.append(["all", f"{len(model.layers)} layers", "", f"{found.parameters:,}", ""])
    rows[-1][-1] = compact(total.mult_adds)
    return together(
        _drawing(model, found),
        table(
            ("Layer", "Settings", "Output", "Parameters", "Multiply-adds an image"),
            rows,
            caption=f"The layers of {model.name or 'the network'}, first to last.",
            total=True,
        ),
    )


def _layer(layer: LayerSpec, place: int, found: Trace) -> list[str]:
    shape = found.layers[place]
    settings = CATALOGUE[layer.type].settings
    words = [
        f"{setting.label.lower()} {shown(layer.settings[name], setting)}"
        for name, setting in settings.items()
        if setting.main or layer.settings[name] != setting.default
    ]
    joined = [f"joins {' and '.join(layer.inputs)}"] if layer.inputs else []
    cost = shape.cost.trainable + shape.cost.non_trainable
    return [
        layer.name,
        ", ".join([layer.type, *joined, *words]),
        shape_text(shape.output),
        shape.formula or f"{cost:,}",
        f"{shape.cost.mult_adds:,}",
    ]


def _drawing(model: ModelSpec, found: Trace) -> Html:
    """Draw the network for a light and for a dark page."""
    light, dark = (_svg_url(network_svg(model, found, dark=dark)) for dark in (False, True))
    alt = f"The network to scale: {', '.join(layer.name for layer in model.layers)}"
    return element(
        "picture",
        element("source", srcset=dark, media="(prefers-color-scheme: dark) and (not print)"),
        element("img", src=light, alt=alt, class_="network"),
    )


def _svg_url(svg: str) -> str:
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()


def settings(subject: Subject) -> Html:
    """Write the settings: those that matter first or were changed, the rest folded away."""
    experiment = subject.run.experiment
    main, rest = _rows(experiment, wanted=True), _rows(experiment, wanted=False)
    columns = ("Setting", "Value", "Of", "Default")
    sizes = experiment.sizes
    return together(
        table(columns, main, caption="The main settings, and all that are not at their default."),
        more(
            f"{len(rest)} more settings, at their defaults",
            table(columns, rest, caption="Settings at their defaults."),
        ),
        note(
            f"{sizes.train:,} images train, {sizes.validation:,} validate, {sizes.test:,} test. "
            "Validation images choose the best epoch; test images are for the last figure only."
        ),
        *notes(subject.run),
    )


def _rows(experiment: Experiment, *, wanted: bool) -> list[list[str]]:
    rows = []
    for part, heading in _PARTS.items():
        spec = getattr(experiment, part)
        for name, setting in settings_of(PARTS[part]).items():
            value = getattr(spec, name)
            if (setting.main or value != setting.default) == wanted:
                words = [setting.label, shown(value, setting), heading]
                rows.append([*words, shown(setting.default, setting)])
    return rows


def notes(run: Run) -> list[Html]:
    """Write what people noted of a run; nothing where they noted nothing.

    Raises:
        StoreError: Its notes are damaged.
    """
    found = run.notes
    lines = [note("Tags: ", ", ".join(found.tags))] if found.tags else []
    return [*lines, *(note("Note: ", line) for line in found.note.splitlines() if line)]
