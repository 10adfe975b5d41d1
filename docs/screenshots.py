"""Takes the pictures in docs/images: every page in light, in dark and on a phone.

Run by `make screenshots`. The store is that of the repository, or $FMNIST_RUNS_DIR.
"""

from __future__ import annotations

import io
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from fmnist_core.runs.store import RunStore
from tests.browser.app_page import AppPage
from tests.browser.app_server import BROWSER_FLAGS, find_browser, serve

IMAGES = Path(__file__).parent / "images"
PAGES = (
    *("overview", "data", "build", "train", "runs", "errors"),
    *("inside", "classify", "references"),
)
LOOKS = {  # name → width in pixels, colour scheme
    "light": (1280, "light"),
    "dark": (1280, "dark"),
    "phone": (390, "light"),
}
MAX_HEIGHT = 1600  # pixels
COLORS = 256  # a palette is half the size, and nobody sees it
DRAWN_MS = 1500  # charts and tables draw themselves after the page is there


def main() -> None:
    """Write one PNG a page and look."""
    store = RunStore()
    IMAGES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=BROWSER_FLAGS)
        with serve(store.root, Path(folder) / "server.log") as url:
            for look in LOOKS:
                take_look(browser, url, look, _best_run(store))
        browser.close()


def take_look(browser: Browser, url: str, look: str, run_id: str) -> None:
    """Take all pages in one look."""
    width, scheme = LOOKS[look]
    context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
    for name in PAGES:
        app = AppPage(context.new_page(), url)
        page = app.open(_address(name, run_id))
        page.wait_for_timeout(DRAWN_MS)
        _fit(page, width)
        _save(page.screenshot(), IMAGES / f"{name}-{look}.png")
        app.check()
    context.close()


def _address(name: str, run_id: str) -> str:
    if name in ("train", "errors"):
        return f"{name}?run={run_id}"
    if name == "inside":
        return f"{name}?run={run_id}&image=60009"  # a sneaker
    if name == "classify":
        return f"{name}?run={run_id}&source=samples&sample=coat.jpg"
    return "" if name == "overview" else name


def _best_run(store: RunStore) -> str:
    """Return the finished run with a model and the best validation accuracy; "" without one."""
    finished = [row for row in store.summaries() if row.honest and store.get(row.run_id).has_model]
    best = max(finished, key=lambda row: row.val_accuracy or 0, default=None)
    return best.run_id if best else ""


def _fit(page: Page, width: int) -> None:
    """Make the window as high as the page: Streamlit scrolls inside it."""
    height = page.get_by_test_id("stMain").evaluate("node => node.scrollHeight")
    page.set_viewport_size({"width": width, "height": min(height, MAX_HEIGHT)})
    page.wait_for_timeout(DRAWN_MS)


def _save(png: bytes, path: Path) -> None:
    image = Image.open(io.BytesIO(png)).convert("RGB").quantize(COLORS)
    image.save(path, optimize=True)
    print(f"{path.name}: {path.stat().st_size / 1024:.0f} kB")


if __name__ == "__main__":
    main()
