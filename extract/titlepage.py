"""The title page of a plain text: a title, and near it who wrote it.

Posts, zines and home pages set them apart by place alone: centred, in columns, in a box, below a preface of any
length. What proves a page is a byline with a title over it, or a line that repeats the subject or the preface.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby

from ..model import Layout, Span
from ..text import bare, fold
from . import markers
from .cells import Cell, author_name, cells, is_headline, patterns
from .components import Component
from .draft import Draft, TitlePage
from .gazetteer import given_names
from .titling import trimmed_title

TITLE_LINES = 3
"""Lines over which a title runs on."""
APART = 9
"""Lines between a title and its byline."""
SIGNED_ALONE = 24
"""Lines within which a byline counts that has no title."""
_ENDS_SEARCH = frozenset(("long", "mail", "byline", "both", "signed"))


def run(draft: Draft) -> None:
    """Find the title page, if the text has one, and the titles that its preface tells."""
    reader = _Reader(draft, cells(draft))
    draft.told = tuple(reader.told())
    draft.page = reader.with_byline() or reader.repeated() or reader.underlined() or reader.signed()


class _Reader:
    """Looks for the page in the cells of the front, in the order of what proves most."""

    def __init__(self, draft: Draft, found: list[Cell]) -> None:
        self.draft = draft
        self.cells = found

    def with_byline(self) -> TitlePage | None:
        """The first byline or copyright line with a title in it, over it, or (copyright) right below it."""
        for n, cell in enumerate(self.cells):
            if cell.kind == "both" and self._starts(n):
                return self._page([cell], cell.title, cell, cell.name)
            name, last = self._named(n)
            title = self._ruled(n) or self._above(n) or (self._below(last) if cell.kind == "copyright" else [])
            if name and title:
                return self._page(title, " ".join(c.title or c.text for c in title), self.cells[last], name)
        return None

    def signed(self) -> TitlePage | None:
        """A byline or a sentence near the top that says who wrote it, and no title."""
        for n, cell in enumerate(self.cells[:SIGNED_ALONE]):
            if cell.kind == "signed" or (cell.kind == "byline" and self._starts(n)):
                return TitlePage(None, "", self._where(cell, cell.name))
        return None

    def repeated(self) -> TitlePage | None:
        """A line of its own that says again what the subject or the preface says."""
        subjects = [str(e.value) for e in self.draft.claims("title") if e.confidence < 0.9]
        subjects += [self.draft.quote(line.value) for line in self.draft.header_lines("subject")]
        hints = [bare(trimmed_title(s, loose=True)).split() for s in (*subjects, *(t for t, _ in self.draft.told))]
        for n, cell in enumerate(self.cells if hints else ()):
            quoted = any(place.overlaps(cell.span) for _, place in self.draft.told)
            if cell.kind in ("short", "part", "long") and len(cell.text) < 90 and self._alone(n) and not quoted:
                words = bare(trimmed_title(cell.text, loose=True)).split()
                if any(_agree(words, hint) for hint in hints):
                    return self._page([cell], cell.text, cell)
        return None

    def underlined(self) -> TitlePage | None:
        """A line with a rule right below it, and no sentence over it."""
        ruled = next((cell for n, cell in enumerate(self.cells[:-1]) if self._is_ruled(n)), None)
        return replace(self._page([ruled], ruled.text, ruled), proof=0.58) if ruled else None

    def _ruled(self, n: int) -> list[Cell]:
        """The underlined line close above a byline; one with a rule above it too is framed, whatever it says."""
        for m in range(max(0, n - APART), n):
            if self._is_ruled(m) and not (m and self.cells[m - 1].kind == "rule"):
                return [self.cells[m]]
        return []

    def _is_ruled(self, n: int) -> bool:
        cell, below = self.cells[n], self.cells[n + 1]
        block = self.draft.document.blocks[below.block]
        gap = self.draft.plain[cell.span.end : below.span.start]
        above = [c for c in self.cells[max(0, n - 4) : n] if c.block == cell.block]
        ruled = block.layout is Layout.SEPARATOR and gap.count("\n") == 1
        return cell.kind == "short" and len(above) < 2 and self._starts(n) and ruled

    def told(self) -> Iterator[tuple[str, Span]]:
        """Titles that a preface quotes: `Here follows "Recollections"`, `"Low Tide" is posted in three parts`."""
        for _, group in groupby(self.cells, key=lambda c: c.block):
            block = list(group)
            words = self.draft.plain[block[0].span.start : block[-1].span.end]
            if not any(markers.publishing_words(words)):
                continue
            for name in ("told", "parted"):
                found = patterns()[name].search(self.draft.plain, block[0].span.start, block[-1].span.end)
                if found and is_headline(found.group("title")):
                    yield " ".join(found.group("title").split()), Span(*found.span("title"))

    def _page(self, title: list[Cell], words: str, last: Cell, name: str = "") -> TitlePage:
        start, end = title[0].span.start, title[-1].span.end
        place = self._where(title[0], words) if len(title) == 1 else Span(start, end)
        return TitlePage(place, words, self._where(last, name) if name else None)

    def _where(self, cell: Cell, words: str) -> Span:
        """Where words of a cell stand: exactly, or the whole cell if they were spaced or framed."""
        at = self.draft.text.find(words, cell.span.start, cell.span.end)
        return Span(at, at + len(words)) if at >= 0 and words else cell.span

    def _named(self, n: int) -> tuple[str, int]:
        """The name of a byline and the index of its cell: "by" has it on the next line."""
        cell = self.cells[n]
        if cell.kind in ("byline", "copyright"):
            return cell.name, n
        behind = next((m for m in range(n + 1, min(n + 3, len(self.cells))) if self.cells[m].kind != "rule"), None)
        if behind is None:
            return "", n
        if cell.kind == "by" and self.cells[behind].kind in ("short", "mail"):
            return author_name(self.cells[behind].text), behind
        person = cell.kind == "short" and fold(cell.text.split()[0]) in given_names() and " " in cell.text
        alone = self.cells[behind].kind in ("date", "mail") or (self._centred(n) and self.cells[behind].kind == "long")
        return (author_name(cell.text) if person and alone else ""), n

    def _centred(self, n: int) -> bool:
        """Whether a cell is centred below another that is."""
        blocks = self.draft.document.blocks
        return n > 0 and all("center" in blocks[self.cells[m].block].styles for m in (n - 1, n))

    def _above(self, n: int) -> list[Cell]:
        """The title over a byline: the nearest short lines, beyond parts, kinds, dates and fandoms."""
        found = self.cells
        for m in range(n - 1, max(-1, n - 1 - APART), -1):
            twice = found[n].kind == found[m].kind == "byline" and found[m].text.startswith(("By ", "BY "))
            if twice and not self._above(m):
                return [found[m]]  # a title that begins like one: "By Candlelight"
            if found[m].kind in _ENDS_SEARCH:
                break
            if found[m].kind == "short":
                first = m
                while m - first + 1 < TITLE_LINES and self._continues(first):
                    first -= 1
                return found[first : m + 1] if self._starts(first) else []
        named = n and found[n - 1].kind == "fandom" and found[n - 1].block == found[n].block
        return [found[n - 1]] if named else []

    def _continues(self, n: int) -> bool:
        """Whether a cell goes on with a title from the line before it."""
        return n > 0 and self.cells[n - 1].kind == "short" and self.cells[n - 1].block == self.cells[n].block

    def _below(self, n: int) -> list[Cell]:
        """The title below a copyright line: the next line, if it is short and alone."""
        following = [m for m in range(n + 1, min(n + 3, len(self.cells))) if self.cells[m].kind != "rule"]
        if following and self.cells[following[0]].kind == "short" and self._alone(following[0]):
            return [self.cells[following[0]]]
        return []

    def _starts(self, n: int) -> bool:
        """Whether no sentence stands before a cell in its block."""
        before = (c for c in self.cells[max(0, n - APART) : n] if c.block == self.cells[n].block)
        return not any(c.kind in ("long", "both", "signed", "mail") for c in before)

    def _alone(self, n: int) -> bool:
        """Whether no sentence stands beside a cell in its block."""
        beside = (c for c in self.cells[max(0, n - 4) : n + 5] if c.block == self.cells[n].block)
        return not any(c.kind == "long" and c is not self.cells[n] for c in beside)


def _agree(words: list[str], hint: list[str]) -> bool:
    """Whether one title holds the other, or both begin with the same two words."""
    if len(words) > 12 or min(len("".join(words)), len("".join(hint))) < 4:
        return False
    one, other = f" {' '.join(words)} ", f" {' '.join(hint)} "
    return one in other or other in one or (min(len(words), len(hint)) > 2 and words[:2] == hint[:2])


COMPONENT = Component("titlepage", needs=("header",), gives=("page",), run=run)
