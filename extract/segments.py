"""One segmentation of every document: each block with its role, its rule, and a note's position and chapter.

Read in two passes: the front of the text up to the first prose, where titles, headers and prefaces stand;
then the rest, where only marked notes, headings, rules and what follows the end are anything but story.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import pairwise
from typing import NamedTuple

from ..model import Block, Layout, Position, Role, Span
from ..text import fold
from . import markers
from .components import Component
from .draft import Draft
from .header import starts_header
from .titling import is_title_line

FRONT = 40
"""Blocks within which the first prose must come."""
BEFORE_NOTE = 60
"""Words above a marked note at the top that are no story either."""
ANCHOR_BLOCKS = 14
"""A centred title or a title with its author stands within so many blocks of the top."""
SHORT_LINE = 8
"""Words of a line above the story that is no note, whatever it is."""
SHORT_TAIL = 60
"""Words of a tail that one telling word makes a note."""
_STARRED = re.compile(r"[~*=#]{1,5}[ \t]+(?=\S)")
TAIL_WORDS = 260
"""An unmarked note behind the end is no longer than this."""
NOTE_PARAGRAPHS = 8
_SIGNATURE = re.compile(r"^-- ?$", re.MULTILINE)
_QUOTED = re.compile(r"(?:^[ \t]*>[^\n]*(?:\n|\Z))+", re.MULTILINE)
_SPEECH = re.compile(r"[\s*_]*[\"“«„'‘—–-]")


def run(draft: Draft) -> None:
    """Cut and name the document's blocks."""
    marks = Marks(markers.marked_lines(draft.plain), markers.glued_marks(draft.plain))
    blocks = [piece for block in draft.document.blocks for piece in _cut(draft, block, marks)]
    named = _Naming(draft, blocks).named()
    draft.segments = tuple(_placed(_merged(named)))


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
        yield replace(block, span=Span(at, to), role=role, rule=rule)


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
    if ">" in text[start:end]:
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
        yield replace(block, span=Span(start, end))


