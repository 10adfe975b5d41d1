"""Two runs against each other."""

from __future__ import annotations

import argparse
from typing import Any

from fmnist_core.analysis.comparison import ClassGain, compare, p_text, verdict
from fmnist_core.cli.predicted import OPTIMISTIC, add_part, find, optimistic
from fmnist_core.cli.shared import RUN_HELP, add_command, show
from fmnist_core.labels import CLASS_NAMES
from fmnist_core.runs.run import Run

PAIRS = 5  # listed as text; JSON has them all


def add(commands: Any) -> None:
    """Add `compare`."""
    command = add_command(
        commands, "compare", _compare, "say whether run B is better than run A, or only luckier"
    )
    for name in ("A", "B"):
        command.add_argument(f"run_{name.lower()}", metavar=name, help=RUN_HELP)
    add_part(command)


def _compare(args: argparse.Namespace) -> None:
    (run_a, a), (run_b, b) = (find(run_id, args.part) for run_id in (args.run_a, args.run_b))
    found = compare(a, b)
    sentence = verdict(found, *_names(run_a, run_b))
    data = {
        "runs": [run_a.run_id, run_b.run_id],
        "part": args.part,
        "test_used_for_validation": [optimistic(run_a), optimistic(run_b)],
        "verdict": sentence,
        **found.overall._asdict(),
        "classes": [_row(each) for each in found.classes],
        "pairs": [_row(each) for each in found.pairs],
        "fixed_index": found.index[found.fixed].tolist(),
        "broken_index": found.index[found.broken].tolist(),
    }
    notes = [f"{run.run_id}: {OPTIMISTIC}." for run in (run_a, run_b) if optimistic(run)]
    low, high = found.overall.interval
    lines = [
        f"A  {run_a.run_id}  {run_a.title}",
        f"B  {run_b.run_id}  {run_b.title}",
        *notes,
        sentence,
        f"95 % interval of the gain: {100 * low:+.2f} to {100 * high:+.2f} points. It is about "
        "these two networks; other seeds may say otherwise.",
        "",
        _line("true class", "fixed", "broken", "gain in points, 95 %", "p after Holm"),
        *map(_gain_line, found.classes),
        "",
        f"mistakes that changed most, {len(found.pairs[:PAIRS])} of {len(found.pairs)}",
        *map(_gain_line, found.pairs[:PAIRS]),
    ]
    show(args, data, "\n".join(lines))


def _names(run_a: Run, run_b: Run) -> tuple[str, str]:
    """Call the runs by their titles, or by A and B where those are the same."""
    titles = run_a.title, run_b.title
    return ("A", "B") if titles[0] == titles[1] else titles


def _row(each: ClassGain) -> dict[str, Any]:
    row = {"true": each.true, "predicted": each.predicted}
    return row | each.gain._asdict() | {"adjusted_p": each.adjusted_p}


def _gain_line(each: ClassGain) -> str:
    name = CLASS_NAMES[each.true]
    if each.predicted is not None:
        name += f" → {CLASS_NAMES[each.predicted]}"
    low, high = each.gain.interval
    points = f"{100 * each.gain.gain:+.1f} ({100 * low:+.1f} to {100 * high:+.1f})"
    chance = p_text(each.adjusted_p) + (": likely real" if each.likely_real else "")
    return _line(name, f"{each.gain.fixed:,}", f"{each.gain.broken:,}", points, chance)


def _line(name: str, fixed: str, broken: str, gain: str, chance: str) -> str:
    return f"  {name:<25} {fixed:>6} {broken:>7}  {gain:<22} {chance}"
