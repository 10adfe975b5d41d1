"""An inference process that is none: the same answers, computed where one asks.

TensorFlow, which the tests of a worker share, need not be loaded again for each question.
"""

from __future__ import annotations

from pathlib import Path

from fmnist_core.exceptions import InferenceError
from fmnist_core.inference.messages import Message
from fmnist_core.inference.server import Networks, answer
from fmnist_core.runs.store import RunStore


class InferenceHere:
    """Asked as `fmnist_core.inference.client.Inference` is."""

    def __init__(self, root: Path) -> None:
        self._networks = Networks(RunStore(root))

    def ask(self, task, run_id, arrays=None, *, caller="", seconds=0, **arguments):
        asked = {"task": task, "run_id": run_id, "arguments": arguments}
        found = answer(Message(asked, {**(arrays or {})}), self._networks)
        if "problem" in found.values or "bug" in found.values:
            raise InferenceError(found.values.get("problem") or found.values["bug"])
        return found

    def close(self) -> None:
        pass
