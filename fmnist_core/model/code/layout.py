"""Python source as ruff formats it, for the few forms that the exported code has."""

from __future__ import annotations

import re
from collections.abc import Sequence
from textwrap import dedent, indent

WIDTH = 100  # characters a line; ruff's line-length


def call(
    head: str, arguments: Sequence[str], tail: str = "", *, column: int = 0, comment: str = ""
) -> str:
    """Write `head(arguments)tail  # comment`, in several lines where one would be too long.

    Args:
        head: What stands before the parenthesis.
        arguments: Source of each argument.
        tail: What follows the closing parenthesis.
        column: How far the code will be indented where it ends up.
        comment: Stands at the end; "" for none.
    """
    end = f"){tail}  # {comment}" if comment else f"){tail}"
    line = f"{head}({', '.join(arguments)}{end}"
    if column + len(line) <= WIDTH:
        return line
    body = "    " + ", ".join(arguments)
    if column + len(body) > WIDTH:
        body = indent("\n".join(_argument(each, column + 4) for each in arguments), "    ")
    return f"{head}(\n{body}\n{end}"


def _argument(text: str, column: int) -> str:
    """Write an argument with a line for itself; a call that is too long for it gets three."""
    if column + len(text) + 1 <= WIDTH or not text.endswith(")"):
        return f"{text},"
    head, _, inside = text[:-1].partition("(")
    return f"{head}(\n    {inside}\n),"


def source(template: str, **parts: str) -> str:
    """Return a template without its indentation, each `<name>` replaced by its part.

    A part that has a line for itself is indented as that line is; where it is "", the line goes.
    """
    lines = []
    for line in dedent(template).strip("\n").split("\n"):
        alone = re.fullmatch(r"( *)<(\w+)>", line)
        if not alone:
            lines.append(re.sub(r"<(\w+)>", lambda found: parts[found[1]], line))
        elif parts[alone[2]]:
            lines.append(indent(parts[alone[2]], alone[1]))
    return "\n".join(lines)


def number(value: float) -> str:
    """Write 60000 as 60_000, and 0.001 and True as they are."""
    whole = isinstance(value, int) and not isinstance(value, bool)
    return f"{value:_}" if whole else repr(value)