class _Naming:
    """Gives every block its role."""

    def __init__(self, draft: Draft, blocks: list[Block]) -> None:
        self.draft = draft
        self.blocks = blocks
        self.titled = any(h.field == "title" for h in draft.header) or any(b.role is Role.TITLE for b in blocks)
        self.titled = self.titled or bool(draft.page and draft.page.title)

    def words(self, block: Block) -> str:
        return self.draft.plain[block.span.start : block.span.end].strip()

    def named(self) -> list[Block]:
        prose = self._first_prose()
        front = self._front(prose)
        return [*front, *self._body(prose)]

    # the front: everything before the first prose

    def _first_prose(self) -> int:
        """Index of the block where the story starts: behind the last header, title and preface of the front."""
        blocks = self.blocks
        start = next((n for n, b in enumerate(blocks) if b.role is Role.STORY), None)
        if start is not None:
            return start
        last_header = max((n for n, b in enumerate(blocks[:FRONT]) if b.role is Role.HEADER), default=-1)
        last_header = max(last_header, self._anchor())
        n = last_header + 1
        while n < len(blocks) and (n < FRONT or n == last_header + 1):
            skipped = self._front_step(n)
            if not skipped:
                break
            n = skipped
        return n if n < len(blocks) else min(last_header + 1, len(blocks))

    def _anchor(self) -> int:
        """Index of what stands over the story: a centred title, one with its author, what a marked note follows."""
        found, unread = -1, 0
        if page := [n for n, b in enumerate(self.blocks) if self._page_role(b)]:
            return page[-1]
        for n, block in enumerate(self.blocks[:ANCHOR_BLOCKS]):
            text = self.words(block)
            if block.role is Role.STORY or (n > 2 and text[:1] in '"“'):
                break
            unread += len(text.split()) if block.role is None else 0
            if block.rule == "notes.marker" and unread <= BEFORE_NOTE:
                found = max(found, n - 1)
            centred = "center" in block.styles and is_title_line(text, block)
            if block.role is None and block.layout is not Layout.SEPARATOR and centred:
                return n
        return found

    def _page_role(self, block: Block) -> Role | None:
        """What a block is to the title page."""
        page = self.draft.page
        if not page or block.role is not None:
            return None
        if page.title and page.title.overlaps(block.span):
            return Role.TITLE
        return Role.BYLINE if page.name and page.name.overlaps(block.span) else None

    def _front_step(self, n: int) -> int:
        """The index behind block `n` if it belongs to the front, else 0."""
        block = self.blocks[n]
        text = self.words(block)
        if block.role is Role.NOTE:
            return self._note_end(n)
        if block.role not in (None, Role.NOTE) or block.layout is Layout.SEPARATOR or not text:
            return n + 1
        if markers.chapter_heading().fullmatch(text) or block.layout is Layout.HEADING:
            return n + 1
        if n + 1 < len(self.blocks) and self._looks_titled(n):
            return n + 1
        if self._preface(n):
            return n + 1
        return 0

    def _looks_titled(self, n: int) -> bool:
        """A short line alone near the top, while no title is known."""
        return n < 12 and is_title_line(self.words(self.blocks[n]), self.blocks[n])

    def _preface(self, n: int) -> bool:
        """An unmarked preface: two words of fandom or publishing, one of them telling, and no dialogue."""
        text = self.words(self.blocks[n])
        if n + 1 >= len(self.blocks) or len(text) > 2_500 or _SPEECH.match(text):
            return False
        telling, everyday = markers.publishing_words(text)
        return len(telling) >= 2 or (len(telling) == 1 and len(everyday) >= 1)

    def _front(self, prose: int) -> list[Block]:
        done: list[Block] = []
        titled = self.titled
        n = 0
        while n < prose:
            block = self.blocks[n]
            text = self.words(block)
            if block.role is Role.NOTE and not block.rule.startswith("header.") and block.position is None:
                end = min(self._note_end(n), prose)
                done += [replace(b, role=Role.NOTE, rule=block.rule) for b in self.blocks[n:end]]
                n = end
                continue
            if block.role is not None:
                done.append(block)
            elif block.layout is Layout.SEPARATOR:
                done.append(replace(block, role=Role.SEPARATOR, rule="separator"))
            elif markers.chapter_heading().fullmatch(text):
                done.append(replace(block, role=Role.CHAPTER_HEADING, rule="chapter.heading"))
            elif page := self._page_role(block):
                done.append(replace(block, role=page, rule="page"))
            elif self._preface(n):
                done.append(replace(block, role=Role.NOTE, rule="notes.preface"))
            elif not titled and is_title_line(text, block):
                done.append(replace(block, role=Role.TITLE, rule="title.line"))
                titled = True
            elif block.layout is Layout.HEADING or is_title_line(text, block):
                done.append(replace(block, role=Role.TITLE, rule="title.further"))
            else:
                role = Role.NOTE if len(text.split()) > SHORT_LINE else Role.HEADER
                done.append(replace(block, role=role, rule="front"))
            n += 1
        return done

    # notes

    def _note_end(self, n: int) -> int:
        """Index behind a marked note that starts at block `n`: as far as it stays one."""
        block = self.blocks[n]
        if block.position is not None or block.rule.startswith("header."):
            return n + 1
        text = self.words(block)
        closing = {"(": ")", "[": "]", "{": "}"}.get(text[:1])
        if closing and text.count(closing) >= text.count(text[0]):
            closing = None
            if text.endswith((")", "]")):
                return n + 1
        bare = not markers.marker().sub("", text, count=1).strip()
        limit = min(n + 1 + NOTE_PARAGRAPHS, len(self.blocks))
        for end in range(n + 1, limit):
            following = self.blocks[end]
            words = self.words(following)
            if closing:
                if closing in words:
                    return end + 1
                continue
            if self._stops_note(following, words):
                return end
            if bare and end == n + 1:
                continue
            telling, everyday = markers.publishing_words(words)
            if not (telling or len(everyday) >= 2) or _SPEECH.match(words):
                return end
        return n + 1 if limit == n + 1 or closing else limit

    def _stops_note(self, block: Block, words: str) -> bool:
        return (
            block.role is not None
            or block.layout in (Layout.SEPARATOR, Layout.HEADING)
            or starts_header(words)
            or bool(markers.chapter_heading().fullmatch(words))
            or bool(markers.end_mark().fullmatch(words))
            or is_title_line(words, block)
        )

    # the body

    def _body(self, prose: int) -> list[Block]:
        done: list[Block] = []
        tail = self._tail(prose)
        n = prose
        while n < len(self.blocks):
            block = self.blocks[n]
            text = self.words(block)
            end = n + 1
            if block.role is Role.NOTE and block.position is None:
                end = self._note_end(n)
                done += [replace(b, role=Role.NOTE, rule=block.rule) for b in self.blocks[n:end]]
            elif block.role not in (None, Role.STORY):
                done.append(block)
            elif block.layout is Layout.SEPARATOR:
                done.append(replace(block, role=Role.SEPARATOR, rule="separator"))
            elif len(text) < 140 and markers.chapter_heading().fullmatch(text):
                done.append(replace(block, role=Role.CHAPTER_HEADING, rule="chapter.heading"))
            elif len(text) < 60 and markers.end_mark().fullmatch(text):
                done.append(replace(block, role=Role.SEPARATOR, rule="end.mark"))
            elif n >= tail and block.role is None:
                done.append(replace(block, role=Role.NOTE, rule="notes.tail"))
            else:
                done.append(replace(block, role=Role.STORY, rule=block.rule or "story"))
            n = end
        return done

    def _tail(self, prose: int) -> int:
        """Index from which unmarked blocks are a note: behind the end mark or the last rule, about publishing."""
        blocks = self.blocks
        count = 0
        for n in range(len(blocks) - 1, prose, -1):
            block, text = blocks[n], self.words(blocks[n])
            is_end = len(text) < 60 and bool(markers.end_mark().fullmatch(text))
            if is_end or block.layout is Layout.SEPARATOR:
                after = [self.words(b) for b in blocks[n + 1 :] if b.role is None and b.layout is not Layout.SEPARATOR]
                if after and self._closing_note(" ".join(after), certain=is_end):
                    return n + 1
                if not is_end:
                    return len(blocks)
            if block.role in (None, Role.STORY):
                count += len(text.split())
            if count > TAIL_WORDS:
                break
        last = self.words(blocks[-1]) if blocks else ""
        starred = _STARRED.match(last)
        if starred and len(blocks) > prose + 1 and self._closing_note(last[starred.end() :], certain=True):
            return len(blocks) - 1
        return len(blocks)

    @staticmethod
    def _closing_note(text: str, *, certain: bool) -> bool:
        """Whether what stands behind the end, or behind the last rule, speaks to its readers."""
        telling, everyday = markers.publishing_words(text)
        opened = fold(text).lstrip(" ~*-_([").startswith(markers.openings())
        if certain:
            return bool(telling or everyday or opened)
        if telling and len(text.split()) <= SHORT_TAIL:
            return True
        return (len(telling) >= 2) or (len(telling) == 1 and bool(everyday)) or (opened and bool(telling or everyday))


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


