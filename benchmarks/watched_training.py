"""Training time with all that goes on around it, as a ratio to the bare training loop.

    python benchmarks/watched_training.py [--pairs 3] [--watchers 10]

In turns, each in a process of its own: the loop alone; the worker, which streams its metrics and
takes checkpoints; and the worker while ten watchers look at the Train page, which asks how the run
gets on once a second. A watcher is a client that speaks the browser's side of Streamlit's protocol
and asks the feed, so what a browser itself needs to draw is not in it: that is another machine's
work, or should be. The seconds are training with validation.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from streamlit.proto.BackMsg_pb2 import BackMsg  # noqa: E402
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg  # noqa: E402
from websockets.asyncio.client import connect  # noqa: E402

from fmnist_core.jobs import launch, wait  # noqa: E402
from fmnist_core.model import presets  # noqa: E402
from fmnist_core.runs.store import RunStore  # noqa: E402
from fmnist_core.specs import DataSpec, Experiment  # noqa: E402
from tests.browser.app_server import serve  # noqa: E402

CASES = (  # preset, training images, epochs
    ("r2-3-layer", 40_000, 5),
    ("small", 40_000, 8),
    ("r2-3-layer", 10_000, 5),
)
BARE = """
import json, sys
from fmnist_core.data.files import load
from fmnist_core.data.splits import split_indices
from fmnist_core.specs import Experiment
from fmnist_core.training.loop import Trainer

class Nobody:
    def on_block(self, block): ...
    def on_epoch(self, figures, moment): ...
    def on_best(self): ...
    def on_event(self, event, **values): ...
    def goes_on(self, trainer): return True

experiment, data = Experiment.from_dict(json.loads(sys.argv[1])), load()
split = split_indices(data.labels, experiment.data)
trainer = Trainer(experiment, data.images, data.labels, split)
trainer.fit(Nobody(), Nobody())
print(trainer.state.seconds)
"""


def bare_seconds(experiment: Experiment) -> float:
    """Train with nobody listening."""
    command = [sys.executable, "-c", BARE, json.dumps(experiment.to_dict())]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    return float(done.stdout.split()[-1])


def run_seconds(experiment: Experiment, store: RunStore, url: str, watchers: int) -> float:
    """Train as the app does, with so many watchers."""
    run = launch(experiment, store)
    with watched(url, run.run_id, watchers) as ticks:
        wait(run)
    assert run.result is not None
    if watchers and min(ticks) < 0.5 * run.result.seconds:
        raise RuntimeError(f"A watcher saw {min(ticks)} ticks in {run.result.seconds:.0f} s.")
    return run.result.seconds


@contextmanager
def watched(url: str, run_id: str, watchers: int) -> Iterator[list[int]]:
    """Look at a run meanwhile; yields how many answers each watcher has had so far."""
    ticks, ended = [0] * watchers, threading.Event()
    thread = threading.Thread(target=asyncio.run, args=(watch_all(url, run_id, ticks, ended),))
    thread.start()
    try:
        yield ticks
    finally:
        ended.set()
        thread.join()


async def watch_all(url: str, run_id: str, ticks: list[int], ended: threading.Event) -> None:
    """Have all watchers look until it has ended."""
    tasks = [asyncio.create_task(watch(url, run_id, ticks, n)) for n in range(len(ticks))]
    while not ended.is_set():
        await asyncio.sleep(0.1)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def watch(url: str, run_id: str, ticks: list[int], number: int) -> None:
    """Look at the Train page of a run as a browser does."""
    await asyncio.gather(keep_page(url, run_id), follow(url, run_id, ticks, number))


async def keep_page(url: str, run_id: str) -> None:
    """Open the page, and rerun its fragment as often as the page asks for."""
    address = f"{url.replace('http', 'ws', 1)}/_stcore/stream"
    async with connect(address, subprotocols=["streamlit"], max_size=None) as socket:
        await socket.send(rerun(run_id))
        interval, fragment = 0.0, ""
        async for data in socket:
            message = ForwardMsg.FromString(data)
            if message.HasField("auto_rerun"):
                fragment = message.auto_rerun.fragment_id
                interval = message.auto_rerun.interval
            elif message.HasField("script_finished") and fragment:
                await asyncio.sleep(interval)
                await socket.send(rerun(run_id, fragment))


async def follow(url: str, run_id: str, ticks: list[int], number: int) -> None:
    """Ask the run's feed once a second, over one connection, for what has changed."""
    host, port = url.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    tag = b""
    while True:
        writer.write(
            f"GET /live/{run_id} HTTP/1.1\r\nHost: {host}:{port}\r\n".encode()
            + b"If-None-Match: "
            + tag
            + b"\r\n\r\n"
        )
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        fields = dict(line.split(b": ", 1) for line in head.split(b"\r\n") if b": " in line)
        await reader.readexactly(int(fields.get(b"content-length", 0)))
        tag = fields.get(b"etag", b"")
        ticks[number] += b" 200 " in head.split(b"\r\n")[0] or b" 304 " in head.split(b"\r\n")[0]
        await asyncio.sleep(1)


def rerun(run_id: str, fragment: str = "") -> bytes:
    """Return what a browser sends to have a page, or a part of it, drawn again."""
    message = BackMsg()
    message.rerun_script.query_string = f"run={run_id}"
    message.rerun_script.page_name = "train"
    message.rerun_script.fragment_id = fragment
    return message.SerializeToString()


def main() -> None:
    """Measure in turns and print a Markdown table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--pairs", type=int, default=3)
    parser.add_argument("--watchers", type=int, default=10)
    args = parser.parse_args()
    print(
        "| network | images, epochs | bare, s | worker ÷ bare | "
        f"with {args.watchers} watchers ÷ bare |"
    )
    print("|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        store = RunStore(Path(folder) / "runs")
        with serve(store.root, Path(folder) / "log.txt") as url:
            for name, images, epochs in CASES:
                base = presets.load(name).experiment
                train = replace(base.train, batch_size=128, epochs=epochs)
                asked = replace(base, train=train, data=DataSpec(subset=images, validation=1000))
                rounds = [
                    (
                        bare_seconds(asked),
                        run_seconds(asked, store, url, 0),
                        run_seconds(asked, store, url, args.watchers),
                    )
                    for _ in range(args.pairs)
                ]
                bare = statistics.median(each[0] for each in rounds)
                alone, seen = (
                    statistics.median(each[place] / each[0] for each in rounds) for place in (1, 2)
                )
                print(
                    f"| {name} | {images:,}, {epochs} | {bare:.1f} | {alone:.3f} | {seen:.3f} |",
                    flush=True,
                )


if __name__ == "__main__":
    main()
