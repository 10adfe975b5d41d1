"""Colours of the kinds of layers: colour-blind safe, the same on cards, in drawings and bars.

The hues are Okabe and Ito's and Paul Tol's, made darker or lighter until each stands out from its
background by 3:1 (WCAG 1.4.11, graphical objects) and any two differ by 12 or more in CIEDE2000,
also as seen with protanopia, deuteranopia and tritanopia (Machado et al. 2009).
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

# kind → (on light, on dark)
KIND_COLORS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "convolution": ("#2c84d8", "#78adf2"),
        "pooling": ("#de721c", "#e88c2f"),
        "normalisation": ("#047962", "#6fe3b0"),
        "regularisation": ("#766000", "#f5e04e"),
        "activation": ("#a66093", "#c070a8"),
        "shape": ("#404e5f", "#c6d0dc"),
        "dense": ("#581aa0", "#6070ea"),
        "merge": ("#892337", "#de3a55"),
    }
)
