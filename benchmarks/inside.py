"""Milliseconds for a look inside at one image, against a plain `model(x)`.

    python benchmarks/inside.py [--pairs 20]

The feature maps of all layers, and saliency by each method. In turns, in one process, with fresh
weights: R3's network of 7.5 million parameters and the small one; and, through the pipe of the
inference process, the maps of the small one as a shipped run has it.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402

from fmnist_core.analysis.saliency import METHODS, good_layer, layers_with_maps  # noqa: E402
from fmnist_core.data.files import load  # noqa: E402
from fmnist_core.inference.client import Inference  # noqa: E402
from fmnist_core.inside.maps import maps  # noqa: E402
from fmnist_core.inside.network import Network, to_input  # noqa: E402
from fmnist_core.inside.saliency import saliency  # noqa: E402
from fmnist_core.model import presets  # noqa: E402
from fmnist_core.model.build import build_model  # noqa: E402
from fmnist_core.runs.store import RunStore  # noqa: E402

SHIPPED = "20261121-073649-46b3d2"
NETWORKS = ("r3-vgg", "small")


def milliseconds(work: Callable[[], object]) -> float:
    """Time one call."""
    started = time.perf_counter()
    work()
    return 1_000 * (time.perf_counter() - started)


def looks(network: Network) -> dict[str, Callable[[np.ndarray], object]]:
    """Return what is measured of a network, by its name."""
    layer = good_layer(layers_with_maps(network.run.experiment.model))

    def explain(image: np.ndarray, method: str) -> object:
        return saliency(network, {"image": image}, method=method, target=0, layer=layer)

    methods = {METHODS[name][0]: partial(explain, method=name) for name in METHODS}
    return {"all maps": lambda image: maps(network, {"images": image[np.newaxis]}), **methods}


def measure(name: str, folder: Path, pairs: int) -> Iterator[str]:
    """Yield the lines of the table for a preset's network."""
    experiment = presets.load(name).experiment
    run = RunStore(folder).create(experiment)
    network = Network(run=run, model=build_model(experiment.model), data=load())
    images = network.data.images[: pairs + 1]
    network.model(to_input(images[:1]), training=False)
    for look, work in looks(network).items():
        first = milliseconds(lambda work=work: work(images[0]))
        times, plain = [], []
        for image in images[1:]:
            times.append(milliseconds(lambda work=work, image=image: work(image)))
            x = to_input(image[np.newaxis])
            plain.append(milliseconds(lambda x=x: np.asarray(network.model(x, training=False))))
        ratio = statistics.median(a / b for a, b in zip(times, plain, strict=True))
        yield _line(f"{name}, {look}", first, times, plain, ratio)


def through_the_pipe(folder: Path, pairs: int) -> str:
    """Return a line for the inference process, in turns with the question what class it is."""
    shutil.copytree(RunStore(ROOT / "saved_runs").get(SHIPPED).folder, folder / SHIPPED)
    images = load().images
    inference = Inference(folder)

    def ask(task: str, place: int) -> float:
        image = {"images": images[place : place + 1]}
        return milliseconds(lambda: inference.ask(task, SHIPPED, image, seconds=120))

    ask("classify", 0)  # TensorFlow is loaded
    first = ask("maps", 0)
    pairs_of = [(ask("maps", place), ask("classify", place)) for place in range(1, pairs + 1)]
    inference.close()
    all_maps, plain = ([pair[side] for pair in pairs_of] for side in (0, 1))
    ratio = statistics.median(a / b for a, b in pairs_of)
    return _line("small, all maps through the pipe ÷ classify", first, all_maps, plain, ratio)


def _line(name: str, first: float, times: list[float], plain: list[float], ratio: float) -> str:
    p95 = statistics.quantiles(times, n=20)[-1]
    return (
        f"| {name} | {first:.0f} | {statistics.median(times):.0f}, {p95:.0f} "
        f"| {statistics.median(plain):.0f} | {ratio:.2f} |"
    )


def main() -> None:
    """Measure and print a Markdown table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--pairs", type=int, default=20)
    pairs = parser.parse_args().pairs
    print("| network, look | first, ms | median, p95, ms | plain: median, ms | ratio |")
    print("|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        for name in NETWORKS:
            for line in measure(name, Path(folder) / "fresh", pairs):
                print(line, flush=True)
        print(through_the_pipe(Path(folder) / "shipped", pairs))


if __name__ == "__main__":
    main()
