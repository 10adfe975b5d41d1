"""What is known of a network's speed: one file a network, `.probes/<key>.json` in the store.

The key stands for all that makes a network faster or slower on this machine, so that names, lengths
and learning rates may change. The file says first who times the network, then what came out.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from fmnist_core.exceptions import StoreError
from fmnist_core.jobs.machine import speed_identity
from fmnist_core.jobs.probe_result import ProbeResult
from fmnist_core.runs.files import read_json, write_json
from fmnist_core.runs.records import as_type
from fmnist_core.specs import Experiment, ModelSpec
from fmnist_core.specs.model import INPUT

FOLDER = ".probes"
FORMAT = 1
MAX_KEPT = 200

# Settings that change what is learned, or for how long, but not the time of a step.
_NO_COST = {
    "train": (
        *("epochs", "steps", "learning_rate", "schedule", "drop_factor", "drop_every"),
        *("early_stopping", "reduce_lr", "label_smoothing", "seed", "flip_evaluation"),
    ),
    "data": ("split", "validation", "subset", "seed"),
}


@dataclass(frozen=True, kw_only=True)
class ProbeRecord:
    """The contents of such a file.

    Attributes:
        asked: When the probe was asked for, in seconds since 1970.
        handle: The process that times it, as the local executor writes it.
        experiment: What it times.
        live_runs: Runs that were training when it was asked for.
        result: What came out; None before the end, and where nothing did.
        failure: Why nothing came out, for a person; "" for no failure.
    """

    asked: float
    handle: str
    experiment: dict[str, Any] = field(default_factory=dict)
    live_runs: int = 0
    result: ProbeResult | None = None
    failure: str = ""

    @property
    def waits(self) -> bool:
        """Nothing has come out yet."""
        return self.result is None and not self.failure

    def write(self, path: Path) -> None:
        """Replace the file; a power cut may lose it, as it can be measured again."""
        write_json(path, {"format": FORMAT, **asdict(self)}, durable=False)


def read_record(path: Path) -> ProbeRecord | None:
    """Read such a file; None where there is none, or where it is damaged or foreign."""
    try:
        data = read_json(path)
        known = data.pop("format", None) == FORMAT
        return as_type(data, ProbeRecord) if known else None
    except (StoreError, TypeError):
        return None


def record_path(experiment: Experiment, root: Path) -> Path:
    """Return where the speed of an experiment's network is kept in the store `root`."""
    asked = experiment.to_dict()
    costs: dict[str, Any] = {
        part: {name: value for name, value in asked[part].items() if name not in _NO_COST[part]}
        for part in _NO_COST
    }
    costs |= {"layers": _nameless(experiment.model), "machine": speed_identity()}
    costs["augment"] = experiment.augment.on_the_fly.to_dict()
    text = json.dumps(costs, sort_keys=True, separators=(",", ":"))
    return root / FOLDER / f"{hashlib.sha256(text.encode()).hexdigest()}.json"


def _nameless(model: ModelSpec) -> list[Any]:
    """Return the layers with their places instead of their names."""
    places = {INPUT: -1} | {layer.name: place for place, layer in enumerate(model.layers)}
    return [
        [layer.type, dict(layer.settings), [places.get(name, name) for name in layer.inputs]]
        for layer in model.layers
    ]


def forget_oldest(folder: Path) -> None:
    """Delete all records but the newest 200.

    Raises:
        OSError: The folder cannot be read or written.
    """
    files = sorted(folder.glob("*.json"), key=lambda file: file.stat().st_mtime, reverse=True)
    for file in files[MAX_KEPT:]:
        file.unlink(missing_ok=True)
