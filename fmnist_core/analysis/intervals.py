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


def difference_interval(
    correct_before: int, total_before: int, correct_after: int, total_after: int
) -> tuple[float, float]:
    """Return the 95 % interval of how much larger the second share is than the first.

    It takes the two for independent samples. Where both were measured on the same images it is too
    wide rather than too narrow, as what is hard for one is mostly hard for the other too.

    Args:
        correct_before: Successes of the first, 0 to `total_before`.
        total_before: Trials of the first, at least 1.
        correct_after: Successes of the second, 0 to `total_after`.
        total_after: Trials of the second, at least 1.

    Returns:
        Lower and upper end, each in [-1, 1].

    Raises:
        ValueError: One of the two is no share.

    Source:
        Newcombe 1998, method 10, https://doi.org/10.1002/(SICI)1097-0258(19980430)17:8<873>3.0.CO;2-I
    """
    before, after = correct_before / max(1, total_before), correct_after / max(1, total_after)
    low_before, high_before = wilson_interval(correct_before, total_before)
    low_after, high_after = wilson_interval(correct_after, total_after)
    gain = after - before
    return (
        gain - math.hypot(after - low_after, high_before - before),
        gain + math.hypot(high_after - after, before - low_before),
    )
