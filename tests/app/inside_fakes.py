"""A stand-in for the inference process that knows any network's shapes, and runs of it."""

from __future__ import annotations

import dataclasses

import numpy as np

from fmnist_core.inference.messages import Message
from fmnist_core.model.presets import load
from fmnist_core.model.shapes import trace
from fmnist_core.runs.run import Run
from fmnist_core.runs.store import RunStore
from fmnist_core.specs import LayerSpec, ModelSpec
from tests.app import run_folders


def trained_run(store: RunStore, *layers: tuple[str, dict]) -> Run:
    """A run with weights, of a network of these (type, settings), or of the small one."""
    if not layers:
        run = run_folders.finished_run(store, "first")
    else:
        specs = tuple(
            LayerSpec(type=layer_type, name=f"layer_{number}", settings=settings)
            for number, (layer_type, settings) in enumerate(layers)
        )
        known = load("small").experiment
        run = store.create(dataclasses.replace(known, model=ModelSpec(layers=specs)))
    (run.folder / "model.keras").write_bytes(b"weights")
    return run


class FakeNetwork:
    """Answers as a network of the run's shapes would, with numbers drawn once."""

    def __init__(self, store: RunStore) -> None:
        self.store, self.asked, self.changes = store, [], {}
        self.quick = 100  # images on which surgery is judged without a wait

    def ask(self, task, run_id, arrays=None, *, caller="", pause, seconds=0, **arguments):
        pause()  # as it is while one waits
        self.asked.append((task, arguments))
        if task == "classify":
            number = len(arrays["images"])
            return Message({}, {"proba": np.full((number, 10), 0.1, np.float32)})
        model = self.store.get(run_id).experiment.model
        return getattr(self, task)(model, **arguments)

    def maps(self, model):
        rng, found = np.random.default_rng(7), {}
        for layer, shape in zip(model.layers, trace(model).layers, strict=True):
            values = rng.normal(size=shape.output).astype(np.float32)
            if layer.settings.get("activation") == "relu":
                found[f"{layer.name}/before"] = values
                values = np.maximum(values, 0)
            found[layer.name] = values
        return Message({}, found | self.changes)

    def kernel(self, model, layer):
        place = [each.name for each in model.layers].index(layer)
        shapes = [(28, 28, 1), *(each.output for each in trace(model).layers)]
        spec, channels = model.layers[place], shapes[place][-1]
        if "kernel_initializer" not in spec.settings:
            return Message({}, {})
        window = (spec.settings["kernel_size"],) * 2 if "kernel_size" in spec.settings else ()
        kernel = np.ones((*window, channels, shapes[place + 1][-1]))
        return Message({}, self.changes or {"kernel": kernel})

    def health(self, model):
        layers = [
            {"name": shape.name, "units": shape.output[-1], "silent": []}
            for shape in trace(model).layers
        ]
        layers[0]["silent"] = [1]
        return Message({"layers": layers, "images": 1_000}, {})

    def surgery(self, model, layer, off, images):
        """Everything is a shirt; with channels off, that many of the shirts are not."""
        number = images or self.quick
        shirts, label = np.tile(np.eye(10, dtype=np.float32)[6], (number, 1)), np.full(number, 6)
        cut = shirts.copy()
        cut[: len(off)] = np.eye(10)[2]
        index = np.arange(number, dtype=np.int32)
        found = {"index": index, "y_true": label.astype(np.uint8), "intact": shirts, "cut": cut}
        return Message(
            {"channels": trace(model).layers[0].output[-1]},
            found | {"image_intact": shirts[0], "image_cut": cut[0]},
        )

    def arithmetic(self, model, layer, channel):
        shape = {each.name: each.output for each in trace(model).layers}.get(layer, (10,))
        size = shape[:2] if len(shape) == 3 else (1, 1)
        arrays = {"before": np.ones(size, np.float32), "output": np.ones(size, np.float32)}
        values = {"kind": "passed", "activation": "linear"}
        return Message(values, {**arrays, **self.changes})
