"""Warnings, categories, genres and other tags, as header lines and hashtags state them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from ..lexicon import tables
from ..model import Role, Span
from ..text import fold
from .components import Component
from .draft import Draft

_SPLIT = re.compile(r"\s*[,;/|\n]\s*|\s+[-–]\s+")
_NONE = re.compile(r"(?:none|n/?a|no|keine?|aucun[e]?|ningun[ao]|nenhum[a]?|nessun[ao]?|нет)\b", re.IGNORECASE)
_HASHTAG = re.compile(r"(?<!\w)#(?P<tag>[^\W\d][\w' -]{1,60}?)(?=\s*#|\s*$|\s{2,})", re.MULTILINE)


def run(draft: Draft) -> None:
    """Claim the values of each list."""
    for field in ("warnings", "tags"):
        for line in draft.header_lines(field):
            if not _NONE.match(draft.quote(line.value)):
                for value, span in split(draft, line.value):
                    draft.claim(field, value, span, f"header.{field}", 0.9)
    for line in draft.header_lines("categories"):
        for value, span in split(draft, line.value):
            known = _categories().get(fold(value))
            draft.claim("categories" if known else "tags", known or value, span, "header.categories", 0.85)
    for block in draft.with_role(Role.HEADER, Role.NOTE):
        for found in _HASHTAG.finditer(draft.plain, block.span.start, block.span.end):
            span = Span(*found.span("tag"))
            draft.claim("tags", draft.quote(span).strip(), span, "hashtag", 0.8)


@cache
def _categories() -> dict[str, str]:
    return {fold(form): name for name, forms in tables("works")["category"].items() for form in forms}


def split(draft: Draft, where: Span) -> Iterator[tuple[str, Span]]:
    """The values of a list with their places; a sentence stays whole."""
    text = draft.text[where.start : where.end]
    edges = [] if re.search(r"[.!?]\s+\S", text) else [m.span() for m in _SPLIT.finditer(text)]
    start = 0
    for a, b in [*edges, (len(text), len(text))]:
        value = text[start:a].strip(" .*_[]")
        if value:
            at = where.start + start + text[start:a].find(value)
            yield " ".join(value.split()), Span(at, at + len(value))
        start = b


COMPONENT = Component("tags", needs=("header", "segments"), gives=("warnings", "categories", "tags"), run=run)
