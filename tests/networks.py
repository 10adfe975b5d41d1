"""Small networks, written in one line."""

from fmnist_core.specs import LayerSpec, ModelSpec


def network(*given_layers):
    """A network of (type, settings) or (type, inputs), its layers called a, b, c, …"""
    specs = []
    for name, (layer_type, chosen) in zip("abcdefghij", given_layers, strict=False):
        field = "inputs" if isinstance(chosen, list) else "settings"
        specs.append(LayerSpec(type=layer_type, name=name, **{field: chosen}))
    return ModelSpec(layers=tuple(specs))
