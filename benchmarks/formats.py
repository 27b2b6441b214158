"""A plain text as files of other formats, for measuring what reading them costs."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from html import escape
from typing import TypeAlias

Format: TypeAlias = tuple[str, Callable[[str], bytes]]
"""The suffix of a format, and what makes a file of a text."""

_CONTAINER = (
    '<?xml version="1.0"?><container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    '<rootfile full-path="book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>'
)
_PACKAGE = (
    '<?xml version="1.0"?><package xmlns="http://www.idpf.org/2007/opf" version="2.0"><metadata/><manifest>'
    '<item id="a" href="a.xhtml" media-type="application/xhtml+xml"/></manifest><spine><itemref idref="a"/></spine>'
    "</package>"
)
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def _zipped(members: dict[str, str]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return stream.getvalue()


def html(text: str) -> bytes:
    """A page of today's kind."""
    paragraphs = "".join(f"<p>{escape(p)}</p>\n" for p in text.replace("\n", "\n\n").split("\n\n") if p)
    return f"<!DOCTYPE html><html><head><title>Story</title></head><body>{paragraphs}</body></html>".encode()


def epub(text: str) -> bytes:
    """A book of one page."""
    page = html(text).decode()
    parts = {"mimetype": "application/epub+zip", "META-INF/container.xml": _CONTAINER, "book.opf": _PACKAGE}
    return _zipped({**parts, "a.xhtml": page})


def docx(text: str) -> bytes:
    """A word processor's document."""
    lines = "".join(f"<w:p><w:r><w:t>{escape(line)}</w:t></w:r></w:p>" for line in text.split("\n"))
    body = f'<?xml version="1.0"?><w:document xmlns:w="{_WORD}"><w:body>{lines}</w:body></w:document>'
    return _zipped({"word/document.xml": body})


def rtf(text: str) -> bytes:
    """A rich text."""
    return ("{\\rtf1\\ansi\\ansicpg1252 " + text.replace("\n", "\\par\n") + "}").encode("cp1252", "replace")


def windows(text: str) -> bytes:
    """A plain text of the nineties: typographic quotes in windows-1252, CRLF."""
    return text.replace('"', "\u201d").replace("\n", "\r\n").encode("cp1252", "replace")


PLAIN: Format = ("txt", str.encode)
FORMATS: tuple[Format, ...] = (("html", html), ("epub", epub), ("docx", docx), ("rtf", rtf), ("txt", windows), PLAIN)
