"""Milliseconds until the nearest training images of another image are shown, and to find them.

    CHROMIUM=/usr/bin/chromium python benchmarks/nearest_images.py [--images 40]

In the browser: from a click on "Next image" to the first frame with it, on a shipped run whose
features are computed, in turns with another run, of which they are not. Alone: the search among
60,000 images of which the network reads so many numbers, in turns; 2,048 is the most that is kept.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from fmnist_core.analysis.neighbours import Features, nearest_many  # noqa: E402
from fmnist_core.data.files import load  # noqa: E402
from fmnist_core.derived.kinds import FEATURES  # noqa: E402
from fmnist_core.derived.results import compute  # noqa: E402
from fmnist_core.runs.store import RunStore  # noqa: E402
from tests.browser.app_page import AppPage  # noqa: E402
from tests.browser.app_server import BROWSER_FLAGS, find_browser, serve  # noqa: E402

RUNS = {"with": "20260101-000000-000000", "without": "20260101-000001-000000"}  # copies of
SHIPPED = "20261121-073649-b08929"
SIZES = (64, 1_024, 2_048)
SHOWN = 8

_NEXT = """async () => {
  const card = [...document.querySelectorAll('*')]
    .map((node) => node.shadowRoot?.querySelector('.card')).find(Boolean);
  const started = performance.now();
  const changed = new Promise((done) => {
    const watcher = new MutationObserver(() => {
      watcher.disconnect();
      requestAnimationFrame(done);
    });
    watcher.observe(card, { childList: true });
  });
  card.querySelector('[data-go=next]').click();
  await changed;
  return performance.now() - started;
}"""


def store_of(root: Path) -> RunStore:
    """Copy a shipped run twice, and compute the features of one of the copies."""
    for run_id in RUNS.values():
        shutil.copytree(RunStore().root / SHIPPED, root / run_id)
    store = RunStore(root)
    compute(store.get(RUNS["with"]), FEATURES, store)
    return store


def clicks(root: Path, count: int) -> dict[str, list[float]]:
    """Go from image to image on both runs in turns."""
    times: dict[str, list[float]] = {name: [] for name in RUNS}
    with sync_playwright() as playwright, serve(root, root / "server.log") as url:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=BROWSER_FLAGS)
        apps = {name: AppPage(browser.new_page(), url) for name in RUNS}
        for name, app in apps.items():
            app.open(f"errors?run={RUNS[name]}").wait_for_timeout(2000)
            app.page.evaluate(_NEXT)  # the first one opens the features
            app.settle()
        for _ in range(count):
            for name, app in apps.items():
                times[name].append(app.page.evaluate(_NEXT))
                app.settle()
        browser.close()
    return times


def searches(count: int) -> dict[int, list[float]]:
    """Search among vectors of each size in turns; they are random, which changes no time."""
    rng, labels = np.random.default_rng(7), load().labels
    known = {}
    for size in SIZES:
        vectors = rng.random((70_000, size), np.float32)
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        vectors = vectors.astype(np.float16)
        known[size] = Features(vectors=vectors, layer="dense", size=size, projected=False)
    times: dict[int, list[float]] = {size: [] for size in SIZES}
    for image in range(count):
        for size, features in known.items():
            started = time.perf_counter()
            nearest_many(features, np.array([60_000 + image]), labels, k=SHOWN)
            times[size].append((time.perf_counter() - started) * 1000)
    return times


def row(name: str, times: list[float]) -> str:
    """Write a row of a Markdown table."""
    p95 = statistics.quantiles(times, n=20)[-1]
    return f"| {name} | {statistics.median(times):.0f}, {p95:.0f} |"


def main() -> None:
    """Measure all and print a Markdown table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--images", type=int, default=40)
    images = parser.parse_args().images
    with tempfile.TemporaryDirectory() as folder:
        in_browser = clicks(store_of(Path(folder)).root, images)
    alone = searches(images)
    print("| what | median, p95, ms |")
    print("|---|---|")
    print(row("next image in the browser, with its nearest", in_browser["with"]))
    print(row("the same without", in_browser["without"]))
    for size, times in alone.items():
        print(row(f"the search alone, {size:,} numbers an image", times))
    pairs = zip(in_browser["with"], in_browser["without"], strict=True)
    print(f"\nratio, median of {images} pairs: {statistics.median(a / b for a, b in pairs):.2f}")


if __name__ == "__main__":
    main()
