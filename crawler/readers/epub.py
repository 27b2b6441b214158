"""EPUB 2 and 3: the package's metadata declared, the spine's pages read in order."""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator
from urllib.parse import unquote

from selectolax.lexbor import LexborHTMLParser

from ...errors import ReadError
from ...lexicon import phrases
from ...model import Document, Series
from ...text import bare
from ..blob import Blob, DocumentBuilder
from ..encoding import clean, decode
from ..markup import add_markup, inline, lines_of, parse
from ..sites import otw, otw_plain
from . import Reader
from .html import Surroundings
from .zip_ import is_zip, member, open_zip

MEDIA_TYPE = "application/epub+zip"
_ENTITY = re.compile(r"<!ENTITY", re.IGNORECASE)
_BODY = re.compile(r"<body[^>]*>(.*)</body\s*>", re.DOTALL | re.IGNORECASE)
_AO3_ID = re.compile(r"urn:ao3:(\d+)|archiveofourown\.org/works/(\d+)")
_CREATED = re.compile(r"^\d{4}(?:-\d{2}(?:-\d{2})?)?")


def sniff(blob: Blob) -> float:
    """The mimetype member proves it, whatever the name."""
    if not is_zip(blob):
        return 0.0
    return 0.95 if b"mimetypeapplication/epub+zip" in blob.data[:120] or b"META-INF/container.xml" in blob.data else 0.0


class _Book:
    """An opened EPUB: its package document and its pages as text."""

    def __init__(self, blob: Blob) -> None:
        self.blob = blob
        self.archive = open_zip(blob)
        self.names = {info.filename: info for info in self.archive.infolist()}
        container = parse(self.text("META-INF/container.xml"), self.blob.uri)
        rootfile = container.css_first("rootfile")
        self.opf_path = (rootfile.attributes.get("full-path") or "") if rootfile else self._any_opf()
        self.opf = self._package(self.text(self.opf_path))

    def _any_opf(self) -> str:
        return next((name for name in self.names if name.endswith(".opf")), "content.opf")

    def _package(self, text: str) -> LexborHTMLParser:
        """The OPF as an HTML tree: tag names keep their prefix, and no XML entity is ever expanded."""
        if _ENTITY.search(text):
            raise ReadError(self.blob.uri, "its package document defines XML entities; convert the book anew")
        return parse(re.sub(r"<(/?)(?:opf:)?(meta|item|itemref)\b", r"<\1x-\2", text), self.blob.uri)

    def text(self, name: str) -> str:
        info = self.names.get(name)
        if info is None:
            raise ReadError(self.blob.uri, f"a damaged e-book: {name} is missing; convert it anew")
        return decode(member(self.archive, info, f"{self.blob.uri}!/{name}")).text

    def metadata(self, name: str) -> list[str]:
        return [value for node in self.opf.css(f"dc\\:{name}") if (value := inline(node))]

    def pages(self) -> Iterator[str]:
        """The spine's pages in reading order; missing ones are passed over."""
        folder = posixpath.dirname(self.opf_path)
        items = {i.attributes.get("id"): i.attributes.get("href") or "" for i in self.opf.css("x-item")}
        for reference in self.opf.css("x-itemref"):
            href = items.get(reference.attributes.get("idref"))
            name = posixpath.normpath(posixpath.join(folder, unquote(href or "")))
            if href and name in self.names:
                yield self.text(name)

    def calibre(self, name: str) -> str:
        node = self.opf.css_first(f'x-meta[name="calibre:{name}"]')
        return (node.attributes.get("content") or "") if node else ""


def read(blob: Blob) -> Iterator[Document]:
    """One work."""
    try:
        book = _Book(blob)
    except (zipfile.BadZipFile, KeyError) as problem:
        raise ReadError(blob.uri, f"a damaged e-book ({problem}); convert it anew") from problem
    builder = DocumentBuilder()
    pages = list(book.pages())
    whole = _download(pages, blob.uri)
    if whole:
        otw.read_download(whole, builder)
    else:
        for page in pages:
            tree = parse(page, blob.uri)
            if tree.body:
                add_markup(builder, tree.body, skip=Surroundings(tree))
    _declare(book, builder)
    yield builder.build(blob, MEDIA_TYPE)


def _download(pages: list[str], uri: str) -> LexborHTMLParser | None:
    """The pages of an AO3 download laid end to end; None if the book is something else."""
    if any("preface" in page for page in pages):
        whole = parse("<body>" + "".join(_body(page) for page in pages) + "</body>", uri)
        if whole.css_first("#preface dl.tags"):
            return whole
    page = otw_plain.restored([*otw_plain.pieces_of(parse(pages[0], uri))]) if len(pages) == 1 else None
    return parse(page, uri) if page else None


def _body(page: str) -> str:
    found = _BODY.search(page)
    return found.group(1) if found else page


def _declare(book: _Book, builder: DocumentBuilder) -> None:
    """Dublin Core as declared fields; what converters write when they know nothing is not declared."""
    empty = {bare(v) for v in phrases("generic")["unknown"]}
    for name, field, confidence in (("title", "title", 0.85), ("creator", "authors", 0.85)):
        for value in book.metadata(name):
            if bare(value) not in empty:
                builder.declare(field, value, f"epub.dc.{name}", confidence)
    for value in book.metadata("language")[:1]:
        if bare(value) not in empty and value.lower() != "und":
            builder.declare("language", value, "epub.dc.language", 0.6)
    for value in book.metadata("description")[:1]:
        if (body := parse(value, book.blob.uri).body) and (summary := clean(lines_of(body)).text.strip()):
            builder.declare("summary", " ".join(summary.split()), "epub.dc.description", 0.8)
    for value in book.metadata("date")[:1]:
        if found := _CREATED.match(value):
            builder.declare("updated", found.group(), "epub.dc.date", 0.5)
    for value in [*book.metadata("identifier"), *book.metadata("source")]:
        _address(value, builder)
    if series := book.calibre("series"):
        place = book.calibre("series_index").partition(".")[0]
        builder.declare("series", Series(series, int(place) if place.isdigit() else None), "epub.calibre", 0.9)


def _address(value: str, builder: DocumentBuilder) -> None:
    if found := _AO3_ID.search(value):
        number = found.group(1) or found.group(2)
        builder.declare("site_id", f"ao3:{number}", "epub.identifier", 0.95)
        builder.declare("url", f"https://archiveofourown.org/works/{number}", "epub.identifier", 0.95)
    elif (url := value.removeprefix("calibre:").removeprefix("url:")).startswith(("http://", "https://")):
        builder.declare("url", url, "epub.identifier", 0.9)


READER = Reader("epub", sniff, read)
