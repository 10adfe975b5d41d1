"""An experiment as Keras code that runs without this package: a script, or a notebook of it.

The code makes the same split, the same first weights and the same order of batches as
`training.loop`, so that it ends with the same figures.
"""

from __future__ import annotations

from fmnist_core.model.code.notebook import notebook
from fmnist_core.model.code.script import script

__all__ = ["notebook", "script"]
