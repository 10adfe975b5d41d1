"""A training as arrays and numbers: enough to go on exactly, to the bit, in another process.

Kept are all variables (weights, the seeds of random layers such as Dropout, the optimizer's), the
best weights so far, and the numbers of `TrainingState`. The order of the images follows from seed
and epoch, and nothing draws from the random numbers of Python, NumPy or Keras once the network is
built, so their states are not needed; nor does it matter how many batches were trained in a call.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import keras
import numpy as np

from fmnist_core.exceptions import CheckpointError
from fmnist_core.runs.records import as_type
from fmnist_core.training.loop import Trainer
from fmnist_core.training.state import TrainingState


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """A copy of a training that does not change with it.

    Attributes:
        state: `TrainingState` as plain JSON types.
        arrays: "variable-0000" …, as `TrainingSteps.variables` has them, and "best-0000" …, as
            Keras's `get_weights` has them.
    """

    state: dict[str, Any]
    arrays: dict[str, np.ndarray]


def capture(trainer: Trainer) -> Snapshot:
    """Copy where a training stands, between two blocks."""
    arrays = {
        f"variable-{number:04d}": np.array(keras.ops.convert_to_numpy(variable))
        for number, variable in enumerate(trainer.steps.variables)
    }
    best = {f"best-{number:04d}": array for number, array in enumerate(trainer.best_weights)}
    return Snapshot(state=asdict(trainer.state), arrays=arrays | best)


def restore(trainer: Trainer, snapshot: Snapshot) -> None:
    """Bring a new trainer of the same experiment to where another one stood.

    Raises:
        CheckpointError: The snapshot is not one of this experiment.
    """
    variables = trainer.steps.variables
    values = _numbered(snapshot.arrays, "variable")
    best = _numbered(snapshot.arrays, "best")
    weights = trainer.model.get_weights()
    try:
        state = as_type(snapshot.state, TrainingState)
    except TypeError as error:
        raise CheckpointError(f"The checkpoint's state is damaged ({error}).") from error
    if _forms(values) != _forms(variables) or (best and _forms(best) != _forms(weights)):
        raise CheckpointError("The checkpoint's weights are those of another network.")
    for variable, value in zip(variables, values, strict=True):
        variable.assign(value)
    trainer.best_weights = best
    trainer.go_on_from(state)


def _numbered(arrays: dict[str, np.ndarray], name: str) -> list[np.ndarray]:
    return [arrays[key] for key in sorted(arrays) if key.startswith(f"{name}-")]


def _forms(arrays: list[Any]) -> list[tuple[tuple[int, ...], str]]:
    """Return shape and type of arrays or variables."""
    return [(tuple(array.shape), str(array.dtype)) for array in arrays]
