"""Leaving a task in its middle, where nobody waits for its answer any more."""

from __future__ import annotations

import signal
from collections.abc import Callable

from fmnist_core.inference.messages import Message

# What tells the process to; None on Windows, which has no such signal: a task goes on to its end.
CALL_OFF = getattr(signal, "SIGUSR1", None)
CALLED_OFF = "called off"  # the only value of the answer that it then sends


class _CalledOff(BaseException):
    """No task takes it for an error of its own."""


class CallOff:
    """Does tasks that the process can be told to leave; at other times the signal does nothing."""

    def __init__(self) -> None:
        """Take the signal over; only the main thread may."""
        self._at_work = False
        if CALL_OFF is not None:
            signal.signal(CALL_OFF, self._leave)

    def do(self, task: Callable[[], Message]) -> Message:
        """Return what the task answers, or that it was called off."""
        try:
            self._at_work = True
            try:
                return task()
            finally:
                self._at_work = False
        except _CalledOff:
            return Message({CALLED_OFF: True})

    def _leave(self, *_: object) -> None:
        if self._at_work:
            self._at_work = False
            raise _CalledOff
