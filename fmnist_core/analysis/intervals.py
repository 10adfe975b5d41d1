"""How far a measured share can be from the true one."""

from __future__ import annotations

import math

Z_95 = 1.959963984540054  # two-sided 95 % of the normal distribution


def wilson_interval(correct: int, total: int) -> tuple[float, float]:
    """Return the 95 % interval of a share.

    Args:
        correct: Successes, 0 to `total`.
        total: Trials, at least 1.

    Returns:
        Lower and upper end, each in [0, 1].

    Raises:
        ValueError: `total` is below 1, or `correct` is not in 0 to `total`.

    Source:
        Wilson 1927, https://doi.org/10.1080/01621459.1927.10502953
    """
    if total < 1 or not 0 <= correct <= total:
        raise ValueError(f"{correct} of {total} is no share")
    share = correct / total
    spread = Z_95**2 / total
    centre = (share + spread / 2) / (1 + spread)
    half = Z_95 / (1 + spread) * math.sqrt(share * (1 - share) / total + spread / (4 * total))
    return max(0.0, centre - half), min(1.0, centre + half)
