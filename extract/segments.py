"""One segmentation of every document: each block with its role, its rule, and a note's position and chapter.

What a block is, naming.py says.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import NamedTuple

from ..model import Block, Layout, Position, Role, Span
from . import markers
from .components import Component
from .draft import Draft
from .naming import Naming

MARKDOWN = "text/markdown"
"""Where a line that begins with ">" is set off, and quotes nobody."""
FOOT, FOOT_BLOCKS = 400, 12
"""Characters behind the end mark, and blocks, that are no more story: somebody signs."""
AROUND = frozenset((Role.NOTE, Role.INLINE_NOTE, Role.HEADER, Role.BYLINE, Role.TITLE, Role.SIGNATURE))
LONGEST_AROUND = 20_000
"""Characters of one note or header: AO3 allows 5,000."""
_SENTENCE_END = re.compile(r"[.!?]\s+")
_SIGNATURE = re.compile(r"^-- ?$", re.MULTILINE)
_QUOTED = re.compile(r"(?:^[ \t]*>[^\n]*(?:\n|\Z))+", re.MULTILINE)


def run(draft: Draft) -> None:
    """Cut and name the document's blocks."""
    marks = Marks(markers.marked_lines(draft.plain), markers.glued_marks(draft.plain))
    parts = [[piece for block in part for piece in _cut(draft, block, marks)] for part in draft.document.by_part()]
    named = [_merged(Naming(draft, _signed(draft, part)).named()) for part in parts]
    shorter = [[piece for block in part for piece in _shortened(draft, block)] for part in named]
    draft.segments = tuple(_placed(shorter, [part.number for part in draft.document.parts] or [None]))


def _shortened(draft: Draft, block: Block) -> Iterator[Block]:
    """What is too long to be a note or a header is one at its beginning, and story from a sentence's end on."""
    if block.role not in AROUND or len(block.span) <= LONGEST_AROUND:
        yield block
        return
    limit = block.span.start + LONGEST_AROUND
    ended = next(_SENTENCE_END.finditer(draft.plain, limit - 2_000, limit), None)
    cut = ended.end() if ended else limit
    yield replace(block, span=Span(block.span.start, cut))
    yield replace(block, span=Span(cut, block.span.end), role=Role.STORY, rule="too-long", position=None)


def _signed(draft: Draft, blocks: list[Block]) -> list[Block]:
    """Blocks with a post's signature named: few lines at the end, behind a line of two dashes (RFC 3676, 4.3)."""
    for n in range(len(blocks) - 1, max(-1, len(blocks) - FOOT_BLOCKS), -1):
        block = blocks[n]
        if len(draft.plain[block.span.end : blocks[-1].span.end].strip()) > FOOT:
            break
        if block.layout is Layout.SEPARATOR and draft.quote(block.span).strip() == "--":
            return [*blocks[:n], *(b.named(Role.SIGNATURE, "signature") for b in blocks[n:])]
    return blocks


class Marks(NamedTuple):
    """Offsets where a note's marker starts a line, and where one is glued to a sentence; ascending."""

    lines: list[int]
    glued: list[int]

    @staticmethod
    def first(offsets: list[int], start: int, end: int) -> int | None:
        place = bisect_left(offsets, start)
        return offsets[place] if place < len(offsets) and offsets[place] < end else None


def _cut(draft: Draft, block: Block, marks: Marks) -> Iterator[Block]:
    """A block as one or more: where a note is glued to prose, headers stand beside text, a signature starts."""
    if block.layout is Layout.SEPARATOR or block.role not in (None, Role.STORY):
        yield block
        return
    start, end = block.span.start, block.span.end
    kinds = _marks(draft, block, marks)
    if not kinds:
        yield from _inline(draft, block)
        return
    edges = sorted({start, end, *(edge for at, (to, _, _) in kinds.items() for edge in (at, to))})
    for at, to in pairwise(edges):
        _, role, rule = kinds.get(at, (to, block.role, block.rule if at == start else ""))
        whole = (at, to, role, rule) == (start, end, block.role, block.rule)
        yield block if whole else replace(block, span=Span(at, to), role=role, rule=rule)


