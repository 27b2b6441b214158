"""Whether the work is complete, when it was published and updated, its language, words and chapters."""

from __future__ import annotations

import re
from functools import cache

from ..lexicon import tables
from ..model import Chapters, Role, Span
from ..text import count_words, fold
from . import markers
from .components import Component
from .dates import iso_date
from .draft import Draft
from .mentions import stretches

_OF = re.compile(
    r"[(\[]?\s*(?:part|chapter|ch\.?|pt\.?)?\s*(?P<here>\d{1,4})\s*/\s*(?P<whole>\d{1,4}|\?|x)\s*[)\]]?", re.IGNORECASE
)
_NUMBER = re.compile(r"\d{1,3}(?:[,.'\u00a0 ]\d{3})+|\d+")
_TBC = re.compile(
    r"[\W_]*(?:tbc|to be continued|a suivre|à suivre|fortsetzung folgt|continuará|continua)[\W_]*", re.IGNORECASE
)


def run(draft: Draft) -> None:
    """Claim status, dates, words and chapters."""
    _status(draft)
    for field in ("published", "updated"):
        for line in draft.header_lines(field):
            if date := iso_date(draft.quote(line.value)):
                draft.claim(field, date, line.value, f"header.{field}", 0.85)
    _words(draft)
    _chapters(draft)


@cache
def _statuses() -> dict[str, str]:
    return {fold(form): status for status, forms in tables("works")["status"].items() for form in forms}


def _status(draft: Draft) -> None:
    for line in draft.header_lines("status"):
        value = fold(draft.quote(line.value)).strip(" .!*[]()")
        first = re.split(r"\s*[,;(.!]\s*|\s+-\s+", value)[0]
        if known := _statuses().get(value) or _statuses().get(first):
            draft.claim("status", known, line.value, "header.status", 0.93)
    for block in reversed(draft.segments[-6:]):
        text = draft.plain[block.span.start : block.span.end].strip()
        if len(text) < 60 and _TBC.fullmatch(text):
            draft.claim(
                "status", "in-progress", Span(block.span.start, block.span.start + len(text)), "status.tbc", 0.8
            )
            return


def _words(draft: Draft) -> None:
    """The words of the story, counted; a header's figure is what somebody wrote down once."""
    counted = sum(count_words(draft.quote(span)) for span in stretches(draft.with_role(Role.STORY, Role.INLINE_NOTE)))
    if counted:
        draft.claim("words", counted, None, "words.counted", 0.9)
    for line in draft.header_lines("words"):
        if number := _NUMBER.search(draft.quote(line.value)):
            value = int(re.sub(r"\D", "", number.group()))
            draft.claim("words", value, line.value, "header.words", 0.6)


def _chapters(draft: Draft) -> None:
    headings = list(draft.with_role(Role.CHAPTER_HEADING))
    for block in headings:
        words = draft.quote(block.span).strip()
        start = block.span.start + draft.quote(block.span).find(words)
        draft.claim("chapter_titles", " ".join(words.split()), Span(start, start + len(words)), block.rule, 0.9)
    planned = None
    for line in draft.header_lines("chapters"):
        if found := _OF.search(draft.quote(line.value)):
            planned = int(found.group("whole")) if found.group("whole").isdigit() else None
    named = [b for b in headings if not markers.is_aside(draft.plain[b.span.start : b.span.end].strip())]
    parts = len(draft.document.parts)
    if (headings and len(named) >= parts) or (planned and not parts):
        draft.claim("chapters", Chapters(max(1, len(named)), planned), None, "chapters.counted", 0.8)


COMPONENT = Component(
    "status",
    needs=("header", "segments"),
    gives=("status", "published", "updated", "words", "chapters", "chapter_titles"),
    run=run,
)
