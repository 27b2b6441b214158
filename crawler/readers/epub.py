"""EPUB 2 and 3: the package's metadata declared, the spine's pages read in order."""

from __future__ import annotations

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode

from ...model import Document, Layout, Role
from ...text import bare
from .. import fanficfare
from ..blob import Blob, DocumentBuilder
from ..book import Book, Page
from ..markup import add_markup, inline, lines_of, parse
from ..opf import Metadata
from ..sites import otw, otw_plain
from ..surroundings import Surroundings
from . import Reader
from .zip_ import is_zip

MEDIA_TYPE = "application/epub+zip"
OPENING = 3
"""Lines of a page that may be its heading, though they are not set as one."""
_BODY = re.compile(r"<body[^>]*>(.*)</body\s*>", re.DOTALL | re.IGNORECASE)


def sniff(blob: Blob) -> float:
    """The mimetype member proves it, whatever the name."""
    if not is_zip(blob):
        return 0.0
    return 0.95 if b"mimetypeapplication/epub+zip" in blob.data[:120] or b"META-INF/container.xml" in blob.data else 0.0


def read(blob: Blob) -> Iterator[Document]:
    """One work."""
    book = Book(blob)
    builder = DocumentBuilder()
    pages = list(book.pages())
    whole = _download([page.text for page in pages], blob.uri)
    if whole:
        otw.read_download(whole, builder)
    typed = bool(whole) or _read_pages(book, pages, builder)
    if not builder.blocks:  # a book that calls its only page a cover
        _read_pages(book, pages, builder, every=True)
    Metadata(book.package, "epub.dc").declare(builder, blob.uri, subjects=not typed)
    yield builder.build(blob, MEDIA_TYPE)


def _read_pages(book: Book, pages: list[Page], builder: DocumentBuilder, *, every: bool = False) -> bool:
    """Add the pages that are the story, or every one; returns whether one of them states the book's fields."""
    typed = False
    chapters = 0
    for page in pages:
        tree = parse(page.text, book.blob.uri)
        if fanficfare.is_title_page(tree):
            fanficfare.read_title_page(tree, builder)
            typed = True
        elif every or not book.is_away(page, tree):
            chapters += 1
            _add(builder, page, tree, chapters if typed and len(pages) > 2 else None)
    return typed


def _add(builder: DocumentBuilder, page: Page, tree: LexborHTMLParser, chapter: int | None) -> None:
    """A page of the story; one without a heading gets the one that the table of contents has for it.

    `chapter` is the page's number in a book of which each page is known to be a chapter.
    """
    if tree.body is None:
        return
    skip = Surroundings(tree)
    heading = tree.css_first("h1, h2, h3, h4, h5, h6")
    if heading and chapter:
        shown = heading.mem_id
        _heading(builder, inline(heading), chapter, "epub.chapter")
        add_markup(builder, tree.body, skip=lambda node: node.mem_id == shown or skip(node))
        return
    if page.title and not heading and not _opens_with(page.title, tree.body, skip):
        _heading(builder, page.title, chapter, "epub.toc")
    add_markup(builder, tree.body, skip=skip)


def _heading(builder: DocumentBuilder, text: str, chapter: int | None, rule: str) -> None:
    role = Role.CHAPTER_HEADING if chapter else None
    builder.add(text, Layout.HEADING, role=role, chapter=chapter, level=2, rule=rule)


def _opens_with(title: str, body: LexborNode, skip: Surroundings) -> bool:
    """Whether a page's first lines, sentences aside, say the title; a page without text needs none."""
    lines = [line for line in lines_of(body, skip).split("\n") if line.strip()][:OPENING]
    return not lines or any(bare(title) in bare(line) for line in lines if not line.endswith(tuple('.?!”"…,')))


def _download(pages: list[str], uri: str) -> LexborHTMLParser | None:
    """The pages of an AO3 download laid end to end; None if the book is something else."""
    if any("preface" in page for page in pages):
        whole = parse("<body>" + "".join(_body(page) for page in pages) + "</body>", uri)
        if whole.css_first(f"#preface {otw.TAGS}"):
            return whole
    page = otw_plain.restored([*otw_plain.pieces_of(parse(pages[0], uri))]) if len(pages) == 1 else None
    return parse(page, uri) if page else None


def _body(page: str) -> str:
    found = _BODY.search(page)
    return found.group(1) if found else page


READER = Reader("epub", sniff, read)