def _marks(draft: Draft, block: Block, marks: Marks) -> dict[int, tuple[int, Role, str]]:
    """Where pieces of a block start that are no prose: start -> (end, role, rule)."""
    text, start, end = draft.plain, block.span.start, block.span.end
    kinds: dict[int, tuple[int, Role, str]] = {}
    lines = [h for h in draft.header if block.span.contains(h.line)] if block.role is None else []
    for line in lines:
        role = Role.NOTE if line.field == "note" else Role.HEADER
        kinds[line.line.start] = (line.line.end, role, f"header.{line.field}")
    if not lines:
        if (marked := marks.first(marks.lines, start, end)) is not None:
            kinds[marked] = (end, Role.NOTE, "notes.marker")
        elif glued := marks.first(marks.glued, start + 1, end):
            kinds[glued] = (end, Role.NOTE, "notes.glued")
    if signature := _SIGNATURE.search(text, start, end):
        kinds[signature.start()] = (end, Role.SIGNATURE, "signature")
    if ">" in text[start:end] and draft.document.source.media_type != MARKDOWN:
        for found in _QUOTED.finditer(text, start, end):
            kinds[found.start()] = (found.end(), Role.QUOTED, "quoted")
    return kinds


def _inline(draft: Draft, block: Block) -> Iterator[Block]:
    """Bracketed notes inside of prose as blocks of their own."""
    start, end = block.span.start, block.span.end
    for found in markers.inline_note().finditer(draft.plain, start, end):
        if found.start() > start:
            yield replace(block, span=Span(start, found.start()))
        whole = found.start() == block.span.start and not draft.plain[found.end() : end].strip()
        stop = end if whole else found.end()
        role = Role.NOTE if whole else Role.INLINE_NOTE
        yield replace(block, span=Span(found.start(), stop), role=role, rule="notes.brackets")
        start = stop
    if start < end:
        yield block if start == block.span.start else replace(block, span=Span(start, end))


def _merged(blocks: Iterable[Block]) -> list[Block]:
    """Neighbouring blocks of one note as one block."""
    done: list[Block] = []
    for block in blocks:
        before = done[-1] if done else None
        if (
            before
            and block.role is Role.NOTE is before.role
            and (block.rule, block.position, block.chapter) == (before.rule, before.position, before.chapter)
            and not block.rule.startswith("header.")
        ):
            done[-1] = replace(before, span=Span(before.span.start, block.span.end))
        else:
            done.append(block)
    return done


def _placed(parts: Sequence[list[Block]], numbers: Sequence[int | None]) -> Iterator[Block]:
    """Chapter numbers, and the position of every note that does not state its own.

    A part without a chapter heading is the chapter that its number says.
    """
    headings = 0
    for n, (blocks, number) in enumerate(zip(parts, numbers, strict=True)):
        chapter = number or 0 if not any(b.role is Role.CHAPTER_HEADING for b in blocks) else 0
        outer: tuple[Position, Position] = (
            "start" if n == 0 else "chapter_start",
            "end" if n == len(parts) - 1 else "chapter_end",
        )
        first, last = _story(blocks)
        for m, block in enumerate(blocks):
            if block.role is Role.CHAPTER_HEADING:
                headings += 1
                chapter = block.chapter or headings
            if block.chapter is None and chapter:
                block = replace(block, chapter=chapter)
            if block.role is Role.INLINE_NOTE:
                block = replace(block, position="inline")
            elif block.role is Role.NOTE and block.position is None:
                position = outer[0] if m < first else outer[1] if m > last else _position(blocks, m)
                at = block.chapter if position.startswith("chapter") else None
                block = replace(block, position=position, chapter=at)
            yield block
        headings = max(headings, chapter)


def _story(blocks: list[Block]) -> tuple[int, int]:
    """The indexes of the first and the last block of story; what stands behind an end mark is none, if it is little."""
    story = [n for n, b in enumerate(blocks) if b.role is Role.STORY]
    ends = [n for n, b in enumerate(blocks) if b.rule == "end.mark" and n > len(blocks) - FOOT_BLOCKS]
    if ends and story[:1] < ends[:1] and sum(len(blocks[n].span) for n in story if n > ends[0]) < FOOT:
        story = [n for n in story if n < ends[0]]
    return (story[0], story[-1]) if story else (len(blocks), -1)


def _position(blocks: list[Block], n: int) -> Position:
    """Where a note within the story stands."""
    before = next((b for b in reversed(blocks[:n]) if b.role not in (Role.SEPARATOR, Role.NOTE)), None)
    behind = next((b for b in blocks[n + 1 :] if b.role not in (Role.SEPARATOR, Role.NOTE)), None)
    if behind and behind.role in (Role.CHAPTER_HEADING, Role.HEADER, Role.TITLE):
        return "chapter_end"
    if before and before.role in (Role.CHAPTER_HEADING, Role.HEADER, Role.TITLE):
        return "chapter_start"
    return "inline"


COMPONENT = Component("segments", needs=("header", "page"), gives=("segments",), run=run)
