"""Which runs are worth their cost: those that no other run beats in cost and value at once."""

from __future__ import annotations

from collections.abc import Sequence


def pareto_front(costs: Sequence[float], values: Sequence[float]) -> list[int]:
    """Return the places that no other place beats, cheapest first.

    A place is beaten by one that costs no more and is worth more, or costs less and is worth as
    much. Of places that are equal in both, the first one stands for all.

    Args:
        costs: What each costs, N numbers; less is better.
        values: What each is worth, N numbers; more is better.
    """
    order = sorted(range(len(costs)), key=lambda place: (costs[place], -values[place], place))
    front: list[int] = []
    for place in order:
        if not front or values[place] > values[front[-1]]:
            front.append(place)
    return front
