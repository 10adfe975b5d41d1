"""What looks wrong in a network, in words."""

from fmnist_core.analysis.health import findings
from fmnist_core.model import presets

SPECS = {layer.name: layer for layer in presets.load("small").experiment.model.layers}
KERNELS = [name for name, spec in SPECS.items() if "kernel_initializer" in spec.settings]


def measured(**changes):
    """All layers of the small network in good health, but for changes by name."""
    sound = {"units": 20, "silent": [], "gradient": None}
    return [
        {"name": name, **sound, **({"gradient": 0.01} if name in KERNELS else {})}
        | changes.get(name, {})
        for name in SPECS
    ]


def test_in_good_health_nothing_is_said():
    assert findings(measured(), SPECS) == []


def test_a_tenth_of_silent_units_is_said():
    assert findings(measured(conv2d_1={"silent": [3]}), SPECS) == []
    (said,) = findings(measured(conv2d_1={"silent": [3, 7]}), SPECS)

    assert said.startswith("conv2d_1: 2 of 20 units give 0 for every image")


def test_gradients_that_vanish_or_explode_are_said():
    first, last = KERNELS[0], KERNELS[-1]
    (vanishing,) = findings(measured(**{first: {"gradient": 1e-6}}), SPECS)
    (exploding,) = findings(measured(**{last: {"gradient": 1e-6}}), SPECS)

    assert vanishing.startswith(f"The gradient vanishes: it is 10,000 times as large at {last}")
    assert exploding.startswith("The gradient explodes towards the image: it is 10,000 times")
