"""What DOCX and ODT have in common: a zip of XML, its properties, paragraphs that become a page.

Both are turned into plain HTML and read as a page is, so that a story has the same blocks in whatever form it comes.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable
from html import escape
from xml.etree.ElementTree import Element, ParseError  # the types alone; defusedxml parses

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from ...errors import HostileContent, ReadError
from ...lexicon import phrases
from ...model import Document
from ...text import bare
from ..blob import Blob, DocumentBuilder
from ..markup import add_markup, parse
from .zip_ import member, open_zip

_DC = "{http://purl.org/dc/elements/1.1/}"
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


class Package:
    """An opened DOCX or ODT.

    Raises:
        ReadError, HostileContent: naming the file, if it is damaged or would do harm.
    """

    def __init__(self, blob: Blob) -> None:
        self.blob = blob
        self.archive = open_zip(blob)

    def part(self, name: str) -> Element | None:
        """An XML part's root; None if there is no such part."""
        uri = f"{self.blob.uri}!/{name}"
        try:
            data = member(self.archive, self.archive.getinfo(name), uri)
        except KeyError:
            return None
        except zipfile.BadZipFile as problem:
            raise ReadError(uri, f"a damaged document ({problem}); save it anew") from problem
        try:
            return fromstring(data, forbid_dtd=True)  # type: ignore[no-any-return]
        except DefusedXmlException as problem:
            raise HostileContent(uri, "it declares a document type or entities; no word processor does") from problem
        except (ParseError, ValueError) as problem:
            raise ReadError(uri, f"its XML is damaged ({problem}); save it anew") from problem

    def document(self, html: Iterable[str], properties: Element | None, rule: str, media_type: str) -> Document:
        """The Document of a body that was turned into HTML, with the properties that say something."""
        builder = DocumentBuilder()
        tree = parse(f"<body>{''.join(html)}</body>", self.blob.uri)
        if tree.body:
            add_markup(builder, tree.body)
        if properties is not None:
            _declare(builder, properties, rule)
        return builder.build(self.blob, media_type)


def _declare(builder: DocumentBuilder, properties: Element, rule: str) -> None:
    """Dublin Core properties; programs fill them in unasked, so little is believed."""
    nobody = {bare(v) for group in ("unknown", "titles") for v in phrases("generic")[group]}
    for name, field, confidence in (
        ("title", "title", 0.6),
        ("creator", "authors", 0.45),
        ("language", "language", 0.4),
    ):
        value = (properties.findtext(f".//{_DC}{name}") or "").strip()
        if value and bare(value) not in nobody and not value.lower().startswith("microsoft word"):
            builder.declare(field, value, f"{rule}.{name}", confidence)


def tagged(text: str, *, bold: bool = False, italic: bool = False) -> str:
    """Text as HTML, with its emphasis."""
    html = escape(text, quote=False)
    html = f"<b>{html}</b>" if bold else html
    return f"<i>{html}</i>" if italic else html


def paragraph(inner: str, level: int = 0, *, centred: bool = False, item: bool = False) -> str:
    """A paragraph, heading (`level` 1 to 6) or list item as HTML."""
    tag = f"h{min(level, 6)}" if level else "li" if item else "p"
    return f"<{tag}{' align=center' if centred else ''}>{inner}</{tag}>"


def table(rows: Iterable[Iterable[str]]) -> str:
    """Rows of cells as HTML."""
    lines = ("".join(f"<td>{cell}</td>" for cell in row) for row in rows)
    return "<table>" + "".join(f"<tr>{line}</tr>" for line in lines) + "</table>"
