"""HTML that cannot be forgotten to be escaped: text is text until an element is made of it."""

from __future__ import annotations

from html import escape


class Html(str):
    """Text that is HTML already; only `element`, `together` and what is written here make it."""


def element(tag: str, *children: object, **attributes: object) -> Html:
    """Write an element.

    Args:
        tag: Its name.
        children: What it holds: `Html` as it is, anything else as text.
        attributes: By name; "_" stands for "-", and one at the end is left out: `class_`. True
            writes the name alone; None and False write nothing.
    """
    written = "".join(_attribute(name, value) for name, value in attributes.items())
    if tag in ("img", "input", "meta", "source"):  # these have no end
        return Html(f"<{tag}{written}>")
    return Html(f"<{tag}{written}>{together(*children)}</{tag}>")


def together(*children: object) -> Html:
    """Write one after the other."""
    return Html("".join(each if isinstance(each, Html) else escape(str(each)) for each in children))


def _attribute(name: str, value: object) -> str:
    if value is None or value is False:
        return ""
    plain = name.removesuffix("_").replace("_", "-")
    return f" {plain}" if value is True else f' {plain}="{escape(str(value))}"'
