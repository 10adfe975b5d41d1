"""Ready-made experiments: a network with the training that goes with it, and where it is from."""

from __future__ import annotations

from dataclasses import dataclass

from fmnist_core.exceptions import FmnistError
from fmnist_core.model.edit import fresh_name
from fmnist_core.specs import DataSpec, Experiment, LayerSpec, ModelSpec, TrainSpec


@dataclass(frozen=True, kw_only=True)
class Preset:
    """An experiment to start from.

    Attributes:
        summary: One line for the list.
        notes: What the source does not say and what was chosen instead; "" for our own.
    """

    summary: str
    experiment: Experiment
    notes: str = ""

    @property
    def name(self) -> str:
        """The name by which it is chosen; that of its network."""
        return self.experiment.model.name


def load(name: str) -> Preset:
    """Return the preset of that name, in any case.

    Raises:
        FmnistError: There is none; the message lists those there are.
    """
    for preset in PRESETS:
        if preset.name.lower() == name.lower():
            return preset
    names = ", ".join(preset.name for preset in PRESETS)
    raise FmnistError(f'There is no preset called "{name[:40]}". There are: {names}.')


def _network(name: str, *layers: tuple[str, dict[str, object]]) -> ModelSpec:
    """Put layers, each a type and the settings that differ from its defaults, into a stack."""
    specs: dict[str, LayerSpec] = {}
    for layer_type, settings in layers:
        layer_name = fresh_name(layer_type, specs)
        specs[layer_name] = LayerSpec(type=layer_type, name=layer_name, settings=settings)
    return ModelSpec(name=name, layers=tuple(specs.values()))


def _conv(filters: int) -> tuple[str, dict[str, object]]:
    return "Conv2D", {"filters": filters}


def _pool() -> tuple[str, dict[str, object]]:
    return "MaxPooling2D", {}


def _dropout(rate: float) -> tuple[str, dict[str, object]]:
    return "Dropout", {"rate": rate}


def _flatten() -> tuple[str, dict[str, object]]:
    return "Flatten", {}


def _dense(units: int) -> tuple[str, dict[str, object]]:
    return "Dense", {"units": units}


def _logits() -> tuple[str, dict[str, object]]:
    return "Dense", {"units": 10, "activation": "linear"}


def _small() -> Preset:
    model = _network(
        "small",
        _conv(16),
        _pool(),
        _conv(32),
        _pool(),
        _flatten(),
        _dense(64),
        _logits(),
    )
    return Preset(
        summary="Two convolutions, quick to train: the one to start with.",
        experiment=Experiment(model=model, train=TrainSpec(epochs=5)),
    )


_R2_NOTES = (
    "From a report that compares one, two and three convolutions: 3×3 kernels, valid padding, "
    "ReLU, Adam 0.001, batch 512, 50 epochs. It does not state the dropout rates; 0.25 after each "
    "of the first two convolutions, 0.4 after the third and 0.3 after the Dense layer are chosen "
    "here. It pooled all 70,000 images and split them again 80:20, with the test part as "
    "validation data; here an honest split is the default, and the split setting "
    '"resplit" with 0.2 repeats theirs.'
)


def _r2(name: str, summary: str, *layers: tuple[str, dict[str, object]]) -> Preset:
    """Make a preset of reference report R2: its training, one of its three networks."""
    return Preset(
        summary=summary,
        experiment=Experiment(
            model=_network(name, *layers),
            data=DataSpec(split="stratified", validation=0.1),
            train=TrainSpec(epochs=50, batch_size=512, optimizer="adam", learning_rate=0.001),
        ),
        notes=_R2_NOTES,
    )


PRESETS = (
    _small(),
    _r2(
        "1_Layer",
        "One convolution with dropout.",
        *(_conv(32), _pool(), _dropout(0.25)),
        *(_flatten(), _dense(32), _logits()),
    ),
    _r2(
        "2_Layer",
        "Two convolutions with dropout.",
        *(_conv(32), _pool(), _dropout(0.25)),
        *(_conv(64), _dropout(0.25)),
        *(_flatten(), _dense(64), _logits()),
    ),
    _r2(
        "3_Layer",
        "Three convolutions with dropout.",
        *(_conv(32), _pool(), _dropout(0.25)),
        *(_conv(64), _dropout(0.25)),
        *(_conv(128), _dropout(0.4)),
        *(_flatten(), _dense(128), _dropout(0.3), _logits()),
    ),
)
