"""DOCX (ECMA-376, WordprocessingML): paragraphs with their styles, tables, footnotes; tracked deletions left out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from xml.etree.ElementTree import Element  # the type alone

from ...errors import ReadError
from ...model import Document
from ..blob import Blob
from . import Reader
from .office import Package, paragraph, table, tagged
from .zip_ import is_zip

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_HEADING = re.compile(r"heading (\d)")
_TRANSPARENT = frozenset(
    _W + name for name in ("ins", "moveTo", "hyperlink", "smartTag", "fldSimple", "sdt", "sdtContent")
)
_NEVER = ("0", "false", "off", "none")


def sniff(blob: Blob) -> float:
    """A zip with the part that every DOCX has."""
    return 0.95 if is_zip(blob) and b"word/document.xml" in blob.data else 0.0


def read(blob: Blob) -> Iterator[Document]:
    """One work."""
    package = Package(blob)
    root = package.part("word/document.xml")
    body = root.find(f"{_W}body") if root is not None else None
    if body is None:
        raise ReadError(blob.uri, "a damaged DOCX: its text is missing; save it anew")
    page = _Page(_levels(package.part("word/styles.xml")))
    html = [*page.blocks(body)]
    for part, name in (("word/footnotes.xml", "footnote"), ("word/endnotes.xml", "endnote")):
        notes = package.part(part)
        for note in notes.iter(f"{_W}{name}") if notes is not None else ():
            if not _value(note, "type"):
                html += page.blocks(note)
    yield package.document(html, package.part("docProps/core.xml"), "docx.core", MEDIA_TYPE)


def _value(node: Element | None, name: str = "val") -> str:
    return (node.get(f"{_W}{name}") or "") if node is not None else ""


def _levels(styles: Element | None) -> Mapping[str, int]:
    """Style id -> level of heading; names are English whatever the language of the program, ids are not."""
    found = {}
    for style in styles.iter(f"{_W}style") if styles is not None else ():
        name = _value(style.find(f"{_W}name")).lower()
        heading = _HEADING.fullmatch(name)
        if heading or name == "title":
            found[_value(style, "styleId")] = int(heading.group(1)) if heading else 1
    return found


class _Page:
    """Turns a body into HTML, block by block."""

    def __init__(self, levels: Mapping[str, int]) -> None:
        self.levels = levels

    def blocks(self, parent: Element) -> Iterator[str]:
        for node in parent:
            if node.tag == f"{_W}p":
                yield self._paragraph(node)
            elif node.tag == f"{_W}tbl":
                yield self._table(node)
            elif node.tag in _TRANSPARENT:
                yield from self.blocks(node)

    def _table(self, node: Element) -> str:
        rows = node.iter(f"{_W}tr")
        return table(("".join(self.blocks(cell)) for cell in row.findall(f"{_W}tc")) for row in rows)

    def _paragraph(self, node: Element) -> str:
        form = node.find(f"{_W}pPr")
        style = _value(form.find(f"{_W}pStyle")) if form is not None else ""
        centred = form is not None and _value(form.find(f"{_W}jc")) == "center"
        item = form is not None and form.find(f"{_W}numPr") is not None
        return paragraph("".join(_runs(node)), self.levels.get(style, 0), centred=centred, item=item)


def _runs(parent: Element) -> Iterator[str]:
    """The runs of a paragraph; what tracked changes deleted is no run."""
    for node in parent:
        if node.tag == f"{_W}r":
            yield _run(node)
        elif node.tag in _TRANSPARENT:
            yield from _runs(node)


def _run(run: Element) -> str:
    form = run.find(f"{_W}rPr")
    if _is(form, "vanish"):
        return ""
    bold, italic = _is(form, "b"), _is(form, "i")
    pieces = []
    for node in run:
        name = node.tag.removeprefix(_W)
        if name == "t":
            pieces.append(tagged(node.text or "", bold=bold, italic=italic))
        elif name in ("br", "cr"):
            pieces.append("<br>")
        elif name in ("tab", "noBreakHyphen"):
            pieces.append(" " if name == "tab" else "-")
    return "".join(pieces)


def _is(form: Element | None, name: str) -> bool:
    """Whether a run has a property; `<w:b w:val="0"/>` takes it away."""
    node = form.find(f"{_W}{name}") if form is not None else None
    return node is not None and _value(node).lower() not in _NEVER


READER = Reader("docx", sniff, read)
