"""Milliseconds from the end of a stroke on the Classify page to its answer, felt and on the server.

    CHROMIUM=/usr/bin/chromium python benchmarks/drawing.py [--strokes 40]

Felt: in a browser, from lifting the pen to the first frame after the strip of steps was drawn anew,
which is the last thing that a stroke changes. Server: what the page has to do for it, without
Streamlit: the PNG decoded and prepared, and the network asked about the picture and its steps.
"""

from __future__ import annotations

import argparse
import io
import random
import statistics
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw
from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from fmnist_core.data.photo import decode, prepare  # noqa: E402
from fmnist_core.inference.client import Inference  # noqa: E402
from fmnist_core.runs.store import RunStore  # noqa: E402
from tests.browser.app_page import AppPage  # noqa: E402
from tests.browser.app_server import BROWSER_FLAGS, find_browser, serve  # noqa: E402

RUN = "20261121-073649-b08929"
SEED = 7
FIRST_MS = 60_000  # TensorFlow is loaded for the first stroke

_WATCH = """() => {
  const shadow = (inner) => [...document.querySelectorAll('*')]
    .map((node) => node.shadowRoot?.querySelector(inner)).find(Boolean);
  const pad = shadow('.pad'), strip = shadow('.strip');
  window.felt = new Promise((done) => {
    let lifted = 0;
    pad.addEventListener('pointerup', () => { lifted = performance.now(); },
      { capture: true, once: true });
    const watcher = new MutationObserver(() => {
      watcher.disconnect();
      requestAnimationFrame(() => done(performance.now() - lifted));
    });
    watcher.observe(strip, { childList: true });
  });
}"""


def draw(page: Page, points: list[tuple[float, float]]) -> None:
    """Draw a stroke between points, as shares of the sheet."""
    box = page.locator(".pad canvas").bounding_box()
    assert box
    places = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in points]
    page.mouse.move(*places[0])
    page.mouse.down()
    for place in places[1:]:
        page.mouse.move(*place, steps=3)
    page.mouse.up()


def stroke_ms(app: AppPage, rng: random.Random) -> float:
    """Draw a stroke somewhere; milliseconds until its answer is there."""
    app.page.evaluate(_WATCH)
    draw(app.page, [(rng.uniform(0.2, 0.8), rng.uniform(0.1, 0.9)) for _ in range(3)])
    milliseconds: float = app.page.evaluate("() => window.felt")
    app.settle()
    return milliseconds


def server_ms(inference: Inference, rng: random.Random) -> float:
    """Do what the page does for a stroke; milliseconds."""
    image = Image.new("RGB", (280, 280), "white")
    corners = [(rng.uniform(50, 230), rng.uniform(30, 250)) for _ in range(4)]
    ImageDraw.Draw(image).polygon(corners, fill=(20, 20, 20))
    file = io.BytesIO()
    image.save(file, "PNG")
    started = time.perf_counter()
    prepared = prepare(decode(file.getvalue()))
    inference.ask("classify", RUN, {"images": prepared.pixels[np.newaxis]})
    steps = np.stack([step.squashed() for step in prepared.steps])
    inference.ask("classify", RUN, {"images": steps})
    return 1_000 * (time.perf_counter() - started)


def main() -> None:
    """Measure both in turns and print a Markdown table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--strokes", type=int, default=40)
    strokes = parser.parse_args().strokes
    rng, felt, server = random.Random(SEED), [], []
    inference = Inference(RunStore().root)
    server_ms(inference, rng)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=BROWSER_FLAGS)
        with serve(RunStore().root, Path(folder) / "server.log") as url:
            app = AppPage(browser.new_page(), url)
            page = app.open(f"classify?run={RUN}")
            draw(page, [(0.3, 0.2), (0.7, 0.8)])
            page.locator(".strip li").first.wait_for(timeout=FIRST_MS)
            for _ in range(strokes):
                felt.append(stroke_ms(app, rng))
                server.append(server_ms(inference, rng))
        browser.close()
    inference.close()
    print("| | median, p95, ms | target |\n|---|---|---|")
    for name, times, target in (("felt", felt, 300), ("server", server, 150)):
        p95 = statistics.quantiles(times, n=20)[-1]
        print(f"| {name} | {statistics.median(times):.0f}, {p95:.0f} | {target} |")


if __name__ == "__main__":
    main()
