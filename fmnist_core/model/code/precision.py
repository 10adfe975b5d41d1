"""The statements of the exported code that say how the processor computes."""

from __future__ import annotations

from fmnist_core.model.code.layout import source
from fmnist_core.specs.train import TrainSpec

_THREADS = ("OMP_NUM_THREADS", "TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS")


def environment(train: TrainSpec) -> str:
    """Write what has to be set before TensorFlow is imported; "" for nothing."""
    values = {"TF_ENABLE_ONEDNN_OPTS": "0"} if not train.onednn else {}
    if train.threads:
        values |= dict.fromkeys(_THREADS, str(train.threads))
    if not values:
        return ""
    return source(
        """
        import os

        # TensorFlow reads these when it is imported.
        <lines>
        <blank>
        """,
        lines="\n".join(f'os.environ["{name}"] = "{value}"' for name, value in values.items()),
        blank="\n",
    )


def policy(train: TrainSpec) -> str:
    """Write the choice of precision; "" for Keras's own, float32."""
    if train.precision == "float32":
        return ""
    if train.precision == "auto":  # what it comes to depends on the machine
        return (
            "# The app tries float32 and mixed_bfloat16 and takes the one that is faster here.\n"
            'keras.config.set_dtype_policy("float32")'
        )
    return f'keras.config.set_dtype_policy("{train.precision}")'
