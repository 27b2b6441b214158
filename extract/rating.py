"""The rating as stated, and AO3's level that it comes to (levels: MPAA, FFN, FictionRatings and their translations)."""

from __future__ import annotations

import re
from functools import cache

from ..lexicon import tables
from ..model import Span
from ..text import fold
from .components import Component
from .draft import Draft

_CODE = re.compile(
    r"(?:fiction\s+)?(?:nc-?\s?17|pg-?\s?13|pg|frmao|frao|frt|frm|frc|frk|fr\d{1,2}|k\+?|ma|p\d{1,2}(?:\s?slash)?|\d{1,2}[a+]?|[gtmrex])(?![\w'’])",
    re.IGNORECASE,
)
_BRACKETED = re.compile(
    r"[\[(]\s*(?P<code>NC-?17|PG-?13|PG|K\+?|[GRTM])\s*[\])]|\bRated:?\s+(?P<rated>NC-?17|PG-?13|PG|K\+?|[GRTM])\b"
)


def run(draft: Draft) -> None:
    """Claim the rating and its level."""
    for claim in draft.declared("rating"):
        _claim(draft, str(claim.value), claim.span, claim.rule, claim.confidence)
    for line in draft.header_lines("rating"):
        value = draft.quote(line.value)
        stated = stated_rating(value)
        start = line.value.start + value.find(stated)
        _claim(draft, stated, Span(start, start + len(stated)), "header.rating", 0.95)
    if draft.segments and not any(e.field == "rating" for e in draft.evidence):
        front = draft.segments[: min(6, len(draft.segments))]
        if found := _BRACKETED.search(draft.text, front[0].span.start, min(front[-1].span.end, 3_000)):
            group = "code" if found.group("code") else "rated"
            _claim(draft, found.group(group), Span(*found.span(group)), "rating.bracketed", 0.7)


def stated_rating(value: str) -> str:
    """The rating of a header's value, without what is said about it: "PG-13 for naughty words", "[G]"."""
    line = value.split("\n")[0].strip(" []*_")
    if level(line):
        return line
    for sign in (" - ", " – ", ",", ";", "(", " for ", " because ", " due to ", " - ", "."):
        shorter = line.split(sign)[0].strip(" []*_-")
        if shorter and level(shorter):
            return shorter
    found = _CODE.match(line)
    return found.group().strip() if found else line


@cache
def _levels() -> dict[str, str]:
    return {fold(form): level for level, forms in tables("works")["rating_level"].items() for form in forms}


def level(stated: str) -> str | None:
    """general, teen, mature, explicit or "none" (not rated); None for what no list knows."""
    for part in (stated, *re.split(r"\s*[/,]\s*|\s+-\s+", stated)):
        if known := _levels().get(fold(part)):
            return known
    return None


def _claim(draft: Draft, stated: str, span: Span | None, rule: str, confidence: float) -> None:
    if not stated:
        return
    draft.claim("rating", stated, span, rule, confidence)
    if (known := level(stated)) and known != "none":
        draft.claim("rating_level", known, span, rule, confidence)


COMPONENT = Component("rating", needs=("header", "segments"), gives=("rating", "rating_level"), run=run)
