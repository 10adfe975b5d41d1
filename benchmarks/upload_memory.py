"""How much memory the server takes for many and large pictures at once.

    CHROMIUM=/usr/bin/chromium python benchmarks/upload_memory.py

Twelve JPEG files of 12 megapixels and a PNG of 45 MB are uploaded together on the Classify page,
once the network has answered a first picture. Memory is the server's resident size; the inference
process, which holds TensorFlow, is another one.
"""

from __future__ import annotations

import io
import shutil
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import psutil
from PIL import Image
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.browser.app_page import AppPage  # noqa: E402
from tests.browser.app_server import BROWSER_FLAGS, find_browser, serve  # noqa: E402

RUN = "20261121-073649-b08929"
PHOTOS = 12
SEED = 7
FIRST_MS = 60_000  # TensorFlow is loaded for the first picture
WATCHED_SECONDS = 30.0
MB = 2**20


def pictures(folder: Path) -> list[str]:
    """Write the files, and return their paths."""
    rng = np.random.default_rng(SEED)
    for number in range(PHOTOS):
        blots = Image.fromarray(rng.integers(0, 255, (75, 100, 3), dtype=np.uint8))
        blots.resize((4_000, 3_000)).save(folder / f"photo-{number}.jpg", quality=95)
    noise = io.BytesIO()
    pixels = rng.integers(0, 255, (3_900, 4_000, 3), dtype=np.uint8)
    Image.fromarray(pixels).save(noise, "PNG", compress_level=0)
    (folder / "large.png").write_bytes(noise.getvalue())
    return [str(path) for path in sorted(folder.iterdir())]


def server_at(url: str) -> psutil.Process:
    """Return the process that serves an address."""
    port = url.rsplit(":", 1)[1]
    found = psutil.process_iter(["cmdline"])
    return next(each for each in found if port in (each.info["cmdline"] or []))


def main() -> None:
    """Measure, and print a sentence."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        place = Path(folder)
        (place / "pictures").mkdir()
        files = pictures(place / "pictures")
        shutil.copytree(ROOT / "saved_runs" / RUN, place / "runs" / RUN)
        browser = playwright.chromium.launch(executable_path=find_browser(), args=BROWSER_FLAGS)
        with serve(place / "runs", place / "server.log") as url:
            server, app = server_at(url), AppPage(browser.new_page(), url)
            page = app.open(f"classify?run={RUN}&source=samples")
            page.locator(".strip li").first.wait_for(timeout=FIRST_MS)
            page.get_by_text("Upload", exact=True).click()
            app.settle()
            idle = peak = server.memory_info().rss
            page.locator("input[type=file]").set_input_files(files)
            until = time.monotonic() + WATCHED_SECONDS
            while time.monotonic() < until:
                peak = max(peak, server.memory_info().rss)
                time.sleep(0.05)
            page.get_by_test_id("stDataFrame").wait_for()
        browser.close()
        size = sum(Path(file).stat().st_size for file in files)
    print(
        f"{len(files)} files, {size / MB:.0f} MB together: {idle / MB:.0f} MB before, at most "
        f"{peak / MB:.0f} MB, {(peak - idle) / MB:.0f} MB more"
    )


if __name__ == "__main__":
    main()
