"""The inference process: `python -m fmnist_core.inference.server STORE`, asked over its pipes.

It answers one question after another, and ends when its input does: with the process that asks.
"""

from __future__ import annotations

import os
import sys
import traceback
from collections import OrderedDict
from functools import partial
from pathlib import Path
from typing import IO, Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")  # its start-up chatter is no news

from fmnist_core.data.files import FashionMnist, load
from fmnist_core.exceptions import FmnistError
from fmnist_core.inference.call_off import CallOff
from fmnist_core.inference.messages import Message, receive, send
from fmnist_core.inside.network import Network
from fmnist_core.inside.saved_model import saved_model
from fmnist_core.inside.tasks import TASKS
from fmnist_core.runs.store import RunStore

MAX_NETWORKS = 3  # in memory at a time


class Networks:
    """The networks that were asked for last, each read again where its file has changed."""

    def __init__(self, store: RunStore) -> None:
        """Look runs up in this store."""
        self._store = store
        self._data: FashionMnist | None = None
        self._known: OrderedDict[tuple[str, int, int], Network] = OrderedDict()

    def get(self, run_id: str) -> Network:
        """Return the network of a run with its best weights.

        Raises:
            FmnistError: There is no such run, or its weights cannot be read.
        """
        run = self._store.get(run_id)
        stamp = _stamp(run.model_path)
        key = (run.run_id, *stamp)
        if key not in self._known:
            model = saved_model(run, self.data)
            self._known[key] = Network(run=run, model=model, data=self.data)
        self._known.move_to_end(key)
        while len(self._known) > MAX_NETWORKS:
            self._known.popitem(last=False)
        return self._known[key]

    @property
    def data(self) -> FashionMnist:
        """All images, read once."""
        if self._data is None:
            self._data = load()
        return self._data


def _stamp(path: Path) -> tuple[int, int]:
    try:
        found = path.stat()
    except OSError:  # reading it says what is wrong
        return (0, 0)
    return (found.st_mtime_ns, found.st_size)


def answer(question: Message, networks: Networks) -> Message:
    """Do what a question asks for; a problem is an answer too."""
    asked: dict[str, Any] = question.values
    try:
        task = TASKS[asked["task"]]
        network = networks.get(asked["run_id"])
        return task(network, question.arrays, **asked["arguments"])
    except FmnistError as error:
        return Message({"problem": str(error)})
    except Exception as error:  # one question must not take the others along
        traceback.print_exc()
        return Message({"bug": f"{type(error).__name__}: {str(error)[:300]}"})


def serve(questions: IO[bytes], answers: IO[bytes], networks: Networks) -> None:
    """Answer until no more questions come."""
    call_off = CallOff()
    while (question := receive(questions)) is not None:
        task = partial(answer, question, networks)
        try:
            send(answers, call_off.do(task))
        except ValueError as error:  # a figure that is not finite is no JSON; nothing was sent yet
            send(answers, Message({"bug": str(error)}))


def main(argv: list[str]) -> int:
    """Serve the store named on the command line."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what libraries print must not get between the answers
    serve(sys.stdin.buffer, answers, Networks(RunStore(Path(argv[0]))))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
