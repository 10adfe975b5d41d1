"""What a person reads on a page that was driven without a browser."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest


def texts(page: AppTest) -> str:
    """All sentences of a page, without the backslashes that escape markdown."""
    elements = (*page.markdown, *page.caption, *page.error, *page.warning, *page.info)
    return "\n".join(element.value for element in elements).replace("\\", "")
