"""OPF packages (EPUB 2 and 3, calibre's metadata.opf): what they state of a book, declared as it stands.

Read as HTML, so that no XML entity is ever expanded and damage costs one element; `meta`, `item` and `itemref`,
which HTML knows otherwise, are renamed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache

from selectolax.lexbor import LexborHTMLParser, LexborNode

from ..errors import ReadError
from ..lexicon import phrases, tables
from ..model import Series
from ..text import bare, fold, one_line
from .blob import DocumentBuilder
from .encoding import clean
from .markup import closed, inline, lines_of, parse
from .sites.otw_urls import HOME, site_id, work_number

_ENTITY = re.compile(r"<!ENTITY", re.IGNORECASE)
_RENAMED = re.compile(r"<(/?)(?:\w+:)?(meta|item|itemref)\b")
_DATE = re.compile(r"(?!0[01]0[01]-)\d{4}(?:-\d{2}(?:-\d{2})?)?")
_AO3_ID = re.compile(r"urn:ao3:(\d{1,12})")
_SCHEME = re.compile(r"(?:calibre:|ur[il]:)+", re.IGNORECASE)
_PLACE = re.compile(r"[0-9]{1,6}")
_CONFIDENCE = {
    "title": 0.85, "authors": 0.85, "language": 0.6, "summary": 0.8, "published": 0.5, "updated": 0.5,
    "tags": 0.7, "status": 0.6,
}  # fmt: skip
LONGEST_TAG = 150
"""Characters of a subject; what is longer is a sentence about the book."""
SHORTEST_STATUS = 3
"""Letters of a word for a status: "no" answers a header's question, and may be a tag."""
MOST = 500
"""Values of one kind that are read."""


def package(text: str, uri: str) -> LexborHTMLParser:
    """The tree of an OPF.

    Raises:
        ReadError: if it defines entities, as bombs do.
    """
    if _ENTITY.search(text):
        raise ReadError(uri, "its package document defines XML entities; convert the book anew")
    return parse(closed(_RENAMED.sub(r"<\1x-\2", text)), uri)


