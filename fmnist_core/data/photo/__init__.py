"""Any picture → 28×28 grey pixels like those that networks were trained on."""

from fmnist_core.data.photo.decode import decode
from fmnist_core.data.photo.prepare import prepare
from fmnist_core.data.photo.prepared import Prepared, Step
from fmnist_core.data.photo.spec import PhotoSpec

__all__ = ["PhotoSpec", "Prepared", "Step", "decode", "prepare"]
