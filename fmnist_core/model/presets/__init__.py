"""Ready-made experiments: templates to learn from, and those of five reports on Fashion-MNIST."""

from __future__ import annotations

from difflib import get_close_matches

from fmnist_core.exceptions import FmnistError
from fmnist_core.model.presets import r0, r1, r2, r3, r4, templates
from fmnist_core.model.presets.base import Preset

__all__ = ["PRESETS", "Preset", "load"]

PRESETS: tuple[Preset, ...] = (
    *templates.PRESETS,
    *r0.PRESETS,
    *r1.PRESETS,
    *r2.PRESETS,
    *r3.PRESETS,
    *r4.PRESETS,
)


def load(name: str) -> Preset:
    """Return the preset of that name, or the one that its report calls so.

    Capitals are as good as small letters, and "_" is as good as "-".

    Raises:
        FmnistError: There is none; the message names those that are spelled alike.
    """
    wanted = _plain(name)
    for preset in PRESETS:
        if wanted in (_plain(preset.name), _plain(preset.report_name) or None):
            return preset
    alike = get_close_matches(wanted[:40], [preset.name for preset in PRESETS])
    hint = f" Did you mean {' or '.join(alike)}?" if alike else ""
    raise FmnistError(
        f'There is no preset called "{name[:40]}".{hint} "fmnist presets" lists them all.'
    )


def _plain(name: str) -> str:
    return name.lower().replace("_", "-")
