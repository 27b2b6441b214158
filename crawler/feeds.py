"""Feeds and sitemaps as lists of links: RSS 0.9x, 1.0 and 2.0, Atom 0.3 and 1.0, sitemaps and their indexes.

One pass over the parser's events, so that a feed costs no more memory than its links. Document types and
entities are refused (defusedxml); the one that Netscape's RSS 0.91 demands is cut out, since it declares nothing.
"""

from __future__ import annotations

import codecs
import re
import zlib
from collections.abc import Mapping
from datetime import date
from email.utils import parsedate_to_datetime
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from ..errors import AddressError, HostileContent, ReadError
from .addresses import canonical
from .encoding import codec
from .sites import Kind, Link

MOST_LINKS = 50_000
"""Links of one feed (sitemaps.org: a sitemap has no more)."""
LARGEST = 8 << 20
RATIO = 200
"""Bytes that a compressed sitemap inflates to at the most, in all and for each of its own (crawling.md)."""
RATIO_FLOOR = 1 << 20
"""What any may inflate to: the URLs of a small site repeat themselves."""
DEEPEST = 100
"""Levels of nesting; an XHTML page within an Atom entry has 30."""

_GZIP = b"\x1f\x8b"
_HEAD = 4_096
_CHUNK = 65_536
_ROOTS = frozenset(("rss", "rdf", "feed", "urlset", "sitemapindex"))
_ROOT = re.compile(
    rb"\s*(?:<\?[^>]*\?>\s*|<!--.*?-->\s*|<!DOCTYPE[^>\[]*>\s*)*<(?:[\w.-]+:)?(rss|RDF|feed|urlset|sitemapindex)[\s>]",
    re.DOTALL,
)
_RSS = re.compile(rb"http://(?:purl\.org/rss/|my\.netscape\.com/rdf/|channel\.netscape\.com/rdf/)")
"""RDF is much else besides RSS 0.90 and 1.0."""
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_DECLARED = re.compile(rb"<\?xml[^>]*?encoding\s*=\s*[\"']([\w.:-]+)[\"']")
_NO_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_NETSCAPE = re.compile(r"<!DOCTYPE\s+rss\s+PUBLIC\s+\"-//Netscape[^\"<>\[]*\"\s+\"[^\"<>\[]*\"\s*>")
_XML_BASE = "{http://www.w3.org/XML/1998/namespace}base"
_RDF_ABOUT = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"
_ITEMS = frozenset(("item", "entry", "url", "sitemap"))
_ADDRESSES = ("link", "loc", "guid", "about")
_DATES = ("updated", "modified", "lastmod", "pubdate", "date", "published", "issued")
"""What dates an item, in the order asked: its last change first."""
_FURTHER = frozenset(("next", "prev-archive"))
"""Relations of a feed to the pages that go on with it (RFC 5005)."""
_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def is_feed(data: bytes) -> bool:
    """Whether the beginning is that of a feed or sitemap, maybe compressed; nothing is parsed."""
    head = data[:_HEAD]
    if head.startswith(_GZIP):
        try:
            head = zlib.decompressobj(31).decompress(head, _HEAD)
        except zlib.error:
            return False
    for mark, _ in _MARKS:
        head = head.removeprefix(mark)
    head = head.replace(b"\0", b"")
    root = _ROOT.match(head)
    return root is not None and (root.group(1) != b"RDF" or bool(_RSS.search(head)))


def links(data: bytes, base: str) -> list[Link]:
    """What a feed or sitemap lists, in its order, each canonical URL once, with the day that it says it changed.

    `base` is the feed's absolute URL. The sitemaps of an index and the further pages of a feed are of kind
    "listing" and the same depth. Left out are items without an address that can be crawled, and what follows the
    first MOST_LINKS.

    Raises:
        ReadError: naming `base`, if it is no feed or its XML is malformed.
        HostileContent: if it declares entities, nests without end, or inflates beyond reason.
    """
    text = _text(_inflated(data, base) if data.startswith(_GZIP) else data)
    events = _Events(base)
    try:
        _parse(_NETSCAPE.sub("", text[:_HEAD], count=1) + text[_HEAD:], events)
    except DefusedXmlException as problem:
        raise HostileContent(base, "it declares a document type or entities; no feed needs them") from problem
    except ParseError as problem:
        raise ReadError(base, f"its XML is malformed ({problem}); name the pages that it lists one by one") from problem
    return list(events.found.values())


