"""The summary and the disclaimer, in the text's own words."""

from __future__ import annotations

import re

from ..model import Role, Span
from ..text import one_line
from . import markers
from .components import Component
from .draft import Draft

_SENTENCE_END = re.compile(r"[.!?]|(?=\n)")
_LABEL = re.compile(
    r"^[\W_]{0,4}(?P<key>summary|disclaimers?)[*_]{0,3}[ \t]*[:：-][*_]{0,3}[ \t]*(?P<value>\S.*)",
    re.IGNORECASE | re.DOTALL,
)


def run(draft: Draft) -> None:
    """Claim both, from header lines, labelled paragraphs, and for the disclaimer from the sentences of notes."""
    for line in draft.header_lines("summary"):
        _claim(draft, "summary", line.value, "header.summary", 0.96)
    for line in draft.header_lines("disclaimer"):
        _claim(draft, "disclaimer", line.value, "header.disclaimer", 0.96)
    for block in draft.with_role(Role.NOTE, Role.HEADER):
        if label := _LABEL.match(draft.plain[block.span.start : block.span.end]):
            start, end = label.span("value")
            _claim(
                draft,
                label.group("key").lower().rstrip("s") if "disc" in label.group("key").lower() else "summary",
                Span(block.span.start + start, block.span.start + end),
                "label",
                0.9,
            )
    for block in draft.with_role(Role.HEADER):
        if block.rule == "disclaimer":
            _claim(draft, "disclaimer", block.span, "disclaimer", 0.85)
    for block in draft.with_role(Role.NOTE):
        if found := markers.disclaiming().search(draft.plain, block.span.start, block.span.end):
            sentence = _sentence(draft.plain, found, block.span)
            _claim(draft, "disclaimer", sentence, "disclaimer.sentence", 0.7)


def _sentence(text: str, found: re.Match[str], within: Span) -> Span:
    """The sentence around a match, as far as it lies in the note."""
    start = max(text.rfind(sign, within.start, found.start()) for sign in ".!?\n") + 1
    end = _SENTENCE_END.search(text, found.end(), within.end)
    return Span(max(start, within.start), end.end() if end else within.end)


def _claim(draft: Draft, field: str, span: Span, rule: str, confidence: float) -> None:
    start, end = span.start, span.end
    while end > start and draft.text[end - 1] in " \t\n*_":
        end -= 1
    while start < end and draft.text[start] in " \t\n*_":
        start += 1
    if end > start:
        draft.claim(field, one_line(draft.text[start:end]), Span(start, end), rule, confidence)


COMPONENT = Component("summary", needs=("header", "segments"), gives=("summary", "disclaimer"), run=run)
