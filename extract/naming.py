"""What each block of a text is: header, title, note, story, separator.

Read in two passes: the front of the text up to the first prose, where titles, headers and prefaces stand;
then the rest, where only marked notes, headings, rules and what follows the end are anything but story.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..model import Block, Layout, Role
from . import markers
from .cells import patterns
from .draft import Draft
from .header import field_of, starts_header
from .talk import talk
from .titling import is_title_line, signs_off

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
RIGHT = " " * 24
"""What stands before a line that is pushed to the right."""
_STARRED = re.compile(r"[~*=#]{1,5}[ \t]+(?=\S)")
TAIL_WORDS = 260
"""An unmarked note behind the end is no longer than this."""
SURE, LIKELY, POSSIBLE, FOREIGN = 1.0, 0.6, -0.4, -1.5
"""How much talk (extract/talk.py) an unmarked paragraph must be: with nothing to support it, at the head of a text or
chapter, where rules, brackets or another note support it, and at all."""
CROSSED = 2.0
"""The same below a rule with something over it: there the story begins."""
LEAST_WORDS, FEW_WORDS = 5, 20
"""Words of a paragraph that tell whether it is talk, and below which they must tell it the more clearly."""
END_WORDS = 700
"""Words behind an end mark that are still the story's last."""
NOTE_PARAGRAPHS = 8
LONGEST = 4_000
"""Characters of an unmarked preface."""
FOOT = 3
"""Blocks at the end that may be what a page says below the story."""
FOOT_FIELDS = frozenset("disclaimer archive feedback tags rating categories published updated warnings".split())
_QUOTE = re.compile(r"[\"“][^\"“”]*[\"”]")
_NARRATOR = re.compile(r"\bI\b")
SPEECH = re.compile(r"[\s*_]*[\"“«„'‘—–-]")


