"""PDF, by the extra `pdf`: its lines are read in a process of their own and joined to paragraphs."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from html import escape

from ...lexicon import phrases
from ...model import Document
from ...text import bare
from ..blob import Blob, DocumentBuilder
from ..confined import opened
from ..encoding import clean
from ..markup import add_markup, parse
from ..sites import otw, otw_plain
from ..typeset import Line, Paragraph, paragraphs
from . import Reader

MEDIA_TYPE = "application/pdf"
_LIGATURES = str.maketrans(
    {"\ufb00": "ff", "\ufb01": "fi", "\ufb02": "fl", "\ufb03": "ffi", "\ufb04": "ffl", "\ufb05": "st", "\ufb06": "st"}
)
QUOTED = 12
"""Points by which a quotation is set in."""


def sniff(blob: Blob) -> float:
    """The first bytes prove it; programs may write a few before them."""
    return 0.95 if b"%PDF-" in blob.data[:1024] else 0.0


def read(blob: Blob) -> Iterator[Document]:
    """One work."""
    stated, *rows = map(json.loads, opened(blob, "pdf", "pypdfium2", "pdf").splitlines())
    found = list(paragraphs([_line(*row) for row in rows]))
    builder = DocumentBuilder()
    if page := otw_plain.restored(_pieces(found)):
        otw.read_download(parse(page, blob.uri), builder)
    else:
        tree = parse(f"<body>{''.join(map(_html, found))}</body>", blob.uri)
        if tree.body:
            add_markup(builder, tree.body)
    _declare(builder, *stated)
    yield builder.build(blob, MEDIA_TYPE)


def _line(page: int, left: float, bottom: float, right: float, top: float, text: str) -> Line:
    return Line(page, left, bottom, right, top, clean(text.translate(_LIGATURES)).text)


def _pieces(found: Sequence[Paragraph]) -> list[otw_plain.Piece]:
    left = min((paragraph.left for paragraph in found), default=0)
    return [otw_plain.Piece(p.text, _html(p), p.left > left + QUOTED, p.apart, p.heading) for p in found]


def _html(paragraph: Paragraph) -> str:
    text = escape(paragraph.text, quote=False).replace("\n", "<br>")
    tag = "h2" if paragraph.heading else "p"
    return f"<{tag}{' align=center' if paragraph.centred else ''}>{text}</{tag}>"


def _declare(builder: DocumentBuilder, title: str, author: str) -> None:
    """Title and author as programs fill them in: often with the name of a file, or of the program's owner."""
    nobody = {bare(value) for group in ("unknown", "titles") for value in phrases("generic")[group]}
    for field, value, confidence in (("title", title, 0.55), ("authors", author, 0.55)):
        value = clean(value).text.strip()
        if value and bare(value) not in nobody and not value.lower().startswith("microsoft word"):
            builder.declare(field, value, f"pdf.info.{field.rstrip('s')}", confidence)


READER = Reader("pdf", sniff, read)
