"""Ideas for layers that need a map, or a larger one than arrives."""

from __future__ import annotations

from collections.abc import Iterator

from fmnist_core.model.catalogue import CATALOGUE
from fmnist_core.model.mending.site import Ideas, Site, change, move_before, remove
from fmnist_core.specs.model import LayerSpec


def after_the_vector(site: Site) -> Iterator[Ideas]:
    """A layer for maps comes after the Flatten."""
    maker = site.maker_of_vector()
    if maker is None:
        return
    if site.layer.type in ("GlobalAveragePooling2D", "GlobalMaxPooling2D"):
        yield (remove(maker),)  # a global pooling makes the vector itself
    yield (move_before(site.layer, maker),)
    yield (remove(site.layer),)
    yield (remove(maker),)


def too_large_a_window(site: Site) -> Iterator[Ideas]:
    """The map has shrunk too much before this layer."""
    pooling = _is_pooling(site)
    if pooling:
        yield (remove(site.layer),)
        yield _smaller_windows(site)
    else:
        yield (change(site.layer, "padding", "same"),)
    yield tuple(remove(layer) for layer in _earlier_poolings(site))
    if not pooling:
        yield _smaller_windows(site)
    yield tuple(
        change(layer, "strides", 1)
        for layer in site.before
        if (layer.settings.get("strides") or 1) > 1
    )
    yield (remove(site.layer),)


def strides_and_dilation(site: Site) -> Iterator[Ideas]:
    """Keras takes only one of the two."""
    yield (change(site.layer, "strides", 1),)
    yield (change(site.layer, "dilation_rate", 1),)
    yield (remove(site.layer),)


def _is_pooling(site: Site) -> bool:
    return CATALOGUE[site.layer.type].kind == "pooling"


def _earlier_poolings(site: Site) -> list[LayerSpec]:
    """Return those that can have shrunk the map too much, the nearest first."""
    poolings = [layer for layer in site.before if CATALOGUE[layer.type].kind == "pooling"]
    beside = bool(poolings) and _is_pooling(site) and poolings[0] == site.before[0]
    return poolings[1:] if beside else poolings  # to remove the one beside it is the same change


def _smaller_windows(site: Site) -> Ideas:
    """Bring the weights closer together if that is enough, else use fewer."""
    layer, side = site.layer, min(site.arriving[:2])
    if _is_pooling(site):
        return (change(layer, "pool_size", side),) if side > 1 else ()
    size, spread = layer.settings["kernel_size"], layer.settings.get("dilation_rate", 1)
    ideas = [change(layer, "kernel_size", (side - 1) // spread + 1)]
    if spread > 1 and side >= size > 1:
        ideas.insert(0, change(layer, "dilation_rate", (side - 1) // (size - 1)))
    return tuple(ideas)
