"""What keeps people out of a page: what axe finds, and what is wider than a phone."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

# Drawn by Streamlit, so a page cannot change it: its navigation puts items into no list.
NOT_OURS = ["[data-testid=stSidebarNav]"]


def serious(page: Page) -> list[tuple[str, str]]:
    """The serious findings of axe: the rule, and the element that breaks it."""
    return [
        (violation["id"], node["html"][:300])
        for violation in Axe().run(page, context={"exclude": NOT_OURS}).response["violations"]
        if violation["impact"] in ("serious", "critical")
        for node in violation["nodes"]
    ]


def too_wide(page: Page) -> list[str]:
    """The elements that reach beyond the right edge, but for what scrolls in itself.

    Charts follow a change of the window's width with a delay, so they get five seconds.
    """
    main = page.get_by_test_id("stMain")
    for _ in range(25):
        if not main.evaluate("node => node.scrollWidth > innerWidth"):
            break
        page.wait_for_timeout(200)
    else:
        return ["the page itself scrolls sideways"]
    return page.evaluate(
        """() => [...document.querySelectorAll('[data-testid=stMain] *')]
             .filter(e => e.getBoundingClientRect().right > innerWidth + 1
                          && !e.closest('[data-testid=stDataFrame], svg, button')
                          && e.type !== 'range')  // a slider draws itself, its inputs are unseen
             .map(e => e.outerHTML.slice(0, 200))"""
    )
