"""Everything that makes a run what it is."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from fmnist_core.exceptions import SpecError
from fmnist_core.settings import Text, setting_field
from fmnist_core.specs.base import Spec
from fmnist_core.specs.data import DataSpec
from fmnist_core.specs.model import ModelSpec
from fmnist_core.specs.train import TrainSpec


@dataclass(frozen=True, kw_only=True)
class Experiment(Spec):
    """A network, the data and the training, with a name and where it comes from.

    Attributes:
        parent: Id of the run it was made from, or "".
        owner: Who asked for it, or "".
    """

    model: ModelSpec
    data: DataSpec = field(default_factory=DataSpec)
    train: TrainSpec = field(default_factory=TrainSpec)
    name: str = setting_field(
        Text(
            label="Run name",
            help="What the run is called in tables; empty: the name of its network.",
            default="",
        )
    )
    parent: str = setting_field(Text(label="Parent", help="The run it was made from.", default=""))
    owner: str = setting_field(Text(label="Owner", help="Who asked for the run.", default=""))

    def __post_init__(self) -> None:
        """Check what the three parts have to agree on."""
        super().__post_init__()
        size = self.data.sizes.train
        if self.train.batch_size > size:
            raise SpecError(
                "batch size", self.train.batch_size, f"at most {size:,}, the training images"
            )

    @property
    def title(self) -> str:
        """What to call the run: its name, else that of its network."""
        return self.name or self.model.name or "unnamed"

    @classmethod
    def _read(cls, key: str, value: Any) -> Any:
        specs: dict[str, type[Spec]] = {"model": ModelSpec, "data": DataSpec, "train": TrainSpec}
        return specs[key].from_dict(value) if key in specs else value
