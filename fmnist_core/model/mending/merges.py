"""Ideas for layers that join an earlier output with the present one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from fmnist_core.model import edit
from fmnist_core.model.catalogue import CATALOGUE
from fmnist_core.model.mending.site import (
    Idea,
    Ideas,
    Site,
    change,
    insert_before,
    move_after,
    move_before,
    remove,
)
from fmnist_core.model.rules import Misfit
from fmnist_core.specs.model import INPUT, LayerSpec, ModelSpec


def nothing_joined(site: Site) -> Iterator[Ideas]:
    """A new merge has to be told what to join."""
    for name in _fitting(site)[:3]:
        yield (_join(site, [name], f"join {name}"),)
    yield (remove(site.layer),)


def unknown_join(site: Site) -> Iterator[Ideas]:
    """It joins a layer that is gone, or that comes later."""
    for layer in site.model.layers[site.at + 1 :]:
        if layer.name in site.layer.inputs:
            yield (move_after(site.layer, layer),)
    yield from _other_joins(site, _fitting(site)[:2])
    yield (remove(site.layer),)


def map_and_vector(site: Site) -> Iterator[Ideas]:
    """It joins what was before the Flatten with what comes after it."""
    yield from _other_joins(site, _fitting(site)[:2])
    if len(site.arriving) == 3:
        yield (insert_before(site.layer, "Flatten"),)
    elif maker := site.maker_of_vector():
        yield (move_before(site.layer, maker),)
    yield (remove(site.layer),)


def unequal_shapes(site: Site) -> Iterator[Ideas]:
    """The sides, or for Add the channels, of what it joins have changed in between."""
    others = _fitting(site)
    repeated = [name for name in others if site.layer.type == "Add" and not _equal(site, name)]
    yield from _other_joins(site, [name for name in others if name not in repeated][:1])
    channels = _same_channels(site) if site.layer.type == "Add" else ()
    if any(site.shapes[name][:-1] != site.arriving[:-1] for name in site.layer.inputs):
        same = _same_size(site)
        yield (*same, *(first.then(second) for first in same for second in channels[:1]))
        between = _between(site)
        yield tuple(remove(layer) for layer in between if CATALOGUE[layer.type].kind == "pooling")
    else:
        for idea in channels:
            yield (idea,)
    yield from _other_joins(site, repeated[:1])
    yield (remove(site.layer),)


def _fitting(site: Site) -> list[str]:
    """Name the earlier outputs that can be joined: equal shapes first, the nearest first."""
    arriving = site.name_before(site.at)
    earlier = [*(layer.name for layer in site.before), INPUT]
    fitting = [name for name in earlier if name != arriving and _fits(site, name)]
    return sorted(fitting, key=lambda name: not _equal(site, name))


def _fits(site: Site, name: str) -> bool:
    if name not in site.shapes:
        return False
    try:
        CATALOGUE[site.layer.type].output_shape((site.arriving, site.shapes[name]), {})
    except Misfit:
        return False
    return True


def _equal(site: Site, name: str) -> bool:
    """An output has the shape that arrives; Add repeats others, as an image of one channel."""
    return site.shapes[name] == site.arriving


def _other_joins(site: Site, others: Sequence[str]) -> Iterator[Ideas]:
    """Do without what does not fit, or join something else in its place."""
    kept = [name for name in site.layer.inputs if _fits(site, name)]
    if kept:
        dropped = " or ".join(dict.fromkeys(n for n in site.layer.inputs if n not in kept))
        yield (_join(site, kept, f"no longer join {dropped}"),)
    for name in others:
        if name not in kept:
            yield (_join(site, [*kept, name], f"join {name} instead"),)


def _join(site: Site, names: Sequence[str], text: str) -> Idea:
    return Idea(text, lambda model: edit.change_inputs(model, site.layer.name, names))


def _between(site: Site) -> tuple[LayerSpec, ...]:
    """Return the layers between the first output that does not fit and the merge."""
    misfits = [name for name in site.layer.inputs if not _fits(site, name)]
    start = min((site.position(name) for name in misfits), default=site.at)
    return site.model.layers[start + 1 : site.at]


def _same_size(site: Site) -> Ideas:
    """Keep height and width on the way: by padding if that is enough, else without strides too."""
    sliding = [layer for layer in _between(site) if "strides" in layer.settings]
    valid = [layer for layer in sliding if layer.settings["padding"] == "valid"]
    strided = [x for x in sliding if CATALOGUE[x.type].window(x.settings).stride > 1]
    both = [layer for layer in sliding if layer in valid or layer in strided]
    return (
        *((_pad(site, valid),) if valid else ()),
        *((_pad(site, both, strides=1),) if strided else ()),
    )


def _pad(site: Site, layers: Sequence[LayerSpec], **more: int) -> Idea:
    """Give all of these layers the padding "same", and more settings if any are given."""
    if len(layers) == 1:
        text, rest = f'set padding of {layers[0].name} to "same"', "its "
    else:
        text, rest = 'set padding to "same"', ""
    text += "".join(f" and {rest}{setting} to {value}" for setting, value in more.items())
    if len(layers) > 1:
        start = site.name_before(site.position(layers[0].name))
        text += f" between {start} and {site.layer.name}"

    def pad(model: ModelSpec) -> ModelSpec:
        for layer in layers:
            model = edit.change_settings(model, layer.name, padding="same", **more)
        return model

    return Idea(text, pad)


def _same_channels(site: Site) -> Ideas:
    """Give the present output as many channels as the widest of what it joins."""
    wanted = max(site.shapes[name][-1] for name in site.layer.inputs)
    if wanted == site.arriving[-1]:
        return ()
    if len(site.arriving) == 3:
        setting, new = "filters", _linear(site.layer, "Conv2D", filters=wanted, kernel_size=1)
    else:
        setting, new = "units", _linear(site.layer, "Dense", units=wanted)
    makers = [layer for layer in _between(site) if setting in layer.settings]
    return (*(change(layer, setting, wanted) for layer in makers[-1:]), new)


def _linear(merge: LayerSpec, layer_type: str, **settings: int) -> Idea:
    """Put a layer before the merge that changes the number of channels and bends nothing."""
    width, number = next(iter(settings.items()))
    text = f"{layer_type} with {number} {width}"
    if "kernel_size" in settings:
        text = f"1×1 {text}"
    return insert_before(merge, layer_type, text, activation="linear", **settings)
