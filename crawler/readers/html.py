"""Saved pages: of a known site engine, or any page by what surrounds its text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode

from ...lexicon import phrases
from ...model import Document
from ..blob import Blob, DocumentBuilder, stating_usage
from ..encoding import decode
from ..head import declare_head
from ..markup import add_markup, inline, parse
from ..robots import AGENT, forbids_index
from ..sites import Site, sites
from . import Reader

MEDIA_TYPE = "text/html"
_OPENING = re.compile(
    rb"<!doctype\s+html|<html[\s>]|<head[\s>]|<body[\s>]|<\?xml[^>]*>\s*<html|<!--StartFragment",
    re.IGNORECASE,
)
_TAGS = re.compile(rb"</?(?:p|br|div|b|i|center|font|table|hr|h[1-6]|a)\b[^<>]*>", re.IGNORECASE)
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
_NAME_PART = re.compile(r"[a-z]+")


def sniff(blob: Blob) -> float:
    """A document element is proof; a text full of tags is nearly that."""
    head = blob.data[:8192].replace(b"\0", b"")
    if _OPENING.search(head[:2048]):
        return 0.9
    return 0.6 if len(_TAGS.findall(head)) > 8 else 0.0


def read(blob: Blob) -> Iterator[Document]:
    """The works of a page: one, or each blurb of a listing."""
    yield from works_of(opened(blob), blob)


@dataclass(frozen=True, slots=True)
class Page:
    """A parsed page, the engine that made it (None: no known one), and how its bytes were decoded."""

    tree: LexborHTMLParser
    site: Site | None
    repairs: tuple[str, ...]


def opened(blob: Blob) -> Page:
    """A page's tree; what the server said of its charset goes before what the page says."""
    charset = _CHARSET.search(blob.data[:4096])
    decoded = decode(blob.data, blob.charset, charset.group(1).decode("ascii") if charset else None)
    tree = parse(decoded.text, blob.uri)
    return Page(tree, next((site for site in sites() if site.recognises(tree)), None), decoded.repairs)


def works_of(page: Page, blob: Blob) -> Iterator[Document]:
    """The works of a page that was opened."""
    builder = DocumentBuilder(repairs=list(page.repairs))
    found = (page.site.read if page.site else any_page)(page.tree, blob, builder)
    if forbids_index(robots_words(page.tree), AGENT):
        found = (stating_usage(work, "noindex", "html.meta.robots") for work in found)
    yield from found


def robots_words(tree: LexborHTMLParser) -> Iterator[str]:
    """The contents of robots metas, those for one program alone with its name in front."""
    for meta in tree.css("meta[name][content]"):
        name = (meta.attributes.get("name") or "").lower()
        if name in ("robots", AGENT):
            yield ("" if name == "robots" else f"{name}: ") + (meta.attributes.get("content") or "")


def any_page(tree: LexborHTMLParser, blob: Blob, builder: DocumentBuilder) -> Iterator[Document]:
    """A page of no known engine: all of its text but what surrounds the work."""
    declare_head(tree, builder, blob.uri)
    if tree.body:
        add_markup(builder, tree.body, skip=Surroundings(tree))
    yield builder.build(blob, MEDIA_TYPE)


class Surroundings:
    """What on a page is the site's or the readers', and no part of the work; made once a page."""

    MENU_LINKS = range(2, 201)
    MENU_LETTERS = 2_000
    NESTING = 40

    def __init__(self, tree: LexborHTMLParser) -> None:
        self.links: Counter[int] = Counter()
        self.linked: Counter[int] = Counter()
        for link in tree.css("a[href]"):
            letters = _letters(link)
            above = link.parent
            for _ in range(self.NESTING):
                if above is None:
                    break
                self.links[above.mem_id] += 1
                self.linked[above.mem_id] += letters
                above = above.parent

    def __call__(self, node: LexborNode) -> bool:
        tag, attributes = node.tag, node.attributes
        if tag in ("body", "html"):
            return False
        if (attributes.get("id") or "").lower() in ("header", "masthead", "footer"):
            return True
        if tag in ("header", "footer", "aside") and node.parent and node.parent.tag == "body":
            return True
        names = f"{attributes.get('class') or ''} {attributes.get('id') or ''}".lower().split()
        if names and (_is(names, "away") or _is(names, "comments")):
            return True
        if tag in ("ol", "ul") and "notes" in names:
            return True
        return tag in ("div", "td", "ul", "table", "p", "ol", "center") and self._only_links(node)

    def _only_links(self, node: LexborNode) -> bool:
        """Two links and more, and hardly a letter outside them: a menu."""
        if self.links[node.mem_id] not in self.MENU_LINKS or self.linked[node.mem_id] > self.MENU_LETTERS:
            return False
        return self.linked[node.mem_id] > 0.75 * _letters(node)


def _letters(node: LexborNode) -> int:
    return sum(map(str.isalnum, inline(node)))


def _is(names: list[str], group: str) -> bool:
    known = phrases("chrome")[group]
    return any(name in known or _first_part(name) in known for name in names)


def _first_part(name: str) -> str | None:
    """The part of a class or id that may decide: "comment" of "comment-depth-1"."""
    found = _NAME_PART.match(name)
    return found.group() if found else None


READER = Reader("html", sniff, read)
