"""Images a second of training here, as a ratio to stock Keras `model.fit` in float32.

    python benchmarks/training_speed.py [--pairs 5] [--batches 30] [--case R3 ...]

Both train the same network on the same arrays with the same optimizer and batch size, in one
process and in turns; the first epoch of each, which compiles, is left out, and there is no
validation. `fit` gets float32 pixels in memory, as its users have them. "auto" is what the
precision setting of that name takes on this machine.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import keras  # noqa: E402

from fmnist_core.data.files import load  # noqa: E402
from fmnist_core.data.splits import Split  # noqa: E402
from fmnist_core.model import presets  # noqa: E402
from fmnist_core.model.build import build_model  # noqa: E402
from fmnist_core.specs import Experiment, LayerSpec, ModelSpec, TrainSpec  # noqa: E402
from fmnist_core.training.loop import Trainer  # noqa: E402
from fmnist_core.training.precision import faster_precision  # noqa: E402

R2_BATCH, R3_BATCH = 512, 128


def vgg() -> ModelSpec:
    """Return the network of report R3: 7,510,986 parameters."""
    stack: list[tuple[str, dict[str, object]]] = []
    for filters, count in ((64, 2), (128, 2), (256, 3)):
        stack += [("Conv2D", {"filters": filters, "padding": "same"})] * count
        stack += [("BatchNormalization", {}), ("MaxPooling2D", {}), ("Dropout", {"rate": 0.25})]
    stack += [("Flatten", {}), ("Dense", {"units": 2048}), ("Dropout", {"rate": 0.5})]
    stack += [("Dense", {"units": 512}), ("Dense", {"units": 10, "activation": "linear"})]
    layers = (
        LayerSpec(type=kind, name=f"layer_{number}", settings=settings)
        for number, (kind, settings) in enumerate(stack)
    )
    return ModelSpec(name="R3", layers=tuple(layers))


def cases() -> dict[str, Experiment]:
    """Return the networks by name, with their batch size in `train`."""
    found = {"R3": Experiment(model=vgg(), train=TrainSpec(batch_size=R3_BATCH))}
    for name in ("r2-1-layer", "r2-2-layer", "r2-3-layer", "small"):
        base = presets.load(name).experiment
        size = base.train.batch_size if name == "small" else R2_BATCH
        found[name] = Experiment(model=base.model, train=TrainSpec(batch_size=size))
    return found


def stock_fit(experiment: Experiment, images: np.ndarray, labels: np.ndarray) -> Callable[[], None]:
    """Return what trains one epoch with `fit`."""
    model = build_model(experiment.model)
    model.compile(
        keras.optimizers.Adam(experiment.train.learning_rate),
        keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
    )
    x = (images[..., np.newaxis] / np.float32(255)).astype(np.float32)
    size = experiment.train.batch_size
    return lambda: model.fit(x, labels, batch_size=size, epochs=1, verbose=0) and None


def ours(
    experiment: Experiment, images: np.ndarray, labels: np.ndarray, precision: str
) -> Callable[[], None]:
    """Return what trains one epoch here."""
    everything = np.arange(len(images))
    trainer = Trainer(
        experiment, images, labels, Split(everything, everything[:1], everything[:1]), precision
    )
    size = experiment.train.batch_size
    count = len(images) // size
    rates = np.full(count, experiment.train.learning_rate, np.float32)

    def epoch() -> None:
        order = np.random.default_rng(0).permutation(trainer.split.train)
        trainer.steps.train(order.reshape(count, size), rates)

    return epoch


def seconds(call: Callable[[], None]) -> float:
    """Time one call."""
    started = time.perf_counter()
    call()
    return time.perf_counter() - started


def main() -> None:
    """Measure every case in turns and print a Markdown table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--batches", type=int, default=30)
    parser.add_argument("--case", nargs="+", default=list(cases()))
    args = parser.parse_args()
    data = load()
    print("| network | batch | auto is | images/s of fit | float32 | bfloat16 | auto |")
    print("|---|---|---|---|---|---|---|")
    for name in args.case:
        asked = cases()[name]
        count = args.batches * asked.train.batch_size
        images, labels = data.images[:count], data.labels[:count]
        auto = faster_precision(replace(asked, train=replace(asked.train, precision="auto")))
        calls = {
            "fit": stock_fit(asked, images, labels),
            "float32": ours(asked, images, labels, "float32"),
            "mixed_bfloat16": ours(asked, images, labels, "mixed_bfloat16"),
        }
        for call in calls.values():
            call()  # compiles
        rounds = [{kind: seconds(c) for kind, c in calls.items()} for _ in range(args.pairs)]
        ratio = {
            kind: statistics.median(each["fit"] / each[kind] for each in rounds) for kind in calls
        }
        speed = count / statistics.median(each["fit"] for each in rounds)
        print(
            f"| {name} | {asked.train.batch_size} | {auto} | {speed:,.0f} | {ratio['float32']:.2f} "
            f"| {ratio['mixed_bfloat16']:.2f} | {ratio[auto]:.2f} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
