"""A network as a JSON file, and back from a file that nobody vouches for.

Format 1 is {"format": 1, "model": {…}}. What `RunStore` writes of a run, with the model inside an
experiment, is read too, and so is a model by itself.
"""

from __future__ import annotations

import json
import re
from typing import Any, NoReturn

from fmnist_core.exceptions import SpecError
from fmnist_core.specs.model import ModelSpec

FORMAT = 1
MAX_BYTES = 256 * 2**10  # a hundred layers with every setting written out take a fifth
_FILE = "the file"


def to_json(model: ModelSpec) -> str:
    """Return a network as the text of a file."""
    return json.dumps({"format": FORMAT, "model": model.to_dict()}, indent=1) + "\n"


def from_json(text: bytes | str) -> ModelSpec:
    """Return the network in a file of any content.

    Whether its layers fit together is for `shapes.trace` to say, as for any draft.

    Raises:
        SpecError: The file is too large or no JSON, holds no network, or one that is not allowed.
    """
    return ModelSpec.from_dict(_model(_parsed(_decoded(text))))


def file_stem(name: str) -> str:
    """Return a name as letters, digits, "-" and "_", for a file without its ending."""
    return re.sub(r"[^A-Za-z0-9_-]+", "-", name).strip("-_") or "network"


def _decoded(text: bytes | str) -> str:
    """Return the text of a file that is not too large, without a byte order mark."""
    if len(text) > MAX_BYTES:
        expected = f"at most {MAX_BYTES:,} bytes, more than any network needs"
        raise SpecError("size of the file", len(text), expected)
    if isinstance(text, str):
        return text.removeprefix("\ufeff")
    try:
        return text.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SpecError(_FILE, text[:60], "text in UTF-8, as this app exports it") from error


def _parsed(text: str) -> Any:
    """Read strict JSON: no NaN or Infinity, and no key twice."""
    try:
        return json.loads(text, parse_constant=_no_constant, object_pairs_hook=_unique)
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise SpecError(_FILE, text, f"JSON; the first mistake is in {where}") from error
    except RecursionError as error:
        raise SpecError(_FILE, text, "JSON with fewer brackets inside each other") from error
    except ValueError as error:  # Python reads no whole number of more than 4,300 digits
        raise SpecError(_FILE, text, "JSON with numbers of fewer digits") from error


def _no_constant(name: str) -> NoReturn:
    raise SpecError(_FILE, name, "JSON, which has no NaN and no Infinity")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise SpecError(_FILE, key, "JSON in which no object names a field twice")
        found[key] = value
    return found


def _model(data: Any) -> Any:
    """Find the network in what a file holds."""
    if isinstance(data, dict) and ("model" in data or "experiment" in data):
        version = data.get("format", FORMAT)
        if isinstance(version, bool) or version != FORMAT:
            expected = f"{FORMAT}, the only one that this version of the app knows"
            raise SpecError("format of the file", version, expected)
        experiment = data.get("experiment", data)
        data = experiment.get("model") if isinstance(experiment, dict) else experiment
    if not isinstance(data, dict) or "layers" not in data:
        expected = "a network that this app exported, or the experiment.json of a run"
        raise SpecError(_FILE, data, expected)
    return data
