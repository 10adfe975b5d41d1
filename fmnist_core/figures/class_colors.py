"""One colour a class, the same in every figure.

Each stands out from its background by 3:1 (WCAG 1.4.11, graphical objects). Ten hues cannot all be
told apart by everybody, so that lines of the last five classes are dashed too.
"""

from __future__ import annotations

# In label order: (on light, on dark)
CLASS_COLORS: tuple[tuple[str, str], ...] = (
    ("#1f5fbf", "#79aaff"),
    ("#d9722e", "#f0a06b"),
    ("#2f8f6b", "#67c7a0"),
    ("#8a5cc2", "#b796e6"),
    ("#c0395b", "#ef8aa4"),
    ("#7a6200", "#d8c04a"),
    ("#0b84a5", "#5cc8e0"),
    ("#8c4a20", "#cf9a78"),
    ("#c2409a", "#f28fd0"),
    ("#404e5f", "#b6c2d0"),
)


def class_dash(label: int) -> str:
    """Return Plotly's name of the dash of a class's lines."""
    return "solid" if label < len(CLASS_COLORS) // 2 else "dash"
