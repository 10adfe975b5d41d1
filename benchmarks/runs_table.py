"""Server-side time of pages with many runs, and of listing them in a new process.

    python benchmarks/runs_table.py [--runs 1000 10000] [--reruns 40]

The runs are copies of one made-up finished run, each with another name, learning rate, tag and
accuracy. A rerun is a whole script run by Streamlit's own test runner, without a browser. On Train
and Errors, where one run is chosen from a list of all, the processor's time is measured too.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from streamlit.testing.v1 import AppTest  # noqa: E402

from fmnist_core.runs.index import FILE_NAME as INDEX  # noqa: E402
from fmnist_core.runs.store import RunStore  # noqa: E402
from tests.app.run_folders import finished_run  # noqa: E402

FILES = ("experiment.json", "status.json", "result.json")


def fill(root: Path, count: int) -> None:
    """Make finished runs that differ in what a table shows."""
    with tempfile.TemporaryDirectory() as folder:
        first = finished_run(RunStore(Path(folder)))
        texts = {name: json.loads((first.folder / name).read_text()) for name in FILES}
    for number in range(count):
        run = root / f"20260101-{number:06d}-{number:06x}"
        run.mkdir(parents=True)
        asked, result = texts["experiment.json"]["experiment"], texts["result.json"]
        asked["name"] = f"run {number}"
        asked["train"]["learning_rate"] = (1 + number % 97) / 10_000
        result["validation"]["correct"] = 5_000 + number % 800
        for name, text in texts.items():
            (run / name).write_text(json.dumps(text))
        notes = {"format": 1, "tags": [f"group{number % 7}"], "star": number % 50 == 0}
        (run / "notes.json").write_text(json.dumps(notes))


def opened(root: Path, page: str = "runs") -> AppTest:
    """Open a page as the app does, and again, so that its caches are filled."""
    os.environ["FMNIST_RUNS_DIR"] = str(root)
    app = AppTest.from_file(str(ROOT / "pages" / "navigation.py"), default_timeout=300)
    app.run()
    app.session_state["run"] = "20260101-000005-000005"
    app.switch_page(f"{page}.py").run()
    app.run()
    assert app.title[0].value == page.capitalize() and not app.exception, app.exception
    return app


def rerun_ms(app: AppTest) -> float:
    """Rerun the open page; milliseconds."""
    return ms(app.run)


def ms(work) -> float:
    """Time something; milliseconds."""
    started = time.perf_counter()
    work()
    return (time.perf_counter() - started) * 1000


def choosing(root: Path, page: str, reruns: int) -> str:
    """Rerun a page on which a run is chosen; describe its times in a line of a table."""
    app = opened(root, page)
    (choice,) = [box for box in app.selectbox if box.key.startswith("run-choice-")]
    started = time.process_time()
    wall = [rerun_ms(app) for _ in range(reruns)]
    worked = 1000 * (time.process_time() - started) / reruns
    size = len(choice.proto.SerializeToString()) / 1000
    cells = f"{statistics.median(wall):.0f}, {p95(wall):.0f} | {worked:.0f} | {size:.0f}"
    return f"| {len(choice.options):,} | {page} | {cells} |"


def p95(values: list[float]) -> float:
    """Return the 95th percentile."""
    return statistics.quantiles(values, n=20)[-1]


def main() -> None:
    """Measure each size and print a Markdown table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, nargs="+", default=[1000, 10_000])
    parser.add_argument("--reruns", type=int, default=40)
    args = parser.parse_args()
    print("| runs | rerun: median, p95, ms | filtered: median, p95, ms | without index, s "
          "| with index, s | looking again, ms |")  # fmt: skip
    print("|---|---|---|---|---|---|")
    choices = ["| runs | page | rerun: median, p95, ms | processor, mean, ms | list of runs, kB |"]
    choices.append("|---|---|---|---|---|")
    for count in args.runs:
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder)
            fill(root, count)
            cold = ms(RunStore(root).summaries)
            assert (root / INDEX).exists()
            store = RunStore(root)
            indexed = ms(store.summaries)
            again = statistics.median(ms(store.summaries) for _ in range(10))
            app = opened(root)
            plain = [rerun_ms(app) for _ in range(args.reruns)]
            app.text_input(key="runs-text").set_value("run 7 group3")
            filtered = [rerun_ms(app) for _ in range(args.reruns)]
            assert not app.exception, app.exception
            cells = (
                f"{statistics.median(each):.0f}, {p95(each):.0f}" for each in (plain, filtered)
            )
            print(f"| {count:,} | {' | '.join(cells)} | {cold / 1000:.1f} | {indexed / 1000:.1f} "
                  f"| {again:.0f} |", flush=True)  # fmt: skip
            choices += [choosing(root, page, args.reruns) for page in ("train", "errors")]
    print("", *choices, sep="\n")


if __name__ == "__main__":
    main()