def _inflated(data: bytes, base: str) -> bytes:
    allowed = min(LARGEST, max(RATIO_FLOOR, RATIO * len(data)))
    inflater = zlib.decompressobj(31)
    try:
        inflated = inflater.decompress(data, allowed + 1)
    except zlib.error as problem:
        raise ReadError(base, f"its compression is damaged ({problem}); try it again later") from problem
    if len(inflated) > allowed:
        raise HostileContent(base, f"inflates to more than {allowed >> 20} MB; name the pages that it lists one by one")
    if not inflater.eof:
        raise ReadError(base, "it is cut off; try it again later")
    return inflated


def _text(data: bytes) -> str:
    """By its byte order mark, else as UTF-8 if it is that, else as it declares, else as windows-1252."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _NO_XML.sub("", data.decode(encoding, "replace"))
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        declared = _DECLARED.match(data)
        known = codec(declared.group(1).decode("ascii")) if declared else None
        text = data.decode(known or "cp1252", "replace")
    return _NO_XML.sub("", text)


def _parse(text: str, events: _Events) -> None:
    parser = DefusedXMLParser(target=events, forbid_dtd=True)
    for start in range(0, len(text), _CHUNK):
        parser.feed(text[start : start + _CHUNK])
        if len(events.found) >= MOST_LINKS:
            return
    parser.close()


class _Events:
    """What the parser tells; `found` maps canonical URLs to their Links."""

    def __init__(self, base: str) -> None:
        self.url = base
        self.found: dict[str, Link] = {}
        self._bases = [base]
        """What relative URLs start from: one for the document, and one for each element that is open."""
        self._item: dict[str, str] | None = None
        self._item_depth = 0
        self._text: list[str] | None = None

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        depth, name = len(self._bases), _local(tag)
        if depth > DEEPEST:
            raise HostileContent(self.url, f"its elements nest more than {DEEPEST} deep; no feed does")
        if depth == 1 and name not in _ROOTS:
            raise ReadError(self.url, f"it is no feed or sitemap, but <{name[:40]}>")
        self._bases.append(self._absolute(attributes.get(_XML_BASE, "")) or self._bases[-1])
        if self._item is None:
            self._outside(name, depth, attributes)
        elif depth == self._item_depth + 1:
            self._inside(self._item, name, attributes)

    def data(self, text: str) -> None:
        if self._text is not None:
            self._text.append(text)

    def end(self, tag: str) -> None:
        if self._item is not None and self._text is not None:
            self._keep(self._item, _local(tag), "".join(self._text).strip())
        self._text = None
        self._bases.pop()
        if self._item is not None and len(self._bases) == self._item_depth:
            self._add(self._item, _local(tag) == "sitemap")
            self._item = None

    def close(self) -> None:
        """The document is whole."""

    def _outside(self, name: str, depth: int, attributes: Mapping[str, str]) -> None:
        if name in _ITEMS:
            self._item, self._item_depth = {}, depth
            self._keep(self._item, "about", attributes.get(_RDF_ABOUT, ""))
        elif name == "link" and attributes.get("rel") in _FURTHER:
            self._add({"link": self._absolute(attributes.get("href", ""))}, further=True)

    def _inside(self, item: dict[str, str], name: str, attributes: Mapping[str, str]) -> None:
        """A child of an item: an Atom link is an attribute, all else is text."""
        if name == "link" and "href" in attributes:
            if attributes.get("rel", "alternate") == "alternate":
                self._keep(item, name, attributes["href"])
        elif name in _DATES or (name in _ADDRESSES and attributes.get("isPermaLink", "true") == "true"):
            self._text = []

    def _keep(self, item: dict[str, str], name: str, value: str) -> None:
        """The first value of a name; an address is made absolute while its base is known."""
        if name == "guid" and "://" not in value:
            return
        if value := self._absolute(value) if name in _ADDRESSES else value:
            item.setdefault(name, value)

    def _absolute(self, url: str) -> str:
        """The canonical form; "" for none, and for what cannot be crawled."""
        try:
            return canonical(url, self._bases[-1]) if url.strip() else ""
        except AddressError:
            return ""

    def _add(self, item: Mapping[str, str], further: bool) -> None:
        url = next((item[name] for name in _ADDRESSES if name in item), "")
        if url and len(self.found) < MOST_LINKS:
            kind: Kind = "listing" if further else "page"
            updated = next((day for name in _DATES if (day := _day(item.get(name, "")))), None)
            self.found.setdefault(url, Link(url, kind, updated, same_depth=further))


def _local(tag: str) -> str:
    return tag.rpartition("}")[2].lower()


def _day(stated: str) -> str | None:
    """YYYY-MM-DD of a date as Atom (RFC 3339), a sitemap (W3C) or RSS (RFC 822) writes it, in its own time zone."""
    try:
        if iso := _ISO_DAY.match(stated):
            return date.fromisoformat(iso.group()).isoformat()
        return parsedate_to_datetime(stated[:100]).date().isoformat()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
