"""Ideas for mending a network, by the cause of its problem; `model.repairs` tries each of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from fmnist_core.model.mending import ends, maps, merges, sizes
from fmnist_core.model.mending.site import Ideas, Site
from fmnist_core.model.rules import Cause

IDEAS: Mapping[Cause, Callable[[Site], Iterator[Ideas]]] = {
    Cause.NEEDS_MAP: maps.after_the_vector,
    Cause.WINDOW: maps.too_large_a_window,
    Cause.STRIDES_AND_DILATION: maps.strides_and_dilation,
    Cause.NOTHING_JOINED: merges.nothing_joined,
    Cause.UNKNOWN_JOIN: merges.unknown_join,
    Cause.MAP_AND_VECTOR: merges.map_and_vector,
    Cause.ADD: merges.unequal_shapes,
    Cause.CONCATENATE: merges.unequal_shapes,
    Cause.TOO_LARGE_MAPS: sizes.too_large_maps,
    Cause.EMPTY: ends.empty,
    Cause.TOO_MANY_PARAMETERS: sizes.too_many_parameters,
    Cause.TOO_MUCH_WORK: sizes.too_much_work,
    Cause.MAP_AT_END: ends.map_at_end,
    Cause.VECTOR_AT_END: ends.vector_at_end,
    Cause.NOTHING_LEARNS: ends.nothing_learns,
    Cause.DISTURBED_SCORES: ends.disturbed_scores,
    Cause.BENT_SCORES: ends.bent_scores,
}
