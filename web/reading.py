"""The reading view: a work's text by chapters, with the places that values came from marked if that is wanted."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple, cast

from starlette.responses import Response

from ..index.catalog import Catalog
from ..model import Block, Document, Layout, Role
from . import render
from .ask import Ask
from .marks import Piece, Place, pieces, places
from .shelf import Shelf

LONGEST = 60_000
"""Characters of one page; a longer chapter goes on, on the next."""
SHORT = 48
"""Lines shorter than this are meant as lines: verse, lists, letterheads."""
FRONT = frozenset({Role.TITLE, Role.BYLINE, Role.HEADER, Role.SUMMARY, Role.NOTE, Role.COMMENT, Role.SIGNATURE})


class Section(NamedTuple):
    """A page of the text, numbered from 1."""

    number: int
    title: str
    start: int
    end: int


class Paragraph(NamedTuple):
    """A block on the page: an element of HTML, how it looks, its text."""

    tag: str
    look: str
    pieces: list[Piece]


def sections(document: Document, chapters: Sequence[tuple[int, str, int | None]]) -> list[Section]:
    """The pages of a document: what stands before the first chapter belongs to it; long chapters are cut at a block."""
    starts = sorted({start: title for _, title, start in chapters if start is not None}.items())
    heads = [(0, starts[0][1] if starts else ""), *starts[1:]]
    ends = [start for start, _ in heads[1:]] + [len(document.text)]
    cut = [
        (title if n == 0 else f"{title}, continued".lstrip(", "), a, b)
        for (start, title), end in zip(heads, ends, strict=True)
        for n, (a, b) in enumerate(_cut(document.blocks, start, end))
    ]
    return [Section(n, *section) for n, section in enumerate(cut, 1)]


def _cut(blocks: Sequence[Block], start: int, end: int) -> Iterator[tuple[int, int]]:
    while end - start > LONGEST:
        last = bisect_right(blocks, start + LONGEST, key=lambda b: b.span.end) - 1
        at = blocks[last].span.end if last >= 0 else 0
        at = at if start < at < end else start + LONGEST
        yield start, at
        start = at
    yield start, end


def paragraphs(document: Document, section: Section, marked: Sequence[Place]) -> Iterator[Paragraph]:
    """The blocks of a section."""
    first = bisect_right(document.blocks, section.start, key=lambda b: b.span.end)
    for block in document.blocks[first:]:
        if block.span.start >= section.end:
            return
        start, end = max(block.span.start, section.start), min(block.span.end, section.end)
        text = document.text[start:end]
        if text.strip():
            end = start + len(text.rstrip())
            yield Paragraph(*_look(block, text), list(pieces(document.text, start, end, marked)))


def _look(block: Block, text: str) -> tuple[str, str]:
    """The element of a block, and its classes."""
    looks = sorted(block.styles & {"bold", "italic", "center", "small"})
    if block.role in FRONT:
        looks.append("front")
    if block.layout is Layout.SEPARATOR or block.role is Role.SEPARATOR:
        return "p", "separator"
    if block.layout is Layout.HEADING or block.role in (Role.CHAPTER_HEADING, Role.TITLE):
        return "h2", " ".join(looks)
    lines = text.split("\n")
    if block.role in (Role.HEADER, Role.BYLINE, Role.SIGNATURE) or max(map(len, lines)) < SHORT:
        looks.append("lines")
    return "p", " ".join(looks)


def of_work(catalog: Catalog, id_: int) -> tuple[Document, list[Section]]:
    """A work's document and its pages.

    Raises:
        NoSuchWork: if there is none.
    """
    document = catalog.document(id_)
    return document, sections(document, catalog.chapters(id_))


def page_of(cut: Sequence[Section], offset: int) -> int:
    """The number of the page that holds an offset."""
    return max(1, bisect_right(cut, offset, key=lambda s: s.start))


def read(shelf: Shelf, ask: Ask) -> Response:
    """A page of the text."""
    id_ = ask.number("id")
    record = shelf.catalog.record(id_)
    document, cut = of_work(shelf.catalog, id_)
    number = max(1, min(ask.number("page"), len(cut)))
    is_marked = ask.value("marks") == "1"
    marked = places(cast("list[Any]", record["evidence"])) if is_marked else []
    section = cut[number - 1]
    shown = list(paragraphs(document, section, marked))
    return render.page(
        ask, "read.html", work=record, sections=cut, section=section, paragraphs=shown, is_marked=is_marked
    )
