"""ODT (OpenDocument 1.2, text): paragraphs and headings with their styles, tables, lists, notes; deletions left out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element  # the type alone

from ...errors import ReadError
from ...model import Document
from ..blob import Blob
from . import Reader
from .office import Package, paragraph, table, tagged
from .zip_ import is_zip

MEDIA_TYPE = "application/vnd.oasis.opendocument.text"
_NS = "{urn:oasis:names:tc:opendocument:xmlns:%s:1.0}"
_TEXT, _TABLE, _STYLE, _OFFICE = (_NS % name for name in ("text", "table", "style", "office"))
_FO = _NS % "xsl-fo-compatible"
_SILENT = frozenset((f"{_TEXT}tracked-changes", f"{_OFFICE}annotation", f"{_TEXT}note", f"{_TEXT}sequence-decls"))
_GROUPS = frozenset(_TEXT + name for name in ("section", "list", "list-header", "numbered-paragraph"))


def sniff(blob: Blob) -> float:
    """A zip whose first member says that it is one."""
    return 0.95 if is_zip(blob) and MEDIA_TYPE.encode() in blob.data[:200] else 0.0


def read(blob: Blob) -> Iterator[Document]:
    """One work."""
    package = Package(blob)
    root = package.part("content.xml")
    body = root.find(f"{_OFFICE}body/{_OFFICE}text") if root is not None else None
    if root is None or body is None:
        raise ReadError(blob.uri, "a damaged ODT: its text is missing; save it anew")
    page = _Page()
    for part in (package.part("styles.xml"), root):
        page.learn(part)
    html = [*page.blocks(body), *(block for note in page.notes for block in page.blocks(note))]
    yield package.document(html, package.part("meta.xml"), "odt.meta", MEDIA_TYPE)


@dataclass(slots=True)
class _Page:
    """Turns a body into HTML; `notes` are footnotes on their way to its end."""

    centred: set[str] = field(default_factory=set)
    bold: set[str] = field(default_factory=set)
    italic: set[str] = field(default_factory=set)
    titles: set[str] = field(default_factory=lambda: {"Title"})
    notes: list[Element] = field(default_factory=list)

    def learn(self, part: Element | None) -> None:
        """What styles are centred, bold, italic, or made from the one of titles."""
        for style in part.iter(f"{_STYLE}style") if part is not None else ():
            name, parent = style.get(f"{_STYLE}name") or "", style.get(f"{_STYLE}parent-style-name") or ""
            for known in (self.centred, self.bold, self.italic, self.titles):
                if parent in known:
                    known.add(name)
            for properties in style:
                said = {key.rpartition("}")[2]: value for key, value in properties.attrib.items()}
                self.centred |= {name} if said.get("text-align") == "center" else set()
                self.bold |= {name} if said.get("font-weight") == "bold" else set()
                self.italic |= {name} if said.get("font-style") == "italic" else set()

    def blocks(self, parent: Element, *, item: bool = False) -> Iterator[str]:
        for node in parent:
            if node.tag in (f"{_TEXT}p", f"{_TEXT}h"):
                yield self._paragraph(node, item=item)
            elif node.tag == f"{_TABLE}table":
                yield self._table(node)
            elif node.tag in _GROUPS or node.tag == f"{_TEXT}list-item":
                yield from self.blocks(node, item=item or node.tag == f"{_TEXT}list-item")

    def _table(self, node: Element) -> str:
        rows = node.iter(f"{_TABLE}table-row")
        return table(("".join(self.blocks(cell)) for cell in row.findall(f"{_TABLE}table-cell")) for row in rows)

    def _paragraph(self, node: Element, *, item: bool) -> str:
        style = node.get(f"{_TEXT}style-name") or ""
        level = int(node.get(f"{_TEXT}outline-level") or 1) if node.tag == f"{_TEXT}h" else int(style in self.titles)
        inner = "".join(self._inline(node, bold=style in self.bold, italic=style in self.italic))
        return paragraph(inner, level, centred=style in self.centred, item=item)

    def _inline(self, node: Element, *, bold: bool, italic: bool) -> Iterator[str]:
        """The text of an element, of what is in it, and behind each of that."""
        yield tagged(node.text or "", bold=bold, italic=italic)
        for child in node:
            name = child.tag.removeprefix(_TEXT)
            if name == "note":
                self.notes += child.findall(f"{_TEXT}note-body")
            elif name == "line-break":
                yield "<br>"
            elif name in ("s", "tab"):
                yield " "
            elif child.tag not in _SILENT:
                style = child.get(f"{_TEXT}style-name") or ""
                yield from self._inline(child, bold=bold or style in self.bold, italic=italic or style in self.italic)
            yield tagged(child.tail or "", bold=bold, italic=italic)


READER = Reader("odt", sniff, read)
