"""What an engine states in its own elements, as `Key: value` lines of the text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ...model import Role, Span
from ..blob import DocumentBuilder


def header_lines(builder: DocumentBuilder, lines: Sequence[tuple[str, str]], rule: str) -> Mapping[str, Span]:
    """Add the lines of (key, value), a blank line behind the last; returns key -> where its value stands."""
    spans: dict[str, Span] = {}
    for number, (key, value) in enumerate(lines, 1):
        end = "\n\n" if number == len(lines) else "\n"
        if span := builder.add(f"{key}: {value}", role=Role.HEADER, rule=rule, end=end):
            spans[key] = Span(span.start + len(key) + 2, span.end)
    return spans


def places(values: Sequence[str], line: Span | None) -> Iterator[tuple[str, Span | None]]:
    """Each value of a list with its place; `line` is where they stand, with a comma and a blank between them."""
    start = line.start if line else 0
    for value in values:
        yield value, Span(start, start + len(value)) if line else None
        start += len(value) + 2
