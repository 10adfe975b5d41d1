"""Milliseconds from a click on a cell of the confusion matrix to its images, in the browser.

    CHROMIUM=/usr/bin/chromium python benchmarks/errors_click.py [--clicks 40]

On a shipped run: among all 10,000 test images, right ones too, in turns with the mistakes among the
6,000 validation images. The time ends with the first frame after the gallery's tiles have changed.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from fmnist_core.runs.store import RunStore  # noqa: E402
from tests.browser.app_page import AppPage  # noqa: E402
from tests.browser.app_server import BROWSER_FLAGS, find_browser, serve  # noqa: E402

RUN = "20261121-073649-b08929"
CELLS = ((6, 0), (0, 6), (6, 4), (2, 4), (3, 4), (6, 2), (7, 9), (2, 6))  # common confusions

_CLICK = """async ([row, column]) => {
  const shadow = (inner) => [...document.querySelectorAll('*')]
    .map((node) => node.shadowRoot?.querySelector(inner)).find(Boolean);
  const gallery = shadow('.gallery'), cell = shadow(`[data-row="${row}"][data-column="${column}"]`);
  const started = performance.now();
  const changed = new Promise((done) => {
    const watcher = new MutationObserver(() => {
      watcher.disconnect();
      requestAnimationFrame(done);
    });
    watcher.observe(gallery, { childList: true });
  });
  cell.click();
  await changed;
  return performance.now() - started;
}"""


def opened(app: AppPage, part: str) -> Page:
    """Open the page on a part; of the test images, those that are right too."""
    page = app.open(f"errors?run={RUN}&part={part}")
    if part == "test":
        page.get_by_text("Show right ones too").click()
        app.settle()
    page.wait_for_timeout(1000)
    return page


def click_ms(app: AppPage, number: int) -> float:
    """Choose the next cell; milliseconds until its images are there."""
    true, predicted = CELLS[number % len(CELLS)]
    milliseconds = app.page.evaluate(_CLICK, [true + 1, predicted + 1])
    app.settle()
    return milliseconds


def main() -> None:
    """Measure both in turns and print a Markdown table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--clicks", type=int, default=40)
    clicks = parser.parse_args().clicks
    times: dict[str, list[float]] = {"test": [], "validation": []}
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=BROWSER_FLAGS)
        with serve(RunStore().root, Path(folder) / "server.log") as url:
            apps = {part: AppPage(browser.new_page(), url) for part in times}
            for part, app in apps.items():
                opened(app, part)
            for number in range(clicks):
                for part, app in apps.items():
                    times[part].append(click_ms(app, number))
        browser.close()
    print("| images | median, p95, ms |")
    print("|---|---|")
    for part, name in (("test", "10,000, all"), ("validation", "6,000, mistakes only")):
        p95 = statistics.quantiles(times[part], n=20)[-1]
        print(f"| {name} | {statistics.median(times[part]):.0f}, {p95:.0f} |")
    pairs = zip(times["test"], times["validation"], strict=True)
    print(f"\nratio, median of {clicks} pairs: {statistics.median(a / b for a, b in pairs):.2f}")


if __name__ == "__main__":
    main()
