"""The memory estimate against the most memory that real workers held.

    python benchmarks/memory_estimate.py [--only WORDS]

Each training is a worker process of its own with a few steps, a validation, the saved model and the
final predictions; the kernel says how much memory it held at most.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from fmnist_core.model import presets  # noqa: E402
from fmnist_core.model.memory import memory_needed  # noqa: E402
from fmnist_core.model.shapes import trace  # noqa: E402
from fmnist_core.runs.store import RunStore  # noqa: E402
from fmnist_core.specs import DataSpec, Experiment, LayerSpec, ModelSpec, TrainSpec  # noqa: E402

STEPS = 4
IMAGES = 50_000  # enough for the largest batch
MEBIBYTE = 2**20


def stack(name: str, *layers: tuple[str, dict[str, object]]) -> ModelSpec:
    """Put layers on top of each other."""
    specs = [LayerSpec(type=t, name=f"layer_{k}", settings=s) for k, (t, s) in enumerate(layers)]
    return ModelSpec(name=name, layers=tuple(specs))


def conv(filters: int, **settings: object) -> tuple[str, dict[str, object]]:
    """Describe a convolution that keeps the size of its map."""
    return "Conv2D", {"filters": filters, "padding": "same", **settings}


POOL = ("GlobalAveragePooling2D", {})
FLATTEN = ("Flatten", {})
LOGITS = ("Dense", {"units": 10, "activation": "linear"})
NORM = ("BatchNormalization", {})
WIDE = stack("wide", conv(256), ("MaxPooling2D", {}), conv(256), FLATTEN, LOGITS)
MLP = stack("wide mlp", FLATTEN, *[("Dense", {"units": 4096})] * 2, LOGITS)
NORMED = stack("normed", conv(64), NORM, conv(64), NORM, conv(64), POOL, LOGITS)
GELU = stack("gelu", conv(64, activation="gelu"), conv(64, activation="gelu"), POOL, LOGITS)
CASES: tuple[tuple[ModelSpec | str, int, str], ...] = (
    ("linear", 128, "adam"),
    ("small", 128, "adam"),
    ("small", 4096, "adam"),
    ("small", 32_768, "adam"),
    ("r2-1-layer", 512, "adam"),
    ("r2-3-layer", 128, "adam"),
    ("r2-3-layer", 512, "adam"),
    ("r2-3-layer", 2048, "adam"),
    ("residual", 512, "adam"),
    ("depthwise", 1024, "adam"),
    ("r3-vgg", 32, "adam"),
    ("r3-vgg", 512, "adam"),
    (WIDE, 512, "adam"),
    (MLP, 128, "sgd"),
    (MLP, 128, "adam"),
    (MLP, 4096, "nadam"),
    (NORMED, 1024, "adam"),
    (GELU, 1024, "adam"),
)


def measured(experiment: Experiment, root: Path) -> int:
    """Train in a worker process and return the most memory it held, in bytes."""
    run = RunStore(root).create(experiment)
    worker = subprocess.Popen(
        [sys.executable, "-m", "fmnist_core.jobs.worker", str(run.folder)],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    _, _, usage = os.wait4(worker.pid, 0)
    worker.returncode = 0  # it is waited for
    assert run.status.state == "finished", run.status.message
    return usage.ru_maxrss if sys.platform == "darwin" else usage.ru_maxrss * 1024


def main() -> None:
    """Measure every case and print a Markdown table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--only", default="", help="only networks with these letters in their name")
    only = parser.parse_args().only
    print("| network | batch | optimizer | estimated, MB | measured, MB | estimated ÷ measured |")
    print("|---|---|---|---|---|---|", flush=True)
    for known, batch_size, optimizer in CASES:
        model = presets.load(known).experiment.model if isinstance(known, str) else known
        if only not in model.name:
            continue
        train = TrainSpec(steps=STEPS, batch_size=batch_size, optimizer=optimizer)
        data = DataSpec(subset=max(1000, min(IMAGES, 2 * batch_size)), validation=1000)
        experiment = Experiment(model=model, data=data, train=replace(train, epochs=1))
        with tempfile.TemporaryDirectory() as folder:
            found = measured(experiment, Path(folder))
        estimate = memory_needed(model, trace(model), train)
        print(
            f"| {model.name} | {batch_size} | {optimizer} | {estimate / MEBIBYTE:.0f} | "
            f"{found / MEBIBYTE:.0f} | {estimate / found:.2f} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
