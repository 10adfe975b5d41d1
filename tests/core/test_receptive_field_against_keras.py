"""The pixels that change a value in a real network lie in the square that was worked out for it."""

from __future__ import annotations

import keras
import numpy as np

from fmnist_core.model.build import build_model
from fmnist_core.model.shapes import trace
from fmnist_core.specs import LayerSpec, ModelSpec

CHOSEN = (
    ("Conv2D", {"filters": 2}),
    ("MaxPooling2D", {}),
    ("Conv2D", {"filters": 2, "dilation_rate": 2}),
    ("Conv2D", {"filters": 2, "strides": 2, "padding": "same"}),
    ("Flatten", {}),
    ("Dense", {"units": 10, "activation": "linear"}),
)


def test_no_pixel_outside_the_field_changes_a_value_and_its_border_does():
    model = ModelSpec(
        layers=tuple(
            LayerSpec(type=layer_type, name=f"layer_{number}", settings=settings)
            for number, (layer_type, settings) in enumerate(CHOSEN)
        )
    )
    keras.utils.set_random_seed(7)
    network = build_model(model)
    probe = keras.Model(network.inputs, [layer.output for layer in network.layers[1:]])
    image = np.random.default_rng(7).random((1, 28, 28, 1), dtype="float32")
    pokes = np.eye(784, dtype="float32").reshape(784, 28, 28, 1)
    poked = np.concatenate([image, image + 50 * pokes, image - 50 * pokes])

    for layer, outputs in zip(trace(model).layers, probe.predict(poked, verbose=0), strict=True):
        middle = [size // 2 for size in layer.output[:2]]
        value = outputs[:, *middle] if len(layer.output) == 3 else outputs[:, middle]
        changed = ~np.isclose(value[1:], value[0], atol=1e-4).all(axis=1)
        rows, columns = np.nonzero(changed.reshape(2, 28, 28).any(axis=0))
        field = min(layer.receptive_field, 28)  # no pixel lies in the padding
        assert np.ptp(rows) + 1 == np.ptp(columns) + 1 == field, layer.name
        if len(layer.output) == 3:
            first = layer.sight.start + middle[0] * layer.sight.step
            assert rows.min() == columns.min() == first, layer.name
