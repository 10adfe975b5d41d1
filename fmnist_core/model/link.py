"""A network as a short text that fits into a link, and back from a text that nobody vouches for.

Version 1 is "1." and then JSON, compressed by zlib, in the URL-safe base64 alphabet without
padding. The JSON of a network is [name, layers], a layer [type, name, settings, inputs] without
what stands at its default at the end.
"""

from __future__ import annotations

import base64
import binascii
import json
import zlib
from typing import Any

from fmnist_core.exceptions import SpecError
from fmnist_core.model.catalogue import CATALOGUE
from fmnist_core.specs.model import LayerSpec, ModelSpec

VERSION = "1."
MAX_CHARACTERS = 20_000  # browsers and servers take no longer links
MAX_BYTES = 256 * 2**10  # of JSON: a hundred layers with every setting changed take a fifth
_EXPECTED = "from this app, copied whole"


def encode(model: ModelSpec) -> str:
    """Return the network as letters, digits, "-", "_" and ".", 2,000 of them for 20 layers."""
    return pack([model.name, [_row(layer) for layer in model.layers]])


def decode(text: str) -> ModelSpec:
    """Return the network that `encode` wrote.

    Raises:
        SpecError: The text is damaged, or asks for a network that is not allowed.
    """
    data = unpack(text)
    try:
        name, rows = data
        layers = [_layer_dict(*row) for row in rows]
    except (ValueError, TypeError) as error:
        raise SpecError("the link", text, _EXPECTED) from error
    return ModelSpec.from_dict({"name": name, "layers": layers})


def pack(data: Any) -> str:
    """Return JSON data as letters, digits, "-", "_" and "."."""
    text = json.dumps(data, allow_nan=False, separators=(",", ":"))
    packed = base64.urlsafe_b64encode(zlib.compress(text.encode(), level=9))
    return VERSION + packed.decode().rstrip("=")


def unpack(text: str) -> Any:
    """Return what `pack` was given, of any shape: the text may come from anywhere.

    Raises:
        SpecError: The text is damaged, or unpacks to more than `MAX_BYTES`.
    """
    try:
        return json.loads(_decompress(text))
    except (ValueError, RecursionError, zlib.error) as error:
        raise SpecError("the link", text, _EXPECTED) from error


def _row(layer: LayerSpec) -> list[Any]:
    defaults = CATALOGUE[layer.type].settings
    changed = {k: v for k, v in layer.settings.items() if v != defaults[k].default}
    row = [layer.type, layer.name, changed, list(layer.inputs)]
    while not row[-1]:
        row.pop()
    return row


def _layer_dict(layer_type: Any, name: Any, settings: Any = None, inputs: Any = ()) -> dict:
    return {"type": layer_type, "name": name, "settings": settings or {}, "inputs": inputs}


def _decompress(text: str) -> bytes:
    """Return the JSON; a text that would unpack to more than `MAX_BYTES` is refused half-way."""
    if not text.startswith(VERSION) or len(text) > MAX_CHARACTERS:
        raise ValueError("another version, or too long")
    body = text.removeprefix(VERSION)
    try:
        packed = base64.b64decode(body + "=" * (-len(body) % 4), altchars="-_", validate=True)
    except binascii.Error as error:
        raise ValueError("no base64") from error
    unpacker = zlib.decompressobj()
    data = unpacker.decompress(packed, MAX_BYTES)
    if not unpacker.eof or unpacker.unused_data:
        raise ValueError("cut off, too large, or followed by something else")
    return data
