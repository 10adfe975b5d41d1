"""Milliseconds that the Data page takes: reruns on the server, and a page of images in the browser.

    CHROMIUM=/usr/bin/chromium python benchmarks/data_page.py [--turns 30]

Reruns are whole scripts run by Streamlit's own test runner, one view after the other in turns. A
visit is a new browser session, from its request to the first picture, in turns with one of the
Build page, which has no data to read: most of both is Streamlit's own start. A page of 100 images
is timed from the click on another page to the first frame after its tiles have changed.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from streamlit.testing.v1 import AppTest  # noqa: E402

from tests.browser.app_page import AppPage  # noqa: E402
from tests.browser.app_server import BROWSER_FLAGS, find_browser, serve  # noqa: E402

VISITED = {"data": ".gallery button", "build": ".item"}  # page → what it has drawn at last
VISITS = 5
VIEWS = ("images", "statistics", "map", "setup", "augmentation")

_TURN = """async (name) => {
  const gallery = [...document.querySelectorAll('*')]
    .map((node) => node.shadowRoot?.querySelector('.gallery[aria-label="Images of the data set"]'))
    .find(Boolean);
  const started = performance.now();
  const changed = new Promise((done) => {
    const watcher = new MutationObserver(() => {
      watcher.disconnect();
      requestAnimationFrame(done);
    });
    watcher.observe(gallery, { childList: true });
  });
  document.querySelector(`button[aria-label="${name}"]`).click();
  await changed;
  return performance.now() - started;
}"""


def opened(view: str) -> AppTest:
    """Open a view, caches filled."""
    app = AppTest.from_file(str(ROOT / "pages" / "navigation.py"), default_timeout=120)
    app.query_params["data"] = view
    app.switch_page("data.py").run()
    app.run()
    assert not app.exception, app.exception
    return app


def rerun_ms(app: AppTest) -> float:
    """Run the page again; milliseconds."""
    started = time.perf_counter()
    app.run()
    return (time.perf_counter() - started) * 1000


def reruns(turns: int) -> dict[str, list[float]]:
    """Return the times of each view's reruns."""
    apps = {view: opened(view) for view in VIEWS}
    times: dict[str, list[float]] = {view: [] for view in VIEWS}
    for _ in range(turns):
        for view, app in apps.items():
            times[view].append(rerun_ms(app))
    return times


def browsed(turns: int, log: Path, store: Path) -> tuple[dict[str, list[float]], list[float]]:
    """Return seconds of visits by page, the first ones of a fresh server, and of turned pages."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=BROWSER_FLAGS)
        with serve(store, log) as url:
            visits: dict[str, list[float]] = {name: [] for name in VISITED}
            for _ in range(VISITS):
                for name, seconds in visits.items():
                    seconds.append(visit_seconds(browser, url, name))
            app = AppPage(browser.new_page(), url)
            page = app.open("data")
            page.wait_for_timeout(2000)
            times = [turn_ms(app, page, number) for number in range(turns)]
        browser.close()
    return visits, times


def visit_seconds(browser: Browser, url: str, name: str) -> float:
    """Visit a page as a new session; seconds until it has drawn itself."""
    context = browser.new_context()
    page = context.new_page()
    started = time.perf_counter()
    page.goto(f"{url}/{name}")
    page.locator(VISITED[name]).first.wait_for(state="attached")
    seconds = time.perf_counter() - started
    context.close()
    return seconds


def turn_ms(app: AppPage, page: Page, number: int) -> float:
    """Turn to the next page, or back; milliseconds until its images are there."""
    name = "Next page" if number % 4 < 3 else "Previous page"
    milliseconds: float = page.evaluate(_TURN, name)
    app.settle()
    page.wait_for_timeout(200)
    return milliseconds


def row(name: str, times: list[float]) -> str:
    """Write a row of the table."""
    p95 = statistics.quantiles(times, n=20)[-1]
    return f"| {name} | {statistics.median(times):.0f}, {p95:.0f} |"


def main() -> None:
    """Measure all and print a Markdown table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--turns", type=int, default=30)
    turns = parser.parse_args().turns
    with tempfile.TemporaryDirectory() as folder:
        store = Path(folder) / "runs"
        store.mkdir()
        visits, pages = browsed(turns, Path(folder) / "server.log", store)
        os.environ["FMNIST_RUNS_DIR"] = str(store)
        print("| what | median, p95, ms |")
        print("|---|---|")
        for view, times in reruns(turns).items():
            print(row(f"rerun of {view}, on the server", times))
        print(row("100 images of another page, in the browser", pages))
    for name, (first, *others) in visits.items():
        print(f"\nvisit of {name}: {first:.1f} s at first, then {statistics.median(others):.1f} s")


if __name__ == "__main__":
    main()
