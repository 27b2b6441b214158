"""What the head of any page states of its work: title, meta fields, canonical link, OpenGraph, JSON-LD.

Confidences are those of statements that nobody reads: below every line of the text that says the same. The
browser's title is the least of them, since it names the site too; schema.org's fields are filled for search engines
and mostly right; descriptions are as often the first words of the text.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterator
from datetime import date
from html import unescape
from typing import Any, TypeAlias

from selectolax.lexbor import LexborHTMLParser

from ..errors import AddressError
from ..text import one_line
from .addresses import canonical
from .blob import DocumentBuilder
from .encoding import clean
from .markup import inline
from .saved import original, saved_from

Node: TypeAlias = dict[str, Any]
"""An object of JSON-LD, as somebody else's program wrote it: any value may be of any type."""

LONGEST = 10_000
"""Characters of a value; what is longer is no field of a head."""
_METAS = (
    ('meta[name="author"]', "authors", "html.meta.author", 0.6),
    ('meta[name="dcterms.creator"]', "authors", "html.meta.dcterms.creator", 0.7),
    ('meta[property="og:title"]', "title", "html.og.title", 0.5),
    ('meta[property="og:description"]', "summary", "html.og.description", 0.3),
    ('meta[property="article:author"]', "authors", "html.og.author", 0.6),
    ('meta[property="article:published_time"]', "published", "html.og.published_time", 0.7),
    ('meta[property="og:url"]', "url", "html.og.url", 0.6),
)
_LINKED = (
    ("title", ("name", "headline"), "html.ld.name", 0.7),
    ("authors", ("author", "creator"), "html.ld.author", 0.7),
    ("published", ("datePublished",), "html.ld.datePublished", 0.75),
    ("updated", ("dateModified",), "html.ld.dateModified", 0.6),
    ("language", ("inLanguage",), "html.ld.inLanguage", 0.6),
    ("summary", ("description",), "html.ld.description", 0.4),
    ("url", ("url", "mainEntityOfPage"), "html.ld.url", 0.65),
)
"""Field, the properties that state it in the order asked, rule, confidence."""
_WORKS = frozenset(("Article", "BlogPosting", "Book", "CreativeWork", "ShortStory", "SocialMediaPosting"))
_MAKERS_OF_SITES = frozenset(("Organization", "Corporation", "WebSite"))
_ISO_DATE = re.compile(r"(\d{4})(-\d{2})?(-\d{2})?(?![\d-])")
_TAG = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*")


def declare_head(tree: LexborHTMLParser, builder: DocumentBuilder, base: str) -> None:
    """Declare what the head states; `base` is the page's URL, anything else for a saved page."""
    base = base if base.startswith(("http://", "https://")) else ""
    if title := inline(tree.css_first("title")):
        builder.declare("title", title, "html.title", 0.35)
    for selector, field, rule, confidence in _METAS:
        for meta in tree.css(selector):
            _declare(builder, field, meta.attributes.get("content"), rule, confidence, base)
    if link := tree.css_first('link[rel="canonical"]'):
        _declare(builder, "url", link.attributes.get("href"), "html.link.canonical", 0.7, base)
    nodes = [node for script in tree.css('script[type="application/ld+json"]') for node in _nodes(script.text())]
    if work := next((node for node in nodes if _types(node) & _WORKS), None):
        known = {node["@id"]: node for node in nodes if isinstance(node.get("@id"), str) and len(node) > 1}
        for field, properties, rule, confidence in _LINKED:
            stated = next((work[name] for name in properties if work.get(name)), None)
            for value in _strings(field, stated, known):
                _declare(builder, field, unescape(value), rule, confidence, base)


def declare_saved(data: bytes, builder: DocumentBuilder) -> None:
    """Declare the address that a browser saved a page's bytes from."""
    _declare(builder, "url", saved_from(data), "html.saved", 0.6, "")


def declare_some(tree: LexborHTMLParser, builder: DocumentBuilder, base: str, fields: Collection[str]) -> None:
    """Declare only some fields of what the head states: an engine's own elements say the others better."""
    everything = DocumentBuilder()
    declare_head(tree, everything, base)
    builder.declared += [claim for claim in everything.declared if claim.field in fields]


def _declare(builder: DocumentBuilder, field: str, stated: str | None, rule: str, confidence: float, base: str) -> None:
    if stated and len(stated) <= LONGEST and (value := _READERS[field](one_line(clean(stated).text), base)):
        builder.declare(field, value, rule, confidence)


def _text(stated: str, base: str) -> str:
    return stated


def _author(stated: str, base: str) -> str:
    """OpenGraph wants the address of a profile here; a name is what is wanted."""
    return "" if "://" in stated else stated


def _summary(stated: str, base: str) -> str:
    """What breaks off is the beginning of the text."""
    return "" if stated.endswith(("...", "…", "[…]", "[...]")) else stated


def _address(stated: str, base: str) -> str:
    try:
        return canonical(original(stated), base)
    except AddressError:
        return ""


def _date(stated: str, base: str) -> str:
    """YYYY, YYYY-MM or YYYY-MM-DD of a date as ISO 8601 writes it, in its own time zone."""
    found = _ISO_DATE.match(stated)
    if not found:
        return ""
    try:
        date.fromisoformat(f"{found.group(1)}{found.group(2) or '-01'}{found.group(3) or '-01'}")
    except ValueError:
        return ""
    return found.group()


def _language(stated: str, base: str) -> str:
    """A tag of BCP 47, as programs write it too."""
    return stated.replace("_", "-") if _TAG.fullmatch(stated) else ""


_READERS: dict[str, Callable[[str, str], str]] = {
    "title": _text,
    "authors": _author,
    "summary": _summary,
    "url": _address,
    "published": _date,
    "updated": _date,
    "language": _language,
}


def _nodes(text: str) -> Iterator[Node]:
    """The objects of a script, those of a @graph and the main entity of a page among them; none if it is no JSON."""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return
    for outer in data if isinstance(data, list) else [data]:
        graph = outer.get("@graph") if isinstance(outer, dict) else None
        for node in [outer, *(graph if isinstance(graph, list) else ())]:
            if isinstance(node, dict):
                yield node
                if isinstance(node.get("mainEntity"), dict):
                    yield node["mainEntity"]


def _types(node: Node) -> set[str]:
    """The schema.org names of a node's types."""
    stated = node.get("@type")
    types = stated if isinstance(stated, list) else [stated]
    return {re.split("[/:#]", name)[-1] for name in types if isinstance(name, str)}


def _strings(field: str, stated: object, known: dict[str, Node]) -> Iterator[str]:
    """The strings of a property: its value, each of a list, or what an object is called."""
    for value in stated if isinstance(stated, list) else [stated]:
        if isinstance(value, dict):
            value = _called(field, {**known.get(str(value.get("@id")), {}), **value})
        if isinstance(value, str):
            yield value


def _called(field: str, node: Node) -> object:
    """The string that stands for an object: a person's name, a language's tag, a page's address."""
    if field == "authors":
        return None if _types(node) & _MAKERS_OF_SITES else node.get("name")
    if field == "language":
        return node.get("alternateName")
    return node.get("@id") if field == "url" else None
