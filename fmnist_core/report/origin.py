"""What computed a run, and how to have it again."""

from __future__ import annotations

from fmnist_core.model.code import script
from fmnist_core.report.command import train_command
from fmnist_core.report.markup import Html, element, together
from fmnist_core.report.parts import more, note, paragraph, table
from fmnist_core.report.subject import Subject


def machine(subject: Subject) -> Html:
    """Write machine and versions, as the run's result tells them."""
    result = subject.result
    rows = [[f"{name}", _written(value)] for name, value in result.machine.items()]
    rows += [[f"{name} (version)", f"{value}"] for name, value in result.versions.items()]
    rows.append(["data, SHA-256", result.data_checksum])
    return table(("What", "Value"), rows, caption="Machine, versions and data.")


def _written(value: object) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    return ", ".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)


def again(subject: Subject) -> Html:
    """Write the commands that repeat the run, and the script that does it with Keras alone."""
    run, experiment = subject.run, subject.run.experiment
    command = train_command(experiment)
    same = [paragraph("The same again, with this seed:"), _code(command)] if command else []
    return together(
        *same,
        paragraph("Again with other seeds, to see what chance does, where the run is at hand:"),
        _code(f"python -m fmnist_core repeat {run.run_id}"),
        more("The same as a script for Keras alone", _code(script(experiment))),
        note("Equal to the bit only on the same machine with the same versions and threads."),
    )


def _code(text: str) -> Html:
    return element("pre", element("code", text), tabindex=0)
