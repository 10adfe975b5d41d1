"""What axe, a checker of accessibility, finds on a page."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

# Drawn by Streamlit, so a page cannot change it: its navigation puts items into no list.
NOT_OURS = ["[data-testid=stSidebarNav]"]


def serious_violations(page: Page) -> list[tuple[str, str]]:
    """Return the rule and the element of each violation that is serious or critical."""
    return [
        (violation["id"], node["html"][:300])
        for violation in Axe().run(page, context={"exclude": NOT_OURS}).response["violations"]
        if violation["impact"] in ("serious", "critical")
        for node in violation["nodes"]
    ]
