"""Saved pages: of a known site engine, or any page by what surrounds its text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser

from ...errors import NoStory
from ...model import Document
from ..blob import Blob, DocumentBuilder, stating_usage
from ..bylines import declare_byline
from ..encoding import decode
from ..head import declare_head, declare_saved
from ..markup import add_markup, parse
from ..robots import AGENT, forbids_index
from ..sites import Site, sites
from ..surroundings import Surroundings
from . import Reader

MEDIA_TYPE = "text/html"
_OPENING = re.compile(
    rb"<!doctype\s+html|<html[\s>]|<head[\s>]|<body[\s>]|<\?xml[^>]*>\s*<html|<!--StartFragment",
    re.IGNORECASE,
)
_TAGS = re.compile(rb"</?(?:p|br|div|b|i|center|font|table|hr|h[1-6]|a)\b[^<>]*>", re.IGNORECASE)
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)


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
    declare_saved(blob.data, builder)
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
    """A page of no known engine: all of its text but what surrounds the work.

    Raises:
        NoStory: if there is no text, or a set of frames that has it elsewhere.
    """
    declare_head(tree, builder, blob.uri)
    declare_byline(tree, builder)
    if tree.body:
        add_markup(builder, tree.body, skip=Surroundings(tree))
    if not builder.blocks and tree.css_first("frameset, frame"):
        raise NoStory(blob.uri, "a set of frames; save the page in the frame that shows the story")
    yield builder.build(blob, MEDIA_TYPE)


READER = Reader("html", sniff, read)
