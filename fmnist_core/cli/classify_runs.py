"""What several runs make of the same pictures, side by side."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from fmnist_core.cli.classify_details import sentences
from fmnist_core.cli.pictures import printable
from fmnist_core.runs.run import Run


def side_by_side(runs: Sequence[Run], pictures: Sequence[list[dict[str, Any]]]) -> Iterator[str]:
    """Write for each picture a line a run, and how far the runs agree.

    Args:
        runs: At least two.
        pictures: What each run makes of the pictures, as `fmnist classify --json` lists it.
    """
    names = [f"{run.run_id}  {run.title[:24]}" for run in runs]
    width = max(map(len, names))
    for rows in zip(*pictures, strict=True):
        first = rows[0]
        if first["problem"]:
            yield f"  {printable(first['file'])}  not classified: {first['problem']}"
            continue
        yield f"  {printable(first['file'])}  {_agreement(rows)}"
        yield from (f"    {sentence}" for sentence in first["decided"])
        for name, row in zip(names, rows, strict=True):
            yield f"    {name:<{width}}  {in_line(row)}"
            yield from (f"      {sentence}" for sentence in sentences(row))


def in_line(row: dict[str, Any]) -> str:
    """Write the likeliest classes of a picture, the first one apart."""
    top = [f"{each['class']} {100 * each['probability']:.1f} %" for each in row["top"]]
    return f"{top[0]:<19} then {', '.join(top[1:])}"


def _agreement(rows: Sequence[dict[str, Any]]) -> str:
    counts = Counter(row["prediction"] for row in rows)
    if len(counts) == 1:
        return f"all {len(rows)} runs: {rows[0]['prediction']}"
    return ", ".join(f"{number} of {len(rows)}: {name}" for name, number in counts.most_common())
