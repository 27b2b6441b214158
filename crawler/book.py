"""An opened EPUB: its package, its pages in reading order, and what its table of contents calls them."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import unquote

from selectolax.lexbor import LexborHTMLParser, LexborNode

from ..errors import ReadError
from ..lexicon import phrases
from ..text import bare
from .blob import Blob
from .bounds import Whole
from .encoding import decode
from .markup import closed, inline, parse
from .opf import package
from .readers.zip_ import member, open_zip

_PAGES = (".xhtml", ".html", ".htm", ".xml")
_MEDIA_TYPES = ("application/xhtml+xml", "text/html", "text/x-oeb1-document")
_DIGITS = re.compile(r"(\d+)")
_BEFORE_ALL = "META-INF/"
LARGEST = 128 << 20
"""Bytes of all that is read of a book; pictures are not."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page: its name in the archive, its text, and its title in the table of contents ("" without one)."""

    name: str
    text: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class _Item:
    name: str
    media_type: str
    properties: tuple[str, ...]


class Book:
    """An opened EPUB.

    Raises:
        ReadError: naming the book, if it is encrypted, or no archive.
        HostileContent: if its pages together are larger than any book.
    """

    def __init__(self, blob: Blob) -> None:
        self.blob = blob
        self.archive = open_zip(blob)
        self.whole = Whole(blob.uri, LARGEST)
        self.members = {info.filename: info for info in self.archive.infolist()}
        self._refuse_encrypted()
        path = self._package_path()
        self.folder = posixpath.dirname(path)
        self.package = package(self.text(path), blob.uri) if path else parse("", blob.uri)
        self.items = {i.attributes.get("id"): self._item(i) for i in self.package.css("x-item")}
        self.navigation = {item.name for item in self.items.values() if "nav" in item.properties} | {
            *self._guided_away()
        }

    def text(self, name: str) -> str:
        """A member's text; "" if there is none of this name."""
        if name not in self.members:
            return ""
        data = member(self.archive, self.members[name], f"{self.blob.uri}!/{name}")
        self.whole.add(len(data))
        return decode(data).text

    def _tree(self, name: str) -> LexborHTMLParser:
        return parse(closed(self.text(name)), self.blob.uri)

    def pages(self) -> Iterator[Page]:
        """The spine's pages in reading order; without a spine the manifest's, without that all, by name."""
        titles = self._titles()
        nothing = {
            bare(said) for said in (*phrases("epub")["no_headings"], *map(inline, self.package.css("dc\\:title")))
        }
        for name in self._spine() or self._manifest() or self._by_name():
            title = titles.get(name, "")
            yield Page(name, closed(self.text(name)), "" if bare(title) in nothing else title)

    def is_away(self, page: Page, tree: LexborHTMLParser) -> bool:
        """Whether a page is navigation, a cover, or an advertisement: no part of the story."""
        if page.name in self.navigation:
            return True
        away = frozenset(phrases("epub")["away"])
        outer = tree.css("body, body > section, body > div > section, body > nav")[:3]
        types = {word for node in outer for word in (node.attributes.get("epub:type") or "").lower().split()}
        classes = {word for node in outer[:1] for word in (node.attributes.get("class") or "").split()}
        return bool(types & away or classes & {*phrases("epub")["away_classes"]})

    def _guided_away(self) -> Iterator[str]:
        """Pages that the guide calls a cover or the like; a reference to a place in a page says nothing of the page."""
        for reference in self.package.css("guide reference"):
            href = reference.attributes.get("href") or ""
            if "#" not in href and (reference.attributes.get("type") or "").lower() in phrases("epub")["away"]:
                yield self._resolved(href)

    def _refuse_encrypted(self) -> None:
        fonts = frozenset(phrases("epub")["font_algorithms"])
        tree = self._tree(f"{_BEFORE_ALL}encryption.xml")
        methods = [
            (node.attributes.get("algorithm") or "", _cipher(node.parent))
            for node in tree.css("enc\\:EncryptionMethod, encryptionmethod, enc\\:encryptionmethod")
        ]
        if any(algorithm not in fonts and name.endswith((*_PAGES, ".opf", ".ncx")) for algorithm, name in methods):
            raise ReadError(self.blob.uri, "encrypted (DRM); ficdex reads books that their owner can open")

    def _package_path(self) -> str:
        """Where the container says that the package is, else the first one; "" if there is none."""
        container = self._tree(f"{_BEFORE_ALL}container.xml")
        stated = [unquote(node.attributes.get("full-path") or "") for node in container.css("rootfile")]
        found = (name for name in (*stated, *sorted(self.members)) if name in self.members and name.endswith(".opf"))
        return next(found, "")

    def _item(self, node: LexborNode) -> _Item:
        attributes = node.attributes
        return _Item(
            self._resolved(attributes.get("href") or ""),
            (attributes.get("media-type") or "").lower(),
            tuple((attributes.get("properties") or "").split()),
        )

    def _resolved(self, href: str) -> str:
        return posixpath.normpath(posixpath.join(self.folder, unquote(href.partition("#")[0])))

    def _spine(self) -> list[str]:
        found = [self.items.get(node.attributes.get("idref")) for node in self.package.css("x-itemref")]
        return [item.name for item in dict.fromkeys(found) if item and item.name in self.members]

    def _manifest(self) -> list[str]:
        found = [item.name for item in self.items.values() if item.media_type in _MEDIA_TYPES]
        return [name for name in dict.fromkeys(found) if name in self.members]

    def _by_name(self) -> list[str]:
        names = (name for name in self.members if name.lower().endswith(_PAGES) and not name.startswith(_BEFORE_ALL))
        return sorted(names, key=lambda name: [(int(p), "") if p.isdecimal() else (0, p) for p in _DIGITS.split(name)])

    def _titles(self) -> Mapping[str, str]:
        """What the table of contents (EPUB 3's page, or the NCX) calls each page."""
        found: dict[str, str] = {}
        for item in self.items.values():
            if "nav" in item.properties:
                tree = self._tree(item.name)
                entries = [(a.attributes.get("href") or "", inline(a)) for a in tree.css("nav ol a")]
            elif item.media_type == "application/x-dtbncx+xml":
                points = self._tree(item.name).css("navpoint, ncx\\:navpoint")
                entries = [(_href(point.css_first("[src]")), inline(point.css_first("text"))) for point in points]
            else:
                continue
            for href, title in entries:
                name = posixpath.normpath(posixpath.join(posixpath.dirname(item.name), unquote(href.partition("#")[0])))
                found.setdefault(name, title)
        return found if len(found) > 1 else {}


def _href(node: LexborNode | None) -> str:
    return (node.attributes.get("src") or "") if node else ""


def _cipher(data: LexborNode | None) -> str:
    """The name of the member that an EncryptedData element is about."""
    reference = data.css_first("enc\\:cipherreference, cipherreference") if data else None
    return unquote((reference.attributes.get("uri") or "").lower()) if reference else ""
