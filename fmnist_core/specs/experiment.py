"""Everything that makes a run what it is."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from fmnist_core.exceptions import SpecError
from fmnist_core.settings import Text, setting_field
from fmnist_core.specs.augment import AugmentSpec
from fmnist_core.specs.base import Spec
from fmnist_core.specs.data import DataSpec, SplitSizes
from fmnist_core.specs.model import ModelSpec
from fmnist_core.specs.train import TrainSpec


@dataclass(frozen=True, kw_only=True)
class Experiment(Spec):
    """A network, the data, its augmentation and the training; with a name and an origin.

    Attributes:
        parent: Id of the run it was made from, or "".
        owner: Who asked for it, or "".
    """

    model: ModelSpec
    data: DataSpec = field(default_factory=DataSpec)
    train: TrainSpec = field(default_factory=TrainSpec)
    augment: AugmentSpec = field(default_factory=AugmentSpec)
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
        """Check what the parts have to agree on."""
        super().__post_init__()
        size = self.train_size
        if self.train.batch_size > size:
            raise SpecError(
                "batch size", self.train.batch_size, f"at most {size:,}, the training images"
            )

    @property
    def train_size(self) -> int:
        """Training images of an epoch, augmented copies included."""
        return self.data.sizes.train * len(self.augment.copies)

    @property
    def sizes(self) -> SplitSizes:
        """Numbers of images in the three parts, augmented copies included."""
        return self.data.sizes._replace(train=self.train_size)

    @property
    def title(self) -> str:
        """What to call the run: its name, else that of its network."""
        return self.name or self.model.name or "unnamed"

    @classmethod
    def _read(cls, key: str, value: Any) -> Any:
        specs: dict[str, type[Spec]] = {
            "model": ModelSpec,
            "data": DataSpec,
            "train": TrainSpec,
            "augment": AugmentSpec,
        }
        return specs[key].from_dict(value) if key in specs else value
