"""The front of runs that no other run beats in cost and value at once."""

from hypothesis import given
from hypothesis import strategies as st

from fmnist_core.analysis.pareto import pareto_front

numbers = st.integers(0, 5).map(float)  # few, so that many are equal


def test_who_costs_more_has_to_be_worth_more():
    #         a    b    c    d
    costs = [1.0, 2.0, 3.0, 3.0]
    values = [0.8, 0.7, 0.9, 0.85]  # b costs more than a for less; d as much as c for less

    assert pareto_front(costs, values) == [0, 2]


def test_of_equal_ones_the_first_stands_for_all():
    assert pareto_front([1.0, 1.0, 2.0], [0.5, 0.5, 0.5]) == [0]
    assert pareto_front([], []) == []


@given(st.lists(st.tuples(numbers, numbers), min_size=1))
def test_nobody_beats_the_front_and_the_front_beats_all_others(pairs):
    front = pareto_front([cost for cost, _ in pairs], [value for _, value in pairs])

    def beats(one, other):
        return one != other and one[0] <= other[0] and one[1] >= other[1]

    best = [pairs[place] for place in front]
    assert not any(beats(one, other) for one in pairs for other in best)
    for pair in pairs:
        assert pair in best or any(beats(one, pair) for one in best)
    assert best == sorted(set(best))
