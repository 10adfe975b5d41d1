"""A browser page with the app in it, and how a person uses it."""

from __future__ import annotations

from collections.abc import Iterator

from playwright.sync_api import Locator, Page, Request, expect

IDLE = '[data-testid="stApp"][data-test-script-state="notRunning"]'
ON_MACHINE = ("http://127.0.0.1", "ws://127.0.0.1", "data:", "blob:")


class AppPage:
    """Opens pages of the app and remembers what went wrong."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self._url = url
        self._problems: list[str] = []
        page.on("pageerror", lambda error: self._problems.append(f"JavaScript: {error}"))
        page.on("request", self._watch)

    def _watch(self, request: Request) -> None:
        if not request.url.startswith(ON_MACHINE):
            self._problems.append(f"off the machine: {request.url}")

    def open(self, path: str = "") -> Page:
        self.page.goto(f"{self._url}/{path}")
        self.settle()
        return self.page

    def settle(self) -> None:
        """Wait until the script has run and its title stands there."""
        self.page.wait_for_selector("h1")
        self.page.wait_for_timeout(100)  # what was just done is sent a few frames later
        self.page.wait_for_selector(IDLE)

    def reload(self) -> None:
        """Reload once the address is up to date, as fast as a person could."""
        self.settle()
        self.page.wait_for_timeout(500)
        self.page.reload()
        self.settle()

    def schemes(self) -> Iterator[str]:
        """Show the page in light, then in dark, drawn to its end."""
        for scheme in ("light", "dark"):
            self.page.emulate_media(color_scheme=scheme)
            expect(self.page.get_by_test_id("stApp")).to_have_css("color-scheme", scheme)
            self.settle()
            self.page.wait_for_timeout(500)  # charts and tables draw themselves
            yield scheme

    def card(self, layer: str) -> Locator:
        """The card of a layer on the Build page."""
        return self.page.locator(f'.item[data-layer="{layer}"]')

    def layers(self) -> list[str]:
        """The names of the cards on the Build page, in order."""
        cards = self.page.locator(".item").all()
        return [card.get_attribute("data-layer") or "" for card in cards]

    def check(self) -> None:
        assert self.page.get_by_test_id("stException").count() == 0
        assert not self._problems, self._problems