class Metadata:
    """What a package states; `rule` begins the rules of what is declared, `least` is how far it is trusted at least."""

    def __init__(self, tree: LexborHTMLParser, rule: str, least: float = 0.0) -> None:
        self.tree = tree
        self.rule = rule
        self.least = least
        self.refined = {
            ((node.attributes.get("refines") or "").lstrip("#"), node.attributes.get("property") or ""): inline(node)
            for node in tree.css("x-meta[refines]")[:MOST]
        }

    def declare(self, builder: DocumentBuilder, uri: str, *, subjects: bool = True) -> None:
        """Declare all of it; without `subjects` where the book's own pages say which is which."""
        for node in self._all("title")[:1]:
            self._one(builder, "title", inline(node), "title")
        for name in self._authors():
            self._one(builder, "authors", name, "creator")
        for node in self._all("language")[:1]:
            self._one(builder, "language", "" if inline(node).lower() == "und" else inline(node), "language")
        for node in self._all("description")[:1]:
            body = parse(node.text(deep=True) or "", uri).body
            self._one(builder, "summary", one_line(clean(lines_of(body)).text) if body else "", "description")
        for node in self._all("date"):
            self._date(builder, node)
        for value in map(inline, [*self._all("identifier"), *self._all("source")]):
            declare_address(builder, value, f"{self.rule}.identifier")
        for series in self._series():
            builder.declare("series", series, f"{self.rule}.series", 0.9)
        for subject in map(inline, self._all("subject") if subjects else ()):
            if status := status_of(subject):
                self._one(builder, "status", status, "subject")
            elif len(subject) <= LONGEST_TAG:
                self._one(builder, "tags", subject, "subject")
        self._columns(builder)

    def _all(self, name: str) -> list[LexborNode]:
        return self.tree.css(f"dc\\:{name}")[:MOST]

    def _one(self, builder: DocumentBuilder, field: str, value: str, name: str) -> None:
        """A value, unless it is what programs write that know nothing."""
        if value and bare(value) not in _nothing():
            builder.declare(field, value, f"{self.rule}.{name}", max(self.least, _CONFIDENCE[field]))

    def _authors(self) -> Iterator[str]:
        """Creators whose role is that of an author, or none."""
        for node in self._all("creator"):
            refined = self.refined.get((node.attributes.get("id") or "", "role"), "")
            if (node.attributes.get("opf:role") or refined or "aut").lower() == "aut":
                yield inline(node)

    def _date(self, builder: DocumentBuilder, node: LexborNode) -> None:
        """The day of publication, or of a change; calibre writes the year 101 for one that it does not know."""
        event = (node.attributes.get("opf:event") or "publication").lower()
        field = {"publication": "published", "modification": "updated"}.get(event)
        if field and (found := _DATE.match(inline(node))):
            self._one(builder, field, found.group(), "date")

    def _series(self) -> Iterator[Series]:
        """The series of calibre, and collections of EPUB 3 that are series or do not say what they are."""
        if name := self._calibre("series"):
            yield _placed(name, self._calibre("series_index"))
        for node in self.tree.css('x-meta[property="belongs-to-collection"]')[:MOST]:
            id_ = node.attributes.get("id") or ""
            if inline(node) and self.refined.get((id_, "collection-type"), "series") == "series":
                yield _placed(inline(node), self.refined.get((id_, "group-position"), ""))

    def _calibre(self, name: str) -> str:
        node = self.tree.css_first(f'x-meta[name="calibre:{name}"]')
        return (node.attributes.get("content") or "").strip() if node else ""

    def _columns(self, builder: DocumentBuilder) -> None:
        """The user's own columns in calibre whose name says which field they are."""
        for node in self.tree.css('x-meta[name^="calibre:user_metadata:#"]')[:MOST]:
            name = (node.attributes.get("name") or "").rpartition("#")[2].lower()
            if field := _field_of_column().get(name):
                for value in _column_values(node.attributes.get("content") or ""):
                    builder.declare(field, value, f"{self.rule}.column", 0.9)


def declare_address(builder: DocumentBuilder, value: str, rule: str) -> None:
    """The address that an identifier is or has in it, and the work's short id where it is that archive's."""
    url = _SCHEME.sub("", value)
    number = work_number(url) if HOME in url else None
    if found := _AO3_ID.match(value):
        number = found.group(1)
    if number:
        builder.declare("url", f"https://{HOME}/works/{number}", rule, 0.95)
        builder.declare("site_id", site_id(HOME, number), rule, 0.95)
    elif url.startswith(("http://", "https://")):
        builder.declare("url", url, rule, 0.9)


def status_of(said: str) -> str | None:
    """ "complete" or "in-progress", as a program's word for it says; None for any other word."""
    return _statuses().get(fold(said.strip()))


@cache
def _statuses() -> Mapping[str, str]:
    groups = tables("works")["status"]
    return {fold(form): status for status, forms in groups.items() for form in forms if len(form) >= SHORTEST_STATUS}


def _placed(name: str, place: str) -> Series:
    found = _PLACE.match(place.strip())
    return Series(name, int(found.group()) if found else None)


def _column_values(content: str) -> list[str]:
    """The values of a column as calibre keeps it: JSON with "#value#", a text or a list of them."""
    try:
        stated = json.loads(content)
    except (ValueError, RecursionError):
        return []
    value = stated.get("#value#") if isinstance(stated, dict) else None
    values = value if isinstance(value, list) else [value]
    return [text.strip() for text in values[:MOST] if isinstance(text, str) and text.strip()]


@cache
def _nothing() -> frozenset[str]:
    return frozenset(map(bare, (*phrases("generic")["unknown"], *tables("side_files")["noise"]["tags"])))


@cache
def _field_of_column() -> dict[str, str]:
    return {name: field for field, names in tables("side_files")["columns"].items() for name in names}
