"""Seconds to lay out the test images of a shipped run, and milliseconds of the page with the map.

    python benchmarks/embedding.py [--rounds 2] [--reruns 30]

In turns: PCA, t-SNE and the nearest neighbours of all 10,000 test images and of half of them. Then
the Inside page's rerun, without a browser and with the real inference process: with the map, with
the map and 2,000 images chosen on it, and with the feature maps instead, in turns.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from streamlit.testing.v1 import AppTest  # noqa: E402

from fmnist_core.analysis.map_agreement import kept, nearest  # noqa: E402
from fmnist_core.derived.kinds import EMBEDDING, FEATURES  # noqa: E402
from fmnist_core.derived.place import result_path  # noqa: E402
from fmnist_core.derived.results import compute  # noqa: E402
from fmnist_core.inside.embedding import STEPS, mapped_features, pca, tsne, write_maps  # noqa: E402
from fmnist_core.runs.store import RunStore  # noqa: E402

SHIPPED = "20261121-073649-46b3d2"
PARTS = {"10,000": 1, "5,000": 2}  # every so-manieth image
CHOSEN = list(range(60_000, 62_000))


def seconds(work: Callable[[], object]) -> tuple[float, object]:
    """Time one call."""
    started = time.perf_counter()
    found = work()
    return time.perf_counter() - started, found


def lay_out(store: RunStore, rounds: int) -> dict[str, list[float]]:
    """Time each step on all and on half of the images, and keep the maps of all for the page."""
    run = store.get(SHIPPED)
    computing, _ = seconds(lambda: compute(run, FEATURES, store))
    times: dict[str, list[float]] = {"features of all 70,000, with the start": [computing]}
    known = mapped_features(run)
    for _ in range(rounds):
        for name, step in PARTS.items():
            vectors = known.vectors[::step]
            took, (flat, explained) = seconds(lambda vectors=vectors: pca(vectors))
            times.setdefault(f"PCA, {name}", []).append(took)
            took, points = seconds(lambda flat=flat: tsne(flat, lambda *_: None, steps=STEPS))
            times.setdefault(f"t-SNE, {name}", []).append(took)
            took, _ = seconds(lambda v=vectors, p=points: kept(nearest(v), nearest(p)))
            times.setdefault(f"neighbours in both, {name}", []).append(took)
            if step == 1:
                folder = result_path(store.root, run, EMBEDDING)
                folder.mkdir(exist_ok=True)
                places = {"pca": flat[:, :2], "tsne": points}
                write_maps(folder, known, places, explained=explained)
    return times


def opened(look: str) -> AppTest:
    """Open a view of the Inside page, through the app's navigation."""
    page = AppTest.from_file(str(ROOT / "pages" / "navigation.py"), default_timeout=120)
    page.query_params.update({"run": SHIPPED, "image": "61000", "look": look})
    page.switch_page("inside.py").run()
    assert not page.exception
    assert page.get("bidi_component"), "the view is not drawn"
    return page


def reruns(count: int) -> dict[str, list[float]]:
    """Time the page's reruns, each view in turn."""
    pages = {name: opened("embedding") for name in ("map", "map, 2,000 images chosen")}
    pages["map, 2,000 images chosen"].session_state["inside-picked"] = CHOSEN
    pages["feature maps instead"] = opened("maps")
    times: dict[str, list[float]] = {name: [] for name in pages}
    for number in range(count + 1):
        for name, page in pages.items():
            took, _ = seconds(page.run)
            assert not page.exception
            if number:  # the first one fills the caches
                times[name].append(1_000 * took)
    return times


def main() -> None:
    """Measure all and print two Markdown tables."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--reruns", type=int, default=30)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(RunStore(ROOT / "saved_runs").get(SHIPPED).folder, Path(folder) / SHIPPED)
        os.environ["FMNIST_RUNS_DIR"] = folder
        laid_out = lay_out(RunStore(Path(folder)), args.rounds)
        print("| what | seconds, each round |\n|---|---|")
        for name, times in laid_out.items():
            print(f"| {name} | {', '.join(f'{each:.2f}' for each in times)} |", flush=True)
        print("\n| Inside page with | median, p95, ms |\n|---|---|")
        for name, times in reruns(args.reruns).items():
            p95 = statistics.quantiles(times, n=20)[-1]
            print(f"| {name} | {statistics.median(times):.0f}, {p95:.0f} |")


if __name__ == "__main__":
    main()
