"""The exported code as a Jupyter notebook: its sections, each explained above its cells."""

from __future__ import annotations

import json
from typing import Any

from fmnist_core.model.code.script import sections
from fmnist_core.specs import Experiment


def notebook(experiment: Experiment) -> str:
    """Return the experiment as the JSON of a notebook, nbformat 4.5, not yet run.

    Raises:
        ModelError: The network cannot be trained.
    """
    cells: list[dict[str, Any]] = []
    for number, part in enumerate(sections(experiment)):
        heading = f"{'##' if number else '#'} {part.heading}"
        cells.append(_cell("markdown", f"{heading}\n\n{part.text}", len(cells)))
        blank_lines = "\n\n\n" if number else "\n\n"
        for code in (blank_lines.join(part.definitions), part.statements):
            if code:
                cells.append(_cell("code", code, len(cells)))
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    content = {
        "cells": cells,
        "metadata": {"kernelspec": kernel, "language_info": {"name": "python"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def _cell(kind: str, text: str, number: int) -> dict[str, Any]:
    cell: dict[str, Any] = {
        "cell_type": kind,
        "id": f"cell-{number}",
        "metadata": {},
        "source": text.splitlines(keepends=True),
    }
    return cell | {"execution_count": None, "outputs": []} if kind == "code" else cell
