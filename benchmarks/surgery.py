"""Milliseconds to switch filters off and classify validation images again.

    python benchmarks/surgery.py [--pairs 10]

In turns with a plain evaluation of the same images by the same network, in one process, with fresh
weights: the first convolution and the last one of each network, on as many images as the page
takes at first, by the speed that is measured then, and on 2,000. "First" opens the network at a
layer for the first time: what arrives there, and what the whole network makes of the images, are
computed too, and the speed is measured.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402
import tensorflow as tf  # noqa: E402

from fmnist_core.analysis.surgery import IMAGES  # noqa: E402
from fmnist_core.data.files import load  # noqa: E402
from fmnist_core.data.splits import split_indices  # noqa: E402
from fmnist_core.inference.messages import Message  # noqa: E402
from fmnist_core.inside.network import Network, to_input  # noqa: E402
from fmnist_core.inside.surgery import surgery  # noqa: E402
from fmnist_core.model import presets  # noqa: E402
from fmnist_core.model.build import build_model  # noqa: E402
from fmnist_core.model.memory import EVALUATION_BATCH  # noqa: E402
from fmnist_core.model.shapes import convolutions  # noqa: E402
from fmnist_core.runs.store import RunStore  # noqa: E402

NETWORKS = ("small", "r2-3-layer", "r3-vgg")


def milliseconds(work: Callable[[], object]) -> float:
    """Time one call."""
    started = time.perf_counter()
    work()
    return 1_000 * (time.perf_counter() - started)


def fresh(name: str, folder: Path) -> Network:
    """Return a preset's network with weights as they are drawn."""
    experiment = presets.load(name).experiment
    run = RunStore(folder).create(experiment)
    return Network(run=run, model=build_model(experiment.model), data=load())


def evaluation(network: Network) -> Callable[[int], None]:
    """Return what classifies the first validation images with the whole network, in a graph."""
    index = split_indices(network.data.labels, network.run.experiment.data).validation
    call = tf.function(
        lambda x: network.model(x, training=False),
        input_signature=[tf.TensorSpec((None, 28, 28, 1), tf.float32)],
    )

    def evaluate(images: int) -> None:
        for start in range(0, images, EVALUATION_BATCH):
            batch = index[start : min(start + EVALUATION_BATCH, images)]
            np.asarray(call(to_input(network.data.images[batch])))

    evaluate(EVALUATION_BATCH)  # it is traced
    return evaluate


def measure(name: str, folder: Path, pairs: int) -> Iterator[str]:
    """Yield the lines of the table for a preset's network."""
    shapes = convolutions(presets.load(name).experiment.model)
    for shape in (shapes[0], shapes[-1]):
        for images in (None, IMAGES):
            yield _line(f"{name}, {shape.name}", fresh(name, folder), shape.name, images, pairs)


def _line(title: str, network: Network, layer: str, wanted: int | None, pairs: int) -> str:
    evaluate = evaluation(network)

    def operate(off: list[int]) -> Message:
        image = {"image": network.data.images[60_000]}
        return surgery(network, image, layer=layer, off=off, images=wanted)

    first = milliseconds(lambda: operate([0]))
    images = len(operate([]).arrays["index"])
    again, plain = [], []
    for turn in range(pairs):
        again.append(milliseconds(lambda turn=turn: operate([0, 1 + turn % 8])))
        plain.append(milliseconds(lambda: evaluate(images)))
    ratio = statistics.median(a / b for a, b in zip(again, plain, strict=True))
    judged = f"{images:,}{'' if wanted else ' at first'}"
    return (
        f"| {title} | {judged} | {first:,.0f} | {statistics.median(again):,.0f}, "
        f"{max(again):,.0f} | {statistics.median(plain):,.0f} | {ratio:.2f} |"
    )


def main() -> None:
    """Measure and print a Markdown table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--pairs", type=int, default=10)
    pairs = parser.parse_args().pairs
    print("| network, layer | images | first, ms | again: median, max, ms | plain, ms | ratio |")
    print("|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        for name in NETWORKS:
            for line in measure(name, Path(folder), pairs):
                print(line, flush=True)


if __name__ == "__main__":
    main()
