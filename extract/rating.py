"""The rating as stated, and AO3's level that it comes to (levels: MPAA, FFN, FictionRatings and their translations)."""

from __future__ import annotations

import re
from functools import cache

from ..lexicon import tables
from ..model import Role, Span
from ..text import fold
from .components import Component
from .draft import Draft

_CODE = re.compile(
    r"(?:fiction\s+)?(?:nc-?\s?17|pg-?\s?13|pg|frmao|frao|frt|frm|frc|frk|fr\d{1,2}|k\+?|ma|p\d{1,2}(?:\s?slash)?|\d{1,2}[a+]?|[gtmrex])(?![\w'’])",
    re.IGNORECASE,
)
_SAID_OF = (" - ", " – ", ",", ";", "(", " for ", " because ", " due to ", ".")
"""Behind a rating, in front of what is said about it."""
LONGEST_RATING = 25
"""Characters of a rating that is stated with nothing said about it."""
FRONT, LONGEST = 12, 2_000
"""Blocks above the story, and characters of each, that may say a rating in passing."""
_PASSING = re.compile(
    r"[\[(]\s*(?P<code>NC-?17|PG-?13|PG|K\+?|[GRTM])\s*[\])]"
    r"|\b(?i:rated|rating(?:\s+is)?):?\s+(?:(?i:about|a|an|fiction)\s+)?(?P<rated>NC-?17|PG-?13|PG|K\+?|[GRTM])\b"
    r"|(?<![\w/-])(?P<bare>NC-?17|PG-?13|PG)(?![\w/-])"
    r"|\b(?P<words>(?i:general audiences?|all ages|teen and up(?: audiences)?|mature audiences|explicit rating))\b"
)
_LISTED = re.compile(r"(?:^|[,(\[|•·\n]\s?|\.\s)(?:NC-?17|PG-?13|PG)|(?:NC-?17|PG-?13|PG)(?:[,)\].|:;]|\s[fwb-]|\n|\Z)")
"""A code among other things that are listed, or with what it is for behind it."""


def run(draft: Draft) -> None:
    """Claim the rating and its level."""
    for claim in draft.declared("rating"):
        _claim(draft, str(claim.value), claim.span, claim.rule, claim.confidence)
    for line in draft.header_lines("rating"):
        value = draft.quote(line.value)
        stated = stated_rating(value)
        start = line.value.start + value.find(stated)
        _claim(draft, stated, Span(start, start + len(stated)), "header.rating", 0.95)
    if not any(e.field == "rating" for e in draft.evidence):
        _said_in_passing(draft)


def _said_in_passing(draft: Draft) -> None:
    """A rating without a key, above the story: "(J/B friends, PG)", "Rated R", "600 words, PG-13"."""
    for block in draft.segments[:FRONT]:
        if block.role is Role.STORY:
            return
        for found in _PASSING.finditer(draft.text, block.span.start, min(block.span.end, block.span.start + LONGEST)):
            group = str(found.lastgroup)
            if group == "bare" and not _LISTED.search(
                draft.text, max(block.span.start, found.start() - 2), found.end() + 2
            ):
                continue
            _claim(draft, found.group(group), Span(*found.span(group)), "rating.passing", 0.7)
            return


def stated_rating(value: str) -> str:
    """The rating of a header's value, without what is said about it: "PG-13 for naughty words", "[G]"."""
    line = value.split("\n")[0].strip(" []*_")
    shorter = [piece for sign in _SAID_OF for piece in [line.split(sign)[0].strip(" []*_-")] if piece]
    pieces = [piece for piece in (line, *shorter) if len(piece) <= LONGEST_RATING]
    if stated := next((p for p in pieces if fold(p) in _levels()), None) or next(filter(level, pieces), None):
        return stated
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
