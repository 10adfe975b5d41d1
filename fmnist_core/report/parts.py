"""What sections are made of: tables, figures with a word on them, charts, pictures, problems."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from fmnist_core.analysis.predictions import Predictions
from fmnist_core.exceptions import FmnistError
from fmnist_core.export.png import png_url
from fmnist_core.format import percent
from fmnist_core.labels import CLASS_NAMES
from fmnist_core.report.markup import Html, element, together

Images = Callable[[], np.ndarray]  # returns all 70,000, uint8 (70000, 28, 28), or a DataError


@dataclass(frozen=True)
class Section:
    """A part of a report.

    Attributes:
        name: Its id in the page.
        heading: What stands above it.
        draw: Writes it; where that is an expected problem, its sentence takes the place.
    """

    name: str
    heading: str
    draw: Callable[[], Html]


def drawn(section: Section) -> Html:
    """Write a section, whatever is wrong with it."""
    try:
        body = section.draw()
    except FmnistError as error:
        body = element("p", "This part could not be made: ", str(error), class_="problem")
    return element("section", element("h2", section.heading), body, id=section.name)


def paragraph(*words: object) -> Html:
    """Write a paragraph."""
    return element("p", *words)


def note(*words: object) -> Html:
    """Write a paragraph that explains, in a quieter ink."""
    return element("p", *words, class_="note")


def tiles(*figures: tuple[str, str, str], muted: bool = False) -> Html:
    """Write figures, each with its name above and a word on it below."""
    written = [
        element(
            "div",
            element("dt", name),
            element("dd", value, class_="value"),
            element("dd", words, class_="words"),
        )
        for name, value, words in figures
    ]
    return element("dl", *written, class_="tiles muted" if muted else "tiles")


def table(
    columns: Sequence[str],
    rows: Sequence[Sequence[object]],
    *,
    caption: str,
    sortable: bool = False,
    total: bool = False,
) -> Html:
    """Write a table.

    Args:
        columns: Headings.
        rows: Cells of each row; the first is its heading.
        caption: What it is, for who cannot see it.
        sortable: A click on a heading sorts it.
        total: The last row is a sum.
    """
    head = element("tr", *(element("th", name, scope="col") for name in columns))
    lines = [
        element(
            "tr",
            element("th", row[0], scope="row"),
            *(element("td", cell) for cell in row[1:]),
            class_="total" if total and row is rows[-1] else None,
        )
        for row in rows
    ]
    return element(
        "div",
        element(
            "table",
            element("caption", caption),
            element("thead", head),
            element("tbody", *lines),
            data_sortable=sortable,
        ),
        class_="scroll",
        tabindex=0,
        role="region",
        aria_label=caption,
    )


def more(summary: str, *content: object) -> Html:
    """Write what is folded away until it is asked for."""
    return element("details", element("summary", summary), *content)


def chart(name: str, figure: dict[str, Any], *, alt: str, caption: str = "") -> Html:
    """Write a figure in Plotly's terms, as data, which the page's script draws.

    Args:
        name: Tells it from the other charts of the page.
        figure: As the modules in `fmnist_core.figures` make it.
        alt: What it shows, for who cannot see it.
        caption: What stands below it.
    """
    data = json.dumps(figure, separators=(",", ":"), allow_nan=False).replace("<", "\\u003c")
    place = element(
        "div",
        class_="chart",
        role="img",
        aria_label=alt,
        data_figure=f"data-{name}",
        style=f"min-height: {int(figure['layout']['height'])}px",
    )
    script = element("script", Html(data), type="application/json", id=f"data-{name}")
    words = element("figcaption", caption) if caption else Html()
    return element("figure", place, script, words)


def picture(pixels: np.ndarray, *, alt: str, size: int = 56) -> Html:
    """Write grey pixels, uint8 (height, width), as a picture of `size` pixels of the page."""
    return element(
        "img", src=png_url(pixels), alt=alt, title=alt, width=size, height=size, class_="pixels"
    )


def gallery(predictions: Predictions, places: np.ndarray, images: Images) -> Html:
    """Write images with what they are and what they are taken for.

    Args:
        predictions: Of the part.
        places: In `predictions`, of the images, int (M,).
        images: Returns all images.
    """
    pixels = images()
    cards = [_card(predictions, int(place), pixels) for place in places]
    return element("ul", *cards, class_="gallery") if cards else paragraph("None.")


def _card(predictions: Predictions, place: int, pixels: np.ndarray) -> Html:
    index = int(predictions.index[place])
    truth = CLASS_NAMES[predictions.y_true[place]]
    taken = CLASS_NAMES[predictions.y_pred[place]]
    sure = percent(float(predictions.confidence[place]), 1)
    alt = f"Image {index:,}: {truth}, predicted {taken} with {sure}"
    words = together(
        element("span", truth, class_="quiet"),
        element("span", ("→ " if predictions.wrong[place] else "✓ ") + taken),
        element("span", sure),
    )
    return element("li", picture(pixels[index], alt=alt), words)
