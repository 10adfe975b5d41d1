"""The page of a report: one file that opens offline, asks nothing of the network and prints.

Its charts are drawn by Plotly's JavaScript, so that curves can be zoomed and read off by pointing,
from figures that are plain data: the Python library is not imported. The script is taken from the
installed package when a report is written. It makes nearly all of the file's 5 MB; what is drawn by
hand would be smaller, and worse to look at closely.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from fmnist_core.exceptions import ExportError
from fmnist_core.figures import THEMED
from fmnist_core.figures.scale import scale_css
from fmnist_core.report.markup import Html, element, together
from fmnist_core.report.parts import Section, drawn

_FOLDER = Path(__file__).parent
_VIEWPORT = "width=device-width, initial-scale=1"


def page(title: str, lead: Sequence[object], sections: Sequence[Section]) -> str:
    """Return a whole HTML file.

    Args:
        title: Of the page.
        lead: What stands below the title.
        sections: The parts, in their order.

    Raises:
        ExportError: The chart library is not installed.
    """
    scripts = [plotly_script(), THEMED + (_FOLDER / "report.js").read_text(encoding="utf-8")]
    style = (_FOLDER / "report.css").read_text(encoding="utf-8") + scale_css()
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=_policy(scripts)),
        element("meta", name="viewport", content=_VIEWPORT),
        element("meta", name="color-scheme", content="light dark"),
        element("meta", name="referrer", content="no-referrer"),
        element("title", f"{title} · Fashion-MNIST Lab"),
        element("style", Html(style)),
    )
    body = element(
        "body",
        element("header", element("h1", title), *lead, _contents(sections)),
        element("main", *map(drawn, sections)),
        element(
            "footer", "Made by Fashion-MNIST Lab. The images are © 2017 Zalando SE, MIT licence."
        ),
        *(element("script", Html(script)) for script in scripts),
    )
    return "<!doctype html>\n" + element("html", head, body, lang="en") + "\n"


def _contents(sections: Sequence[Section]) -> Html:
    links = [element("a", each.heading, href=f"#{each.name}") for each in sections]
    return element("nav", together(*links), aria_label="Contents")


def _policy(scripts: Sequence[str]) -> str:
    """Allow these scripts and no other, pictures that are in the page, and no connection at all."""
    hashes = [base64.b64encode(hashlib.sha256(each.encode()).digest()).decode() for each in scripts]
    allowed = " ".join(f"'sha256-{each}'" for each in hashes)
    return (
        f"default-src 'none'; script-src {allowed}; style-src 'unsafe-inline'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


@cache
def plotly_script() -> str:
    """Return Plotly's JavaScript, of the installed package, which is not imported for it.

    Raises:
        ExportError: It is not installed.
    """
    found = find_spec("plotly")
    places = (found.submodule_search_locations if found else None) or []
    for place in places:
        path = Path(place) / "package_data" / "plotly.min.js"
        if path.exists():  # line ends as a browser reads them, else the hash would be another
            return path.read_text(encoding="utf-8").replace("\r\n", "\n").replace("\r", "\n")
    raise ExportError("A report needs a package that is not installed: pip install plotly")
