"""The title: declared, in the header, over the text, in a subject line or page title, in this order of trust."""

from __future__ import annotations

from dataclasses import replace

from ..model import Block, Layout, Role, Span
from .components import Component
from .draft import Draft
from .titling import is_generic, title_and_author, trimmed_title, unframed


def run(draft: Draft) -> None:
    """Claim every candidate; the generic ones are claimed too low to win."""
    claimed = [e for e in draft.evidence if e.field == "title"]
    draft.evidence = [e for e in draft.evidence if e.field != "title"]
    for claim in claimed:
        title = trimmed_title(str(claim.value)) if claim.confidence < 0.99 else str(claim.value)
        confidence = 0.05 if is_generic(title) else claim.confidence
        draft.evidence.append(replace(claim, value=title, confidence=confidence))
    for line in draft.header_lines("title"):
        _claim(draft, draft.quote(line.value), line.value, "header.title", 0.96 if line.key.lower() != "fic" else 0.8)
    for line in draft.header_lines("subject"):
        _claim(draft, draft.quote(line.value), line.value, "header.subject", 0.6)
    for block in draft.with_role(Role.CHAPTER_HEADING):
        _claim(draft, draft.quote(block.span).strip(), block.span, "title.chapter", 0.06)
        break
    for block in draft.with_role(Role.TITLE):
        if block.rule != "otw.title":
            _claim_line(draft, block)


def _claim_line(draft: Draft, block: Block) -> None:
    text = draft.quote(block.span)
    span = Span(block.span.start, block.span.start + len(text.rstrip()))
    confidence = 0.88 if block.layout is Layout.HEADING or "center" in block.styles else 0.84
    if block.rule == "title.further":
        confidence -= 0.25
    both = title_and_author(text)
    words = both[0] if both else unframed(text)
    if both:
        confidence += 0.04
    start = text.find(words)
    if start >= 0:
        span = Span(block.span.start + start, block.span.start + start + len(words))
    _claim(draft, words, span, f"title.{'by' if both else 'line'}", confidence)


def _claim(draft: Draft, title: str, span: Span, rule: str, confidence: float) -> None:
    title = trimmed_title(title)
    if title:
        draft.claim("title", title, span, rule, 0.05 if is_generic(title) else confidence)


COMPONENT = Component("title", needs=("header", "segments"), gives=("title",), run=run)