class Naming:
    """Gives every block its role."""

    def __init__(self, draft: Draft, blocks: list[Block]) -> None:
        self.draft = draft
        self.blocks = blocks
        self.titled = any(h.field == "title" for h in draft.header) or any(b.role is Role.TITLE for b in blocks)
        self.titled = self.titled or bool(draft.page and draft.page.title)
        self.marked = any(b.role is Role.NOTE and b.position is not None for b in draft.document.blocks)
        """Whether the site marks notes: what it leaves unmarked is none, but for what the text marks."""
        self.comments = self._comments()
        self.foot = self._foot()

    def words(self, block: Block) -> str:
        return self.draft.plain[block.span.start : block.span.end].strip()

    def named(self) -> list[Block]:
        prose = self._first_prose()
        front = self._front(prose)
        return [*front, *self._body(prose)]

    # what a page or list says below a work

    def _comments(self) -> int:
        """Index of the line that counts the comments below a work: they are all that follows, unless a chapter does."""
        half = len(self.blocks) // 2
        lines = (n for n in range(half, len(self.blocks)) if self.blocks[n].role in (None, Role.STORY))
        found = next((n for n in lines if markers.counts_comments(self.words(self.blocks[n]))), len(self.blocks))
        return len(self.blocks) if any(map(self._heads, range(found, len(self.blocks)))) else found

    def _foot(self) -> int:
        """Index from which blocks are what a page or a mailing list puts below a work, and addresses."""
        foot = n = self.comments
        while n > 1:
            block = self.blocks[n - 1]
            if block.role in (None, Role.STORY) and block.layout is not Layout.SEPARATOR:
                if not markers.is_foot(self.words(block)):
                    break
                foot = n - 1
            elif block.role not in (None, Role.SIGNATURE, Role.SEPARATOR):
                break
            n -= 1
        return foot

    # the front: everything before the first prose

    def _first_prose(self) -> int:
        """Index of the block where the story starts: behind the last header, title and preface of the front."""
        blocks = self.blocks
        start = next((n for n, b in enumerate(blocks) if b.role is Role.STORY), None)
        if start is not None:
            return start
        last_header = max((n for n, b in self._until_told() if b.role is Role.HEADER), default=-1)
        last_header = max(last_header, self._anchor(), self._answered())
        n = last_header + 1
        while n < len(blocks) and (n < FRONT or n == last_header + 1):
            skipped = self._front_step(n)
            if not skipped:
                break
            n = skipped
        return n if n < len(blocks) else min(last_header + 1, len(blocks))

    def _answered(self) -> int:
        """Index of the last lines that a mail quotes before it tells its story; -1 if it quotes none."""
        found, unquoted = -1, 0
        for n, block in enumerate(self.blocks[:ANCHOR_BLOCKS]):
            unquoted += len(self.words(block).split()) if block.role is None else 0
            if block.role is Role.QUOTED and unquoted <= BEFORE_NOTE:
                found = n
        return found

    def _until_told(self) -> Iterator[tuple[int, Block]]:
        """The blocks of the front up to where a story is certainly being told: a header below it is a foot."""
        told = 0
        for n, block in enumerate(self.blocks[:FRONT]):
            yield n, block
            text = self.words(block)
            if block.role is None and block.layout is Layout.PARAGRAPH and len(text.split()) > SHORT_LINE:
                told += 1 if not any(markers.publishing_words(text)) else 0
            if told > 2 or (told and SPEECH.match(text)):
                return

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
        told = (
            self._preface(n)
            or markers.is_greeting(text)
            or markers.is_rights(text)
            or markers.is_disclaimer(text)
            or signs_off(text)
        )
        return n + 1 if told else 0

    def _looks_titled(self, n: int) -> bool:
        """A short line alone near the top, while no title is known."""
        return n < 12 and is_title_line(self.words(self.blocks[n]), self.blocks[n])

    def _preface(self, n: int) -> bool:
        """An unmarked preface: telling words of fandom or publishing, one if it stands apart, and no dialogue."""
        text = self.words(self.blocks[n])
        if n + 1 >= len(self.blocks) or len(text) > LONGEST or SPEECH.match(text) or markers.is_disclaimer(text):
            return False
        telling, everyday = markers.publishing_words(text)
        if len(telling) >= 2 or (telling and (everyday or markers.is_chat(text))):
            return True
        if is_title_line(text, self.blocks[n]) and (not self.titled or patterns()["kind"].fullmatch(text)):
            return False
        aside = markers.is_aside_whole(text) or "italic" in self.blocks[n].styles or self._apart(n)
        if markers.is_sure(text) or (aside and telling):
            return True
        if self._crossed(n):
            return self._is_talk(n, CROSSED)
        return self._is_talk(n, POSSIBLE if aside or self._framed(n) else LIKELY)

    def _crossed(self, n: int) -> bool:
        """Whether a rule stands above a block, with a note or header over it: below it stories begin."""
        above = n - 1
        while above >= 0 and self.blocks[above].layout is Layout.SEPARATOR:
            above -= 1
        return 0 <= above < n - 1 and self.blocks[above].role is not Role.TITLE and above > 0

    def _is_talk(self, n: int, least: float) -> bool:
        """Whether a block is a paragraph without a role that speaks to readers."""
        block, text = self.blocks[n], self.words(self.blocks[n])
        unmarked = block.role in (None, Role.STORY) and block.layout is Layout.PARAGRAPH and not SPEECH.match(text)
        if self.marked or not unmarked:
            return False
        words = len(text.split())
        spoken = markers.is_address(_QUOTE.sub("", text)) or any(markers.publishing_words(text))
        return spoken and words >= LEAST_WORDS and talk(text) > least + max(0.0, 1 - words / FEW_WORDS)

    def _framed(self, n: int) -> bool:
        """Whether nothing but possible talk stands between a block and a rule below it."""
        for m in range(n + 1, min(n + NOTE_PARAGRAPHS, len(self.blocks))):
            if self.blocks[m].layout is Layout.SEPARATOR:
                return True
            if not self._is_talk(m, POSSIBLE):
                return False
        return False

    def _apart(self, n: int) -> bool:
        """Whether a block stands between a header and a rule, as what is said before a part does."""
        headed = n > 0 and self.blocks[n - 1].role is Role.HEADER
        return headed and self.blocks[n + 1].layout is Layout.SEPARATOR

    def _front(self, prose: int) -> list[Block]:
        done: list[Block] = []
        titled = self.titled
        n = 0
        while n < prose:
            block = self.blocks[n]
            text = self.words(block)
            if block.role is Role.NOTE and not block.rule.startswith("header.") and block.position is None:
                end = min(self._note_end(n), prose)
                done += [b.named(Role.NOTE, block.rule) for b in self.blocks[n:end]]
                n = end
                continue
            if block.role is not None:
                done.append(block)
            elif block.layout is Layout.SEPARATOR:
                done.append(block.named(Role.SEPARATOR, "separator"))
            elif markers.chapter_heading().fullmatch(text):
                done.append(block.named(Role.CHAPTER_HEADING, "chapter.heading"))
            elif page := self._page_role(block):
                done.append(block.named(page, "page"))
            elif signs_off(text) or (done and done[-1].role is Role.NOTE and self._pushed_right(n)):
                done.append(block.named(Role.SIGNATURE, "signature"))
            elif markers.is_disclaimer(text) or markers.is_greeting(text):
                done.append(block.named(Role.HEADER, "disclaimer" if markers.is_disclaimer(text) else "greeting"))
            elif self._preface(n):
                done.append(block.named(Role.NOTE, "notes.preface"))
            elif not titled and is_title_line(text, block):
                done.append(block.named(Role.TITLE, "title.line"))
                titled = True
            elif block.layout is Layout.HEADING or is_title_line(text, block):
                done.append(block.named(Role.TITLE, "title.further"))
            else:
                noted = len(text.split()) > SHORT_LINE and not markers.is_rights(text)
                role = Role.NOTE if noted else Role.HEADER
                done.append(block.named(role, "front"))
            n += 1
        return done

    def _pushed_right(self, n: int) -> bool:
        """A few words far to the right with a rule below: who signs what stands above."""
        line = self.draft.plain[self.blocks[n].span.start : self.blocks[n].span.end].strip("\n")
        return len(line.split()) < 4 and line.startswith(RIGHT) and self.blocks[n + 1].layout is Layout.SEPARATOR

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
            if not self._goes_on(end, words):
                return end
        return n + 1 if limit == n + 1 or closing else limit

    def _goes_on(self, n: int, words: str) -> bool:
        """Whether an unmarked paragraph belongs to the note above it."""
        if SPEECH.match(words):
            return False
        how = talk(words)
        telling, everyday = markers.publishing_words(words)
        return how > (POSSIBLE if self._framed(n) else LIKELY) or (
            bool(telling or len(everyday) >= 2) and how > FOREIGN
        )

    def _stops_note(self, block: Block, words: str) -> bool:
        return (
            block.role is not None
            or block.layout in (Layout.SEPARATOR, Layout.HEADING)
            or starts_header(words)
            or bool(markers.chapter_heading().fullmatch(words))
            or bool(markers.end_mark().fullmatch(words))
            or is_title_line(words, block)
            or markers.is_rights(words)
        )

    # the body

    def _body(self, prose: int) -> list[Block]:
        done: list[Block] = []
        tail, beside = self._tail(prose), self._beside_headings(prose)
        n = prose
        while n < len(self.blocks):
            block = self.blocks[n]
            end = n + 1
            if block.role is Role.NOTE and block.position is None:
                end = self._note_end(n)
                done += [b.named(Role.NOTE, block.rule) for b in self.blocks[n:end]]
            elif block.role not in (None, Role.STORY):
                done.append(block)
            else:
                done.append(block.named(*(self._around(n) or self._told(n, tail, beside))))
            n = end
        return done

    def _around(self, n: int) -> tuple[Role, str] | None:
        """What a block is that divides the story, heads a chapter or stands below the work, and by which rule."""
        block, text = self.blocks[n], self.words(self.blocks[n])
        if n >= self.comments:
            return Role.COMMENT, "comments"
        if block.layout is Layout.SEPARATOR:
            return Role.SEPARATOR, "separator"
        if n >= self.foot:
            return Role.SIGNATURE, "foot"
        if self._heads(n):
            return Role.CHAPTER_HEADING, "chapter.heading"
        if len(text) < 60 and markers.end_mark().fullmatch(text):
            return Role.SEPARATOR, "end.mark"
        stated = n >= len(self.blocks) - FOOT and (field_of(text) in FOOT_FIELDS or markers.is_rights(text))
        return (Role.HEADER, "foot") if stated else None

    def _told(self, n: int, tail: int, beside: set[int]) -> tuple[Role, str]:
        """Whether a paragraph is story or a note, and by which rule."""
        block, text = self.blocks[n], self.words(self.blocks[n])
        if n >= tail and block.role is None:
            return Role.NOTE, "notes.tail"
        if n in beside:
            return Role.NOTE, "notes.talk"
        if markers.is_aside_whole(text) and self._is_talk(n, SURE if text[0] == "(" else CROSSED):
            return Role.INLINE_NOTE, "notes.aside"
        return Role.STORY, block.rule or "story"

    def _beside_headings(self, prose: int) -> set[int]:
        """The paragraphs right below and right above chapter headings that speak to readers."""
        found: set[int] = set()
        for n in range(prose, len(self.blocks)):
            if not self._heads(n):
                continue
            for m in range(n + 1, min(n + 1 + NOTE_PARAGRAPHS, len(self.blocks))):
                if not self._is_talk(m, POSSIBLE if self._framed(m) else SURE):
                    break
                found.add(m)
            above = n - 1
            while above > prose and self.blocks[above].layout is Layout.SEPARATOR:
                above -= 1
            for m in range(above, max(prose, above - NOTE_PARAGRAPHS), -1):
                if not self._is_talk(m, SURE):
                    break
                found.add(m)
        return found

    def _heads(self, n: int) -> bool:
        text = self.words(self.blocks[n])
        return self.blocks[n].role is Role.CHAPTER_HEADING or (
            len(text) < 140 and bool(markers.chapter_heading().fullmatch(text))
        )

    def _tail(self, prose: int) -> int:
        """Index from which unmarked blocks are a note: behind the end mark or the last rule, about publishing."""
        blocks = self.blocks
        count = 0
        last = self._last(prose)
        for n in range(last - 1, prose, -1):
            block, text = blocks[n], self.words(blocks[n])
            if block.role is Role.SIGNATURE:
                continue
            is_end = len(text) < 60 and bool(markers.end_mark().fullmatch(text))
            if is_end or (block.layout is Layout.SEPARATOR and count <= TAIL_WORDS):
                after = [
                    self.words(b) for b in blocks[n + 1 : last] if b.role is None and b.layout is not Layout.SEPARATOR
                ]
                if after and self._closing_note(" ".join(after), certain=is_end):
                    return n + 1
                if not is_end:
                    break
            if block.role in (None, Role.STORY):
                count += len(text.split())
            if count > END_WORDS or block.role is Role.HEADER:
                break
        end, closing = last, blocks[last - 1]
        if last > prose + 1 and closing.role in (None, Role.STORY) and self._farewell(self.words(closing)):
            last -= 1
        while last > prose + 1 and end - last < NOTE_PARAGRAPHS and self._is_talk(last - 1, SURE):
            last -= 1
        return last

    def _last(self, prose: int) -> int:
        """Index behind the last block that is of the work: above signatures and the foot."""
        last = self.foot
        while last > prose + 1 and (
            self.blocks[last - 1].role is Role.SIGNATURE or self.blocks[last - 1].layout is Layout.SEPARATOR
        ):
            last -= 1
        return last

    def _farewell(self, text: str) -> bool:
        """Whether the last paragraph is a note although no rule or end stands over it."""
        starred = _STARRED.match(text)
        if starred and self._closing_note(text[starred.end() :], certain=True):
            return True
        if SPEECH.match(text) or len(text.split()) > TAIL_WORDS:
            return False
        telling, _ = markers.publishing_words(text)
        told = markers.opens(text, "openings") and (telling or markers.is_chat(text))
        aside = markers.is_aside_whole(text) and markers.is_address(text) and not self._told_by_me()
        return markers.opens(text, "farewells") or bool(told) or aside

    def _told_by_me(self) -> bool:
        """Whether the last paragraphs before the end have a narrator who says I."""
        before = " ".join(self.words(b) for b in self.blocks[-12:-1])
        return bool(_NARRATOR.search(_QUOTE.sub("", before)))

    @staticmethod
    def _closing_note(text: str, *, certain: bool) -> bool:
        """Whether what stands behind the end, or behind the last rule, speaks to its readers."""
        telling, everyday = markers.publishing_words(text)
        opened = markers.opens(text, "openings") or markers.opens(text, "farewells")
        how = talk(text)
        if how > (FOREIGN if certain else SURE) and len(text.split()) >= LEAST_WORDS:
            return True
        if certain:
            return bool(telling or everyday or opened or markers.is_chat(text))
        if (telling or (opened and markers.is_chat(text))) and len(text.split()) <= SHORT_TAIL:
            return True
        return (len(telling) >= 2) or (len(telling) == 1 and bool(everyday)) or (opened and bool(telling or everyday))
