"""What a person reads, and chooses, on a page that is driven without a browser."""

from __future__ import annotations

import re

from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Selectbox

_MARK = re.compile(r':color\[(.)\]\{foreground="(#\w{6})"\} ')  # of a run, before its name


def unmarked(text: str) -> str:
    """A text without the signs of runs."""
    return _MARK.sub("", text)


def marks(text: str) -> list[tuple[str, str]]:
    """The signs of runs in a text, each with its colour."""
    return _MARK.findall(text)


def texts(page: AppTest) -> str:
    """All sentences of a page, without backslashes that escape markdown and signs of runs."""
    elements = (*page.markdown, *page.caption, *page.error, *page.warning, *page.info)
    return unmarked("\n".join(element.value for element in elements)).replace("\\", "")


def run_choice(page: AppTest) -> Selectbox:
    """The selection of a run."""
    return next(box for box in page.selectbox if box.key.startswith("run-choice-"))
