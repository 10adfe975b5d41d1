"""The colours of a drawing on a light or a dark page; plain values, so that a file stands alone."""

from __future__ import annotations

from dataclasses import dataclass

from fmnist_core.model.colors import KIND_COLORS

BLACK, WHITE = "#000000", "#ffffff"


@dataclass(frozen=True, kw_only=True)
class Ink:
    """The colours of one theme, each as #rrggbb.

    Attributes:
        text: Names and figures.
        muted: Shapes and notes; still 4.5:1 against the page.
        line: Where data flows.
        faint: Lines to labels, and layers that wait for one that does not fit.
        problem: The layer that does not fit.
        frame: What is drawn on top of a box.
    """

    dark: bool
    text: str
    muted: str
    line: str
    faint: str
    problem: str
    frame: str

    def of(self, kind: str) -> str:
        """Return the colour of a kind of layer."""
        return KIND_COLORS[kind][self.dark]


_LIGHT = Ink(
    dark=False,
    text="#0f1722",
    muted="#566271",
    line="#8794a5",
    faint="#d3dae4",
    problem="#c8102e",
    frame=WHITE,
)
_DARK = Ink(
    dark=True,
    text="#e6eaf0",
    muted="#a3afbf",
    line="#6f7d90",
    faint="#344151",
    problem="#ff7a85",
    frame=BLACK,
)


def ink(*, dark: bool) -> Ink:
    """Return the colours for a light or a dark page."""
    return _DARK if dark else _LIGHT


def mixed(color: str, other: str, share: float) -> str:
    """Return a colour with this share, in [0, 1], of another one."""
    pairs = zip(_channels(color), _channels(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def _channels(color: str) -> tuple[int, ...]:
    return tuple(int(color[at : at + 2], 16) for at in (1, 3, 5))
