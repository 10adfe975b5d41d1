"""How useful each filter of a network is: every one is switched off alone, then more and more."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np

from fmnist_core.analysis.surgery import Surgery, judge, standard_error
from fmnist_core.analysis.usefulness import (
    LayerUsefulness,
    images_of,
    least_useful_first,
    operations,
    stops,
    write_usefulness,
)
from fmnist_core.data.files import load
from fmnist_core.exceptions import DerivedError
from fmnist_core.inside.network import Network
from fmnist_core.inside.saved_model import saved_model
from fmnist_core.inside.surgery import OpenNetwork
from fmnist_core.model.shapes import convolutions
from fmnist_core.runs.run import Run


def compute(run: Run, folder: Path, on_progress: Callable[[int, int], None]) -> None:
    """Write how useful the filters of all convolutions are, as `load_usefulness` reads it.

    Args:
        run: One that has weights.
        folder: Empty.
        on_progress: Told how many operations are done, and of how many.

    Raises:
        StoreError: The run's weights are missing, damaged or foreign.
        DataError: The data set is not there.
        DerivedError: The network has no filters.
        InferenceError: The network gives values that are no numbers.
    """
    spec = run.experiment.model
    shapes = convolutions(spec)
    if not shapes:
        raise DerivedError("This network has no convolution, so it has no filters to rank.")
    data = load()
    network = Network(run=run, model=saved_model(run, data), data=data)
    total = sum(operations(shape.output[-1]) for shape in shapes)
    done, found = 0, []

    def on_operation() -> None:
        nonlocal done
        on_progress(done, total)
        done += 1

    for shape in shapes:
        opened = OpenNetwork(network, shape.name, images=images_of(spec, shape))
        found.append(usefulness(opened, on_operation))
    write_usefulness(folder, found)


def usefulness(opened: OpenNetwork, on_operation: Callable[[], None]) -> LayerUsefulness:
    """Judge each filter of a layer, and how the network does with more and more of them off.

    Args:
        opened: The network, behind the layer.
        on_operation: Called before each operation.
    """

    def operate(off: Sequence[int]) -> Surgery:
        on_operation()
        return judge(opened.index, opened.y_true, opened.intact, opened.proba(off))

    alone = [operate([channel]) for channel in range(opened.channels)]
    rises = [each.cut.loss - each.intact.loss for each in alone]
    loss_rise = np.array([each.mean() for each in rises], np.float32)
    order = least_useful_first(loss_rise).tolist()
    intact = alone[0].intact
    return LayerUsefulness(
        layer=opened.layer,
        images=len(intact),
        correct=int(np.sum(~intact.wrong)),
        loss=float(intact.loss.mean()),
        loss_rise=loss_rise,
        loss_error=np.array([standard_error(each) for each in rises], np.float32),
        fixed=np.array([each.fixed.sum() for each in alone], np.int32),
        broken=np.array([each.broken.sum() for each in alone], np.int32),
        least_first=np.array(list(_right_along(order, operate)), np.int32),
        most_first=np.array(list(_right_along(order[::-1], operate)), np.int32),
    )


def _right_along(order: list[int], operate: Callable[[list[int]], Surgery]) -> Iterator[int]:
    """Yield how many images are right with the first 0, …, all filters off."""
    for off in stops(len(order)).tolist():
        yield int(np.sum(~operate(order[:off]).cut.wrong))
