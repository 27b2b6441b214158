"""The title: declared, in the header, over the text, in a subject line or page title, in this order of trust."""

from __future__ import annotations

from dataclasses import replace

from ..model import Block, Layout, Role, Span
from . import markers
from .cells import title_and_author
from .components import Component
from .draft import Draft
from .titling import is_generic, is_title_text, trimmed_title, unframed

TEASER = 0.4
MARK = 3
"""Letters of a line that only divides: "XXX"."""
LOOSE = 0.9
"""Below, a declared title is a subject or a page title, with other things around it."""


def run(draft: Draft) -> None:
    """Claim every candidate; the generic ones are claimed too low to win."""
    claimed = [e for e in draft.evidence if e.field == "title"]
    draft.evidence = [e for e in draft.evidence if e.field != "title"]
    for claim in claimed:
        title = str(claim.value)
        if claim.confidence < LOOSE and (both := title_and_author(title)):
            title = both[0]
        title = trimmed_title(title, loose=claim.confidence < LOOSE) if claim.confidence < 0.99 else title
        confidence = 0.05 if is_generic(title) else claim.confidence
        draft.evidence.append(replace(claim, value=title, confidence=confidence))
    for line in draft.header_lines("title"):
        _claim(draft, draft.quote(line.value), line.value, "header.title", 0.96 if line.key.lower() != "fic" else 0.8)
    for line in draft.header_lines("subject"):
        _claim(draft, draft.quote(line.value), line.value, "header.subject", 0.6)
    story = [b.span for b in draft.with_role(Role.STORY)]
    for words, place in draft.told:
        if any(place.overlaps(span) for span in story):
            continue
        _claim(draft, words, place, "title.told", 0.65)
    _only_chapter(draft)
    if draft.page and draft.page.title:
        _claim(draft, draft.page.words, draft.page.title, "title.page", draft.page.proof)
    for block in draft.with_role(Role.TITLE):
        if block.rule not in ("otw.title", "page"):
            _claim_line(draft, block)
    if not any(e.confidence >= TEASER for e in draft.claims("title")):
        _behind_teaser(draft)


def _behind_teaser(draft: Draft) -> None:
    """The only line in capitals of a story that begins as television does, with a scene before its title."""
    shouted = [
        block
        for block in draft.with_role(Role.STORY)
        if (words := draft.quote(block.span).strip()).isupper()
        and "\n" not in words
        and words[0].isalnum()
        and len(words) > MARK
        and is_title_text(unframed(words))
    ]
    if len(shouted) == 1 and shouted[0].span.start < len(draft.text) / 4:
        block = shouted[0]
        _claim(draft, draft.quote(block.span).strip(), block.span, "title.teaser", TEASER)


def _only_chapter(draft: Draft) -> None:
    """The name of the one chapter that the text has: what a reader calls it by who sees no more."""
    headings = list(draft.with_role(Role.CHAPTER_HEADING))
    found = (
        markers.chapter_heading().search(draft.text, headings[0].span.start, headings[0].span.end)
        if len(headings) == 1
        else None
    )
    if found and (name := (found.group("title") or "").strip(' \t:.-–—()[]"“”')):
        at = draft.text.index(name, found.start("title"))
        draft.claim("title", name, Span(at, at + len(name)), "title.chapter", 0.3)


def _claim_line(draft: Draft, block: Block) -> None:
    text = draft.quote(block.span)
    span = Span(block.span.start, block.span.start + len(text.rstrip()))
    confidence = 0.88 if block.layout is Layout.HEADING or "center" in block.styles else 0.84
    if block.rule == "title.further":
        confidence -= 0.25
    words = unframed(text)
    start = text.find(words)
    if start >= 0:
        span = Span(block.span.start + start, block.span.start + start + len(words))
    _claim(draft, words, span, "title.line", confidence)


def _claim(draft: Draft, title: str, span: Span, rule: str, confidence: float) -> None:
    title = trimmed_title(title, loose=confidence < 0.95)
    if title:
        draft.claim("title", title, span, rule, 0.05 if is_generic(title) else confidence)


COMPONENT = Component("title", needs=("header", "segments"), gives=("title",), run=run)
