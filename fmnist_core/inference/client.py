"""Asking the inference process: it is started when it is needed, and anew when it has died."""

from __future__ import annotations

import hashlib
import json
import subprocess
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from concurrent.futures import Future, wait
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from fmnist_core.exceptions import InferenceError, SupersededError
from fmnist_core.inference.call_off import CALL_OFF, CALLED_OFF
from fmnist_core.inference.messages import Message, receive, send
from fmnist_core.jobs.executors import start_detached
from fmnist_core.runs.store import RunStore

MODULE = "fmnist_core.inference.server"
LOG_NAME = ".inference.log"
SECONDS = 20.0  # for an answer
PAUSE_SECONDS = 0.2  # between two looks at whether an answer is still wanted
START_SECONDS = 60.0  # longer for the first one of a process, which imports TensorFlow first
MAX_CACHED_BYTES = 200 * 2**20
LATE = (
    "That took longer than {:.0f} s, so it was given up. Try again when the machine has less to "
    "do, or choose a smaller network."
)
ENDED = (
    "The process that computes with networks ended without a word; most likely the memory is full. "
    "Try again: it is started anew."
)


@dataclass(frozen=True, eq=False)
class _Question:
    """What is asked, for how long, by whom, and whether the answer is still wanted."""

    message: Message
    key: str
    seconds: float
    caller: str
    number: int
    unwanted: threading.Event = field(default_factory=threading.Event)


class Inference:
    """The inference process of a store; threads may share it.

    Answers are kept, the ones asked for last, up to 200 MB: the same question about the same
    weights is computed once.
    """

    def __init__(self, root: Path) -> None:
        """Ask about the runs of the store at `root`; nothing is started yet."""
        self._store = RunStore(root)
        self._turn = threading.Lock()  # one question at a time
        self._state = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._has_answered = False
        self._asked: _Question | None = None
        self._newest: dict[str, int] = {}
        self._known: OrderedDict[str, Message] = OrderedDict()

    def ask(
        self,
        task: str,
        run_id: str,
        arrays: Mapping[str, np.ndarray] | None = None,
        *,
        caller: str = "",
        seconds: float = SECONDS,
        pause: Callable[[], object] | None = None,
        **arguments: Any,
    ) -> Message:
        """Have something computed with a run's network.

        Args:
            task: A name in `fmnist_core.inside.tasks.TASKS`.
            run_id: Whose network.
            arrays: What the task takes.
            caller: Who asks: of several questions that wait, only each caller's newest is answered.
            seconds: Until it is given up, and the process with it; a minute more after a start.
            pause: Called five times a second meanwhile; what it raises calls the question off.
            arguments: What else the task takes, plain JSON types.

        Raises:
            InferenceError: The task could not be done; the text says why.
            SupersededError: The same caller has asked something newer meanwhile.
            RunNotFound: There is no such run.
        """
        message = Message(
            {"task": task, "run_id": run_id, "arguments": arguments}, {**(arrays or {})}
        )
        key = self._key(message)
        if (found := self._recall(key)) is not None:
            return found
        question = _Question(message, key, seconds, caller, self._announce(caller))
        answer = _begin(lambda: self._answer(question))
        try:
            while not wait([answer], PAUSE_SECONDS).done:
                if pause:
                    pause()
        except BaseException:
            self._call_off(question)
            raise
        return answer.result()

    def _answer(self, question: _Question) -> Message:
        """Wait for the question's turn, then for its answer."""
        with self._turn:
            newer = question.caller and self._newest[question.caller] != question.number
            if newer or question.unwanted.is_set():
                raise SupersededError("A newer question took the place of this one.")
            if (found := self._recall(question.key)) is not None:
                return found
            with self._state:
                self._asked = question
            try:
                answer = self._exchange(question.message, question.seconds)
            finally:
                with self._state:
                    self._asked = None
        if CALLED_OFF in answer.values:
            raise SupersededError("It was called off.")
        if "problem" in answer.values:
            raise InferenceError(answer.values["problem"])
        if "bug" in answer.values:
            raise InferenceError(
                f"That could not be computed ({answer.values['bug']}). The store's {LOG_NAME} says "
                "more."
            )
        self._keep(question.key, answer)
        return answer

    def _call_off(self, question: _Question) -> None:
        """Spare others the wait for an answer that nobody wants any more.

        A process that still loads TensorFlow is left alone: it would have to begin again.
        """
        question.unwanted.set()
        if CALL_OFF is None:
            return
        with self._state:
            if self._asked is question and self._has_answered and self._process:
                self._process.send_signal(CALL_OFF)

    def warm_up(self) -> None:
        """Start the process, so that the first question need not wait for TensorFlow."""
        with self._state:
            self._living()

    def close(self) -> None:
        """End the process, where there is one."""
        with self._state:
            process, self._process = self._process, None
        if process:
            process.kill()
            process.wait()

    def _exchange(self, question: Message, seconds: float) -> Message:
        with self._state:
            process = self._living()
        assert process.stdin and process.stdout
        late = threading.Event()
        limit = seconds if self._has_answered else seconds + START_SECONDS
        watch = threading.Timer(limit, _give_up, (process, late))
        watch.start()
        try:
            send(process.stdin, question)
            answer = receive(process.stdout)
        except OSError:  # it has died; what follows says so
            answer = None
        finally:
            watch.cancel()
        if answer is None:
            process.kill()
            process.wait()
            raise InferenceError(LATE.format(limit) if late.is_set() else ENDED)
        self._has_answered = True
        return answer

    def _living(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            root = self._store.root
            root.mkdir(parents=True, exist_ok=True)
            self._has_answered = False
            self._process = start_detached(
                [MODULE, str(root)],
                log=root / LOG_NAME,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
            )
        return self._process

    def _announce(self, caller: str) -> int:
        with self._state:
            self._newest[caller] = self._newest.get(caller, 0) + 1
            return self._newest[caller]

    def _key(self, question: Message) -> str:
        """Return what stands for a question about the weights as they are now."""
        run = self._store.get(question.values["run_id"])
        try:
            found = run.model_path.stat()
            stamp = [found.st_mtime_ns, found.st_size]
        except OSError:  # the answer says what is wrong
            stamp = []
        digest = hashlib.blake2b(json.dumps([question.values, stamp], sort_keys=True).encode())
        for name, array in sorted(question.arrays.items()):
            digest.update(f"{name} {array.dtype} {array.shape}".encode())
            digest.update(np.ascontiguousarray(array).tobytes())
        return digest.hexdigest()

    def _recall(self, key: str) -> Message | None:
        with self._state:
            if key in self._known:
                self._known.move_to_end(key)
            return self._known.get(key)

    def _keep(self, key: str, answer: Message) -> None:
        with self._state:
            self._known[key] = answer
            while len(self._known) > 1 and _bytes(self._known.values()) > MAX_CACHED_BYTES:
                self._known.popitem(last=False)


def _bytes(answers: Any) -> int:
    return sum(array.nbytes for answer in answers for array in answer.arrays.values())


def _begin(work: Callable[[], Message]) -> Future[Message]:
    """Do something in a thread of its own, which no end of this process waits for."""
    future: Future[Message] = Future()

    def run() -> None:
        try:
            future.set_result(work())
        except BaseException as error:
            future.set_exception(error)

    threading.Thread(target=run, name="inference", daemon=True).start()
    return future


def _give_up(process: subprocess.Popen[bytes], late: threading.Event) -> None:
    late.set()
    process.kill()
