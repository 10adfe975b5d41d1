"""What a person reads, and chooses, on a page that is driven without a browser."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Selectbox


def texts(page: AppTest) -> str:
    """All sentences of a page, without the backslashes that escape markdown."""
    elements = (*page.markdown, *page.caption, *page.error, *page.warning, *page.info)
    return "\n".join(element.value for element in elements).replace("\\", "")


def run_choice(page: AppTest) -> Selectbox:
    """The selection of a run."""
    return next(box for box in page.selectbox if box.key.startswith("run-choice-"))
