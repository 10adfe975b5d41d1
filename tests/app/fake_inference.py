"""An inference process that need not be started: it answers as a network of one opinion would."""

import numpy as np

from fmnist_core.exceptions import InferenceError
from fmnist_core.inference.messages import Message

LAYERS = ("conv2d_1", "max_pooling2d_1", "conv2d_2", "max_pooling2d_2", "flatten_1", "dense_1")
SHIRT = 6


def layer(name, **changes):
    figures = {"mean": 0.5, "std": 1.0, "zeros": 0.25, "units": 20, "silent": []}
    weights = {"weight_std": 0.1, "gradient": 0.01} if "conv" in name or "dense" in name else {}
    empty = {"weight_std": None, "gradient": None}
    return {"name": name, **figures, **empty, **weights, **changes}


class FakeInference:
    """Answers as a network would that takes everything for a shirt."""

    def __init__(self):
        self.map = np.linspace(-1, 1, 784, dtype=np.float32).reshape(28, 28)
        self.asked, self.layers, self.problem = [], [*map(layer, (*LAYERS, "dense_2"))], ""

    def ask(self, task, run_id, arrays=None, *, caller="", pause, **arguments):
        pause()  # as it is while one waits
        self.asked.append((task, arguments))
        if self.problem:
            raise InferenceError(self.problem)
        if task == "saliency":
            maps = {"map": self.map, "raw": self.map}
            return Message({"score": 2.5, "gap": 0.01, "baseline_score": -1.0}, maps)
        if task == "classify":
            sure = np.eye(10, dtype=np.float32)[[SHIRT] * len(arrays["images"])] * 0.91 + 0.009
            return Message({}, {"proba": sure})
        histograms = {}
        for each in self.layers:
            for kind in ("outputs", "weights") if each["weight_std"] else ("outputs",):
                histograms[f"{each['name']}/{kind}"] = np.ones(40, np.int64)
                histograms[f"{each['name']}/{kind}-edges"] = np.linspace(
                    -1, 1, 41, dtype=np.float32
                )
        return Message({"layers": self.layers, "images": 512}, histograms)
