"""How long an epoch takes on this machine, trained in the ways that a report compares."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from fmnist_core.format import NONE, duration
from fmnist_core.jobs.probe import DONE, RUNNING, ProbeState, probe, probe_state
from fmnist_core.jobs.probe_result import ProbeResult
from fmnist_core.reference.claims import Timed
from fmnist_core.runs.store import RunStore

HEADINGS = ("what", "the report says", "an epoch here", "times the fastest")


@dataclass(frozen=True, kw_only=True)
class Timing:
    """One way to train, and what is known of its speed on this machine.

    Attributes:
        timed: The way.
        found: What its probe says.
    """

    timed: Timed
    found: ProbeState

    @property
    def seconds(self) -> float | None:
        """The likely time of an epoch with its validation; None where it was not timed."""
        if self.found.result is None:
            return None
        sizes = self.timed.experiment.sizes
        return self.found.result.epoch_seconds(sizes.train, sizes.validation)


def timings(ways: Iterable[Timed], store: RunStore) -> list[Timing]:
    """Return what is known of the speed of these ways; reads a small file each."""
    return [Timing(timed=way, found=probe_state(way.experiment, store)) for way in ways]


def untimed(found: Iterable[Timing]) -> list[Timed]:
    """Return the ways whose time is not known, and not being taken either."""
    return [each.timed for each in found if each.found.state not in (DONE, RUNNING)]


def time_all(ways: Iterable[Timed], store: RunStore, *, again: bool = False) -> list[Timing]:
    """Time one after the other what is not known yet, a quarter of a minute each.

    Args:
        ways: Which.
        store: Where results are kept.
        again: Time all of them anew.

    Raises:
        TooLargeError: One needs more memory than this machine has.
        StoreError: The store cannot be written.
        TrainingError: One could not be timed; the message says why.
    """
    ways = list(ways)
    for way in ways:
        probe(way.experiment, store, again=again)
    return timings(ways, store)


def timing_table(found: Sequence[Timing]) -> list[tuple[str, ...]]:
    """Return the rows under `HEADINGS`."""
    fastest = min((each.seconds for each in found if each.seconds), default=None)
    return [_row(each, fastest) for each in found]


def _row(each: Timing, fastest: float | None) -> tuple[str, ...]:
    seconds = each.seconds
    ratio = f"{seconds / fastest:.1f}" if seconds and fastest else NONE
    return each.timed.label, each.timed.said or NONE, _epoch(seconds), ratio


def _epoch(seconds: float | None) -> str:
    """Write it as exactly as it is known."""
    return f"{seconds:.1f} s" if seconds is not None and seconds < 20 else duration(seconds)


def timed_by(results: Sequence[ProbeResult]) -> str:
    """Say what machine took these times, which are at least one, and what disturbed it."""
    machine = results[0].machine
    name = str(machine.get("processor") or "this machine")
    cores = machine.get("cores")
    where = f"{name}, {cores} cores" if isinstance(cores, int) else name
    busy = any(each.live_runs for each in results)
    return f"{where}{'; other runs were training meanwhile, alone it is faster' if busy else ''}"
