"""Series, and what other work or part the text says it belongs to."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from ..lexicon import alternation, tables
from ..model import Related, Role, Series, Span
from .components import Component
from .draft import Draft

_PLACE = re.compile(
    r"[\s,:(–-]*(?:#|no\.?|nr\.?|part|book|story|vol(?:ume)?\.?|teil|parte|partie)\s*#?(?P<place>\d{1,3})\s*\)?\s*$",
    re.IGNORECASE,
)
_NUMBERED = re.compile(
    r"(?:part|book|story|number|#|teil|partie|parte)?\s*#?(?P<place>\d{1,3}|[ivx]+)\s+(?:of|in|von|de)\s+(?:the\s+)?[\"“]?(?P<name>[^\n\"”]{2,80}?)[\"”]?(?:\s+(?:series|verse|universe|saga|cycle|trilogy))?\s*[.]?$",
    re.IGNORECASE,
)
_TOLD = re.compile(
    r"\b(?P<ordinal>first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|part\s+\w+)\s+(?:\w+\s+)?(?:in|of)\s+(?:the|my)\s+[\"“]?(?P<name>[A-Z][^\n.!?\"”]{1,60}?)[\"”]?\s+(?:series|verse|saga|cycle|trilogy)\b"
)
_CHAPTER_LINE = re.compile(
    r"(?:chapter|part|story|episode)\s+(?P<place>\d{1,3})\s+of\s+(?:the\s+)?(?P<name>[A-Z][^\n]{2,60}?)\s+(?:stories|series|cycle|verse)\s*$",
    re.IGNORECASE,
)
_CHAPTERS = re.compile(r"\bchapters?\s+(?P<numbers>\d{1,4}(?:\s*(?:,|and|&|to|-|through)\s*\d{1,4})*)", re.IGNORECASE)
_SENTENCE = re.compile(r"[^.!?\n]+(?:[.!?]+|\n|$)")
_NO_SERIES = re.compile(r"(?:none|n/?a|no|one-?shot|nope)\b", re.IGNORECASE)


def run(draft: Draft) -> None:
    """Claim the series, and the related works with the chapters they name."""
    for line in draft.header_lines("series"):
        value = draft.quote(line.value).replace("\n", " ")
        if value and not _NO_SERIES.match(value):
            draft.claim("series", _series(value), line.value, "header.series", 0.9)
    for block in draft.with_role(Role.NOTE, Role.TITLE, Role.CHAPTER_HEADING, Role.HEADER):
        text = draft.plain[block.span.start : block.span.end]
        if found := _TOLD.search(text) or _CHAPTER_LINE.match(text.strip()):
            place = _number(found.groupdict().get("ordinal") or found.groupdict().get("place") or "")
            at = block.span.start + text.find(found.group("name"))
            span = Span(at, at + len(found.group("name")))
            draft.claim("series", Series(draft.quote(span).strip(), place), span, "series.told", 0.75)
    for block in draft.with_role(Role.NOTE, Role.INLINE_NOTE, Role.HEADER, Role.SUMMARY):
        _related(draft, block.span)


def _series(value: str) -> Series:
    if numbered := _NUMBERED.match(value):
        return Series(numbered.group("name").strip(), _number(numbered.group("place")))
    place = _PLACE.search(value)
    name = value[: place.start()] if place else value
    return Series(name.strip(' "“”,;:-'), int(place.group("place")) if place else None)


@cache
def _ordinals() -> dict[str, int]:
    return {form: int(number) for number, forms in tables("works")["ordinal"].items() for form in forms}


def _number(text: str) -> int | None:
    word = text.lower().removeprefix("part").strip()
    return int(word) if word.isdigit() else _ordinals().get(word)


@cache
def _relations() -> re.Pattern[str]:
    groups = tables("works")["related"].items()
    kinds = "|".join(rf"(?P<{kind.replace('-', '_')}>{alternation(values)})" for kind, values in groups)
    return re.compile(rf"(?<!\w)(?:{kinds})(?!\w)", re.IGNORECASE)


def _related(draft: Draft, where: Span) -> None:
    """A relation a kind, with every chapter that sentences of the same note name beside it."""
    found: dict[str, tuple[int, int, list[int]]] = {}
    for sentence in _SENTENCE.finditer(draft.plain, where.start, where.end):
        hit = _relations().search(draft.plain, sentence.start(), sentence.end())
        if not hit or not hit.lastgroup:
            continue
        numbers = [
            int(n)
            for m in _CHAPTERS.finditer(draft.plain, sentence.start(), sentence.end())
            for n in re.findall(r"\d+", m.group())
        ]
        if hit.lastgroup == "during" and hit.group().lower() == "at the end of" and not numbers:
            continue
        start, _, before = found.get(hit.lastgroup, (sentence.start(), 0, []))
        found[hit.lastgroup] = (start, sentence.end(), [*before, *numbers])
    for kind, (start, end, numbers) in found.items():
        while start < end and draft.plain[start].isspace():
            start += 1
        while end > start and draft.plain[end - 1].isspace():
            end -= 1
        named: Any = kind.replace("_", "-")
        words = " ".join(draft.text[start:end].split())
        draft.claim(
            "related", Related(named, words, tuple(sorted(set(numbers)))), Span(start, end), "related.phrase", 0.8
        )


COMPONENT = Component("series", needs=("header", "segments"), gives=("series", "related"), run=run)
