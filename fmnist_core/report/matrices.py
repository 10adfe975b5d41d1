"""Confusion matrices as tables, in counts and in shares, between which the reader switches."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

import numpy as np

from fmnist_core.figures.matrix import SHOWN, difference_data, matrix_data
from fmnist_core.labels import NUM_CLASSES
from fmnist_core.report.markup import Html, element, together
from fmnist_core.report.parts import note

Cell = tuple[int, int]
_LABELS = range(NUM_CLASSES)


def matrix(confusion: np.ndarray, linked: Collection[Cell]) -> Html:
    """Write the matrix.

    Args:
        confusion: Counts, int (10, 10), rows true.
        linked: Cells whose images the page shows, (true, predicted): they lead there.
    """

    def tables(by: str) -> list[Html]:
        data = matrix_data(confusion, by=by, order=_LABELS, diagonal=True)
        return [_matrix(data, f"Confusion matrix, {SHOWN[by].lower()}.", linked)]

    return together(
        _switched(tables, "by"),
        note("Point at a cell to read it. One that is underlined leads to its images below."),
    )


def two_matrices(before: np.ndarray, after: np.ndarray, names: tuple[str, str]) -> Html:
    """Write the matrices of two runs on the same images, and what is more or less in the second."""

    def tables(by: str) -> list[Html]:
        each = [
            matrix_data(confusion, by=by, order=_LABELS, diagonal=True)
            for confusion in (before, after)
        ]
        titles = [f"{name}, {SHOWN[by].lower()}." for name in names]
        found = [_matrix(data, title) for data, title in zip(each, titles, strict=True)]
        signed = difference_data(before, after, by=by, order=_LABELS, diagonal=True)
        return [*found, _matrix(signed, f"Difference. {signed['caption']}")]

    return _switched(tables, "by three")


def _switched(tables: Callable[[str], list[Html]], kind: str) -> Html:
    """Write tables for each way to show a matrix, of which the page shows one."""
    choices = [
        element(
            "label",
            element("input", type="radio", name="shown", value=by, checked=by == "counts"),
            f" {words}",
        )
        for by, words in SHOWN.items()
    ]
    switch = element("fieldset", element("legend", "Show"), *choices, class_="switch")
    return together(switch, *(element("div", *tables(by), class_=kind, data_by=by) for by in SHOWN))


def _matrix(data: dict[str, Any], caption: str, linked: Collection[Cell] = ()) -> Html:
    names, totals = data["names"], data["totals"]
    heads = [element("th", element("span", name), scope="col") for name in names]
    if totals:
        heads.append(element("th", element("span", "all"), scope="col", class_="sum"))
    rows = []
    for true, (name, cells) in enumerate(zip(names, data["cells"], strict=True)):
        line = [_cell(cell, (true, at), linked) for at, cell in enumerate(cells)]
        if totals:
            line.append(element("td", totals["rows"][true], class_="sum"))
        rows.append(element("tr", element("th", name, scope="row"), *line))
    if totals:
        sums = [element("td", text, class_="sum") for text in (*totals["columns"], totals["all"])]
        rows.append(element("tr", element("th", "all", scope="row"), *sums, class_="sum"))
    return element(
        "table",
        element("caption", caption, "" if not totals else f" {data['caption']}"),
        element("thead", element("tr", element("td"), *heads)),
        element("tbody", *rows, data_scale=data["scale"]),
        class_="matrix",
    )


def _cell(cell: dict[str, Any], place: Cell, linked: Collection[Cell]) -> Html:
    text = cell["text"]
    content = element("a", text, href=anchor(place, sign="#")) if place in linked else text
    return element(
        "td",
        content,
        title=cell["tip"],
        data_step=cell["step"],
        class_="right" if place[0] == place[1] else None,
    )


def anchor(place: Cell, sign: str = "") -> str:
    """Return the id of the place where the images of a cell are shown."""
    return f"{sign}confusion-{place[0]}-{place[1]}"
