"""How a run is steered while it trains: the worker's side of the commands."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

from fmnist_core.jobs.checkpointing import Checkpointing
from fmnist_core.jobs.recorder import Recorder
from fmnist_core.runs import commands
from fmnist_core.runs.commands import Command
from fmnist_core.runs.status import PAUSED, RUNNING

if TYPE_CHECKING:  # imports TensorFlow
    from fmnist_core.training.loop import Trainer

POLL_SECONDS = 0.1
PAUSE_SECONDS = 300.0  # a paused worker keeps its memory for so long, then it leaves


class LeftPaused(Exception):
    """The worker is to end; its run stays paused and goes on from its checkpoint when told to."""


class Commander:
    """Carries commands out between two blocks of batches; a training `Control`.

    Each command's file goes when its effect is on disk: in a checkpoint, or in the status.

    Attributes:
        stop_reason: Why the training ends early; "" where it does not.
    """

    def __init__(self, folder: Path, recorder: Recorder, checkpointing: Checkpointing) -> None:
        """Steer the run in this folder."""
        self.stop_reason = ""
        self._folder = folder
        self._recorder = recorder
        self._checkpointing = checkpointing
        self._signalled = False
        self._leaves = False
        self._pause_after: int | None = None  # epochs; 0: at once

    def on_signal(self) -> None:
        """Stop and keep, as a command would; a run that is paused is left as it is."""
        self._signalled = True

    def goes_on(self, trainer: Trainer) -> bool:
        """Carry out what was commanded, take a checkpoint if it is time; say whether to go on.

        Raises:
            LeftPaused: The run was paused for so long that its worker should leave.
            OSError: A checkpoint could not be written.
        """
        self._obey(trainer)
        if self._is_to_pause(trainer):
            self._pause(trainer)
        if self._signalled:
            self.stop_reason = "Stopped by a signal."
        if self.stop_reason:
            self._checkpointing.take(trainer)
            self._recorder.on_event("stop", step=trainer.state.step)
            return False
        if trainer.state.done:
            self._checkpointing.take(trainer)
        else:
            self._checkpointing.take_if_due(trainer)
        return True

    def _obey(self, trainer: Trainer) -> None:
        """Carry out what waits; a stop's file stays until the run has ended."""
        for command in commands.pending(self._folder):
            if command.name == commands.STOP:
                self.stop_reason = "Stopped by hand."
            elif command.name == commands.RATE:
                self._set_rate(trainer, command)
            elif command.name == commands.PLAN:
                self._plan(trainer, command)
            elif command.name == commands.LEAVE:
                self._leaves = True
                command.done()
            else:
                after = {commands.PAUSE: 0, commands.STEP: command.value}
                self._pause_after = after.get(command.name)  # RESUME: None
                command.done()

    def _is_to_pause(self, trainer: Trainer) -> bool:
        if self._pause_after is None or self.stop_reason or trainer.state.done:
            return False
        return trainer.state.epoch >= self._pause_after

    def _pause(self, trainer: Trainer) -> None:
        """Wait until a command says what to do now."""
        trainer.watch.stop()
        self._checkpointing.take(trainer)
        self._recorder.on_event("pause", step=trainer.state.step)
        self._recorder.say(state=PAUSED)
        self._leaves = False  # it was meant for an earlier pause
        leave_at = time.monotonic() + PAUSE_SECONDS
        while self._is_to_pause(trainer):
            if self._signalled or self._leaves or time.monotonic() > leave_at:
                raise LeftPaused
            time.sleep(POLL_SECONDS)
            self._obey(trainer)
        if not self.stop_reason:
            self._recorder.on_event("resume", step=trainer.state.step)
        self._recorder.say(state=RUNNING)
        trainer.watch.start()

    def _set_rate(self, trainer: Trainer, command: Command) -> None:
        trainer.set_learning_rate(command.value)
        step = trainer.state.step
        self._recorder.on_event("learning_rate", step=step, learning_rate=command.value)
        self._checkpointing.take(trainer)
        command.done()

    def _plan(self, trainer: Trainer, command: Command) -> None:
        trainer.plan(command.value)
        self._recorder.on_event("plan", step=trainer.state.step, steps=command.value)
        self._recorder.say(planned_steps=command.value)
        command.done()