def _placed(blocks: list[Block]) -> Iterator[Block]:
    """Chapter numbers, and the position of every note that does not state its own."""
    story = [n for n, b in enumerate(blocks) if b.role is Role.STORY]
    first, last = (story[0], story[-1]) if story else (len(blocks), -1)
    chapter = 0
    headings = 0
    for n, block in enumerate(blocks):
        if block.role is Role.CHAPTER_HEADING:
            headings += 1
            chapter = block.chapter or headings
        if block.chapter is None and chapter:
            block = replace(block, chapter=chapter)
        if block.role is Role.INLINE_NOTE:
            yield replace(block, position="inline")
        elif block.role is Role.NOTE and block.position is None:
            position = _position(blocks, n, first, last)
            at = block.chapter if position.startswith("chapter") else None
            yield replace(block, position=position, chapter=at)
        else:
            yield block


def _position(blocks: list[Block], n: int, first: int, last: int) -> Position:
    if n < first:
        return "start"
    if n > last:
        return "end"
    before = next((b for b in reversed(blocks[:n]) if b.role not in (Role.SEPARATOR, Role.NOTE)), None)
    behind = next((b for b in blocks[n + 1 :] if b.role not in (Role.SEPARATOR, Role.NOTE)), None)
    if behind and behind.role in (Role.CHAPTER_HEADING, Role.HEADER, Role.TITLE):
        return "chapter_end"
    if before and before.role in (Role.CHAPTER_HEADING, Role.HEADER, Role.TITLE):
        return "chapter_start"
    return "inline"


COMPONENT = Component("segments", needs=("header", "page"), gives=("segments",), run=run)
