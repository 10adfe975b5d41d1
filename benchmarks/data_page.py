"""Milliseconds that the Data page takes: reruns on the server, and a page of images in the browser.

    CHROMIUM=/usr/bin/chromium python benchmarks/data_page.py [--turns 30]

Reruns are whole scripts run by Streamlit's own test runner, one view after the other in turns. The
first visit is that of a fresh server. A page of 100 images is timed from the click on another page
to the first frame after its tiles have changed.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from streamlit.testing.v1 import AppTest  # noqa: E402

from tests.browser.app_page import AppPage  # noqa: E402
from tests.browser.app_server import BROWSER_FLAGS, find_browser, serve  # noqa: E402

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


def browsed(turns: int, log: Path, store: Path) -> tuple[float, list[float]]:
    """Return seconds of the first visit, and the times of a turned page."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=BROWSER_FLAGS)
        with serve(store, log) as url:
            app = AppPage(browser.new_page(), url)
            started = time.perf_counter()
            page = app.open("data")
            page.locator(".gallery button").nth(100).wait_for(state="attached")
            first = time.perf_counter() - started
            page.wait_for_timeout(2000)
            times = [turn_ms(app, page, number) for number in range(turns)]
        browser.close()
    return first, times


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
        first, pages = browsed(turns, Path(folder) / "server.log", store)
        os.environ["FMNIST_RUNS_DIR"] = str(store)
        print("| what | median, p95, ms |")
        print("|---|---|")
        for view, times in reruns(turns).items():
            print(row(f"rerun of {view}, on the server", times))
        print(row("100 images of another page, in the browser", pages))
    print(f"\nfirst visit of a fresh server: {first:.1f} s")


if __name__ == "__main__":
    main()
