"""Author's notes: the words of each, without its marker and brackets, and where it stands."""

from __future__ import annotations

from ..model import Block, Note, Role, Span
from . import markers
from .components import Component
from .draft import Draft
from .header import key_of

CONFIDENCE = {
    "notes.tail": 0.75, "notes.preface": 0.75, "notes.talk": 0.75, "notes.aside": 0.75, "notes.brackets": 0.93,
    "notes.glued": 0.9, "front": 0.7,
}  # fmt: skip
_PAIRS = {"(": ")", "[": "]", "{": "}"}
_EMPHASIS = " \t\n*_~#="


def run(draft: Draft) -> None:
    """Claim every note; its span quotes exactly the words of the note."""
    for block in draft.with_role(Role.NOTE, Role.INLINE_NOTE):
        span = words_of(draft, block)
        if not span:
            continue
        rule = block.rule or "notes"
        note = Note(draft.quote(span), block.position or "start", _chapter(block))
        draft.claim("notes", note, span, rule, CONFIDENCE.get(rule, 0.96))


def _chapter(block: Block) -> int | None:
    return block.chapter if (block.position or "").startswith(("chapter", "inline")) else None


def words_of(draft: Draft, block: Block) -> Span | None:
    """A note's block without marker, brackets and emphasis; None if nothing is left."""
    start, end = block.span.start, block.span.end
    text = draft.plain
    if block.rule.startswith("header."):
        line = next((h for h in draft.header if h.line.start == start), None)
        start, end = (line.value.start, line.value.end) if line else (start, end)
    else:
        bracketed = markers.inline_note().match(text, start, end)
        if bracketed and not text[bracketed.end() : end].strip():
            start, end = bracketed.span("body")
        else:
            start, end = _unmarked(text, start, end)
    while start < end and text[start] in _EMPHASIS:
        start += 1
    while end > start and text[end - 1] in _EMPHASIS:
        end -= 1
    return Span(start, end) if end > start else None


def _unmarked(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start] in " \t\n>":
        start += 1
    opening = next((c for c in text[start : start + 3] if c in _PAIRS), "")
    marker = markers.marker().match(text, start, end) or markers.marker_here().match(text, start, end)
    field, value = key_of(text, start, end)
    if marker:
        start = marker.end()
    elif field == "note":
        start = value
    elif markers.is_aside_whole(text[start:end].strip()) and text[start] == "(":
        return start + 1, text.rindex(")", start, end)
    while end > start and text[end - 1] in _EMPHASIS:
        end -= 1
    if (
        opening
        and text[end - 1] == _PAIRS[opening]
        and text.count(opening, start, end) < text.count(_PAIRS[opening], start, end)
    ):
        end -= 1
    return start, end


COMPONENT = Component("notes", needs=("header", "segments"), gives=("notes",), run=run)
