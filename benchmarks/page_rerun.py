"""Server-side time of a page's rerun with many runs in the store, against an empty store.

    python benchmarks/page_rerun.py [--runs 1000] [--reruns 40]

Each rerun is a whole script run by Streamlit's own test runner, without a browser; full and empty
store are measured in turns.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from streamlit.testing.v1 import AppTest  # noqa: E402

from fmnist_core.jobs import train  # noqa: E402
from fmnist_core.model import presets  # noqa: E402
from fmnist_core.runs.store import RunStore  # noqa: E402
from fmnist_core.specs import DataSpec, Experiment, TrainSpec  # noqa: E402

PAGES = ("overview.py", "build.py", "train.py", "runs.py", "errors.py")


def fill(root: Path, count: int) -> None:
    """Train one tiny run, and copy its folder under other ids."""
    asked = Experiment(
        model=presets.load("small").experiment.model,
        data=DataSpec(subset=300, validation=300),
        train=TrainSpec(epochs=2),
    )
    first = train(asked, store=RunStore(root)).folder
    for number in range(1, count):
        shutil.copytree(first, root / f"20260101-{number:06d}-{number:06x}")


def opened(page: str) -> AppTest:
    """Open a page as the app does, through its navigation."""
    app = AppTest.from_file(str(ROOT / "pages" / "navigation.py"), default_timeout=60)
    app.run()
    if page != "overview.py":
        app.switch_page(page).run()
    assert app.title[0].value == page.removesuffix(".py").capitalize()
    return app


def rerun_ms(app: AppTest, root: Path) -> float:
    """Rerun the open page on a store; milliseconds."""
    os.environ["FMNIST_RUNS_DIR"] = str(root)
    started = time.perf_counter()
    app.run()
    assert not app.exception, app.exception
    return (time.perf_counter() - started) * 1000


def main() -> None:
    """Measure every page in turns and print a Markdown table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=1000)
    parser.add_argument("--reruns", type=int, default=40)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        full, empty = Path(folder) / "full", Path(folder) / "empty"
        empty.mkdir()
        fill(full, args.runs)
        print(f"| page | {args.runs:,} runs: median, p95, ms | no runs: median, p95, ms | ratio |")
        print("|---|---|---|---|")
        for page in PAGES:
            os.environ["FMNIST_RUNS_DIR"] = str(full)
            app = opened(page)
            for root in (full, empty):
                rerun_ms(app, root)  # fills the caches, as a first visit does
            times = [(rerun_ms(app, full), rerun_ms(app, empty)) for _ in range(args.reruns)]
            many, none = ([pair[k] for pair in times] for k in (0, 1))
            ratio = statistics.median(m / n for m, n in times)
            cells = " | ".join(f"{statistics.median(c):.0f}, {p95(c):.0f}" for c in (many, none))
            print(f"| {page.removesuffix('.py')} | {cells} | {ratio:.2f} |", flush=True)


def p95(values: list[float]) -> float:
    """Return the 95th percentile."""
    return statistics.quantiles(values, n=20)[-1]


if __name__ == "__main__":
    main()
