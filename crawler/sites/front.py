"""What stands above a story on a saved page, as the text of its Document and as declared fields."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from ...model import Layout, Role, Span
from ..blob import DocumentBuilder
from .header_lines import header_lines, places


class Stated(NamedTuple):
    """A field that a site states, the key of its line, and its values: several of a list, one or none of another."""

    field: str
    key: str
    values: Sequence[str]
    confidence: float = 0.99


def one(field: str, key: str, value: str | None, confidence: float = 0.99) -> Stated:
    """A field with at most one value."""
    return Stated(field, key, (value,) if value else (), confidence)


def add_front(
    builder: DocumentBuilder, site: str, title: str, author: str, stated: Sequence[Stated], summary: str = ""
) -> None:
    """Add title, byline, a header line for each field that is stated, and the summary; `site` begins their rules."""
    _add(builder, title, "title", f"{site}.title", role=Role.TITLE)
    _add(builder, author, "authors", f"{site}.author", role=Role.BYLINE)
    lines = [(item.key, ", ".join(item.values)) for item in stated if item.values]
    spans = header_lines(builder, lines, f"{site}.info")
    for item in stated:
        for value, place in places(item.values, spans.get(item.key)):
            builder.declare(item.field, value, f"{site}.{item.field}", item.confidence, place)
    _add(builder, summary, "summary", f"{site}.summary", role=Role.SUMMARY)


def _add(builder: DocumentBuilder, text: str, field: str, rule: str, *, role: Role) -> Span | None:
    heading = role is Role.TITLE
    layout = Layout.HEADING if heading else Layout.PARAGRAPH
    if span := builder.add(text, layout, role=role, level=int(heading), rule=rule):
        builder.declare(field, text, rule, span=span)
    return span
