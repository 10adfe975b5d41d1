"""Ideas for networks that ask for more memory or time than a laptop has."""

from __future__ import annotations

from collections.abc import Iterator

from fmnist_core.model import edit
from fmnist_core.model.mending.site import Idea, Ideas, Site, change, insert_before, remove
from fmnist_core.specs.model import LayerSpec, ModelSpec

_WIDTHS = ("filters", "units", "depth_multiplier")  # the settings that make a layer wide


def too_many_parameters(site: Site) -> Iterator[Ideas]:
    """Weights mostly sit in the Dense layer after a Flatten, and in wide layers."""
    maker = site.maker_of_vector()
    if maker and maker.type == "Flatten":
        yield tuple(_pooling_before(maker, size) for size in (2, 4, 7))
        yield (_averaged(maker),)
    yield from _less(site)


def too_much_work(site: Site) -> Iterator[Ideas]:
    """Work falls with the square of the map's side."""
    if len(site.arriving) == 3:
        yield tuple(_pooling_before(site.layer, size) for size in (2, 4, 7))
    yield from _less(site)


def too_large_maps(site: Site) -> Iterator[Ideas]:
    """Maps grow by padding, filters and joining."""
    if site.layer.type == "ZeroPadding2D":
        yield (remove(site.layer),)
    yield from too_much_work(site)


def _less(site: Site) -> Iterator[Ideas]:
    """Make the layer narrower, or all of them, or do without it."""
    for setting, width in _widths(site.model, site.layer).items():
        yield tuple(change(site.layer, setting, smaller) for smaller in _halves(width))
    yield tuple(_narrower(2**power) for power in range(1, 7))
    yield (remove(site.layer),)


def _widths(model: ModelSpec, layer: LayerSpec) -> dict[str, int]:
    """Return the settings that make a layer wide; the last Dense gives one number a class."""
    last_dense = next((each for each in reversed(model.layers) if each.type == "Dense"), None)
    if layer == last_dense:
        return {}
    return {key: layer.settings[key] for key in _WIDTHS if key in layer.settings}


def _halves(width: int) -> Iterator[int]:
    while width > 1:
        width //= 2
        yield width


def _pooling_before(layer: LayerSpec, size: int) -> Idea:
    text = "MaxPooling2D" if size == 2 else f"MaxPooling2D with pool size {size}"
    return insert_before(layer, "MaxPooling2D", text, pool_size=size)


def _averaged(flatten: LayerSpec) -> Idea:
    return Idea(
        f"use GlobalAveragePooling2D instead of {flatten.name}",
        lambda model: edit.replace_layer(model, flatten.name, "GlobalAveragePooling2D"),
    )


def _narrower(factor: int) -> Idea:
    """Make every layer narrower."""

    def narrow(model: ModelSpec) -> ModelSpec:
        for layer in model.layers:
            widths = _widths(model, layer)
            if widths:
                smaller = {key: max(1, width // factor) for key, width in widths.items()}
                model = edit.change_settings(model, layer.name, **smaller)
        return model

    all_widths = "all filters and units"
    text = f"halve {all_widths}" if factor == 2 else f"divide {all_widths} by {factor}"
    return Idea(text, narrow)
