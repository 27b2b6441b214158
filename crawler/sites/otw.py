"""The OTW archive's engine (AO3, SquidgeWorld, AdAstra, ...): downloads, saved and fetched pages, listings.

Structure read off real downloads and pages of 2012 to 2023: `#preface` with `dl.tags`, `#chapters` with a
`.meta.group` a chapter and `div.userstuff`, `#afterword`; on work pages `dl.work.meta`, `#chapter-N`,
`div.preface`; in listings `li.work.blurb`; in chapter indexes `ol.chapter.index`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser

from ...errors import NoStory
from ...model import Document
from ..blob import Blob, DocumentBuilder
from . import Link, Site
from .otw_fields import own
from .otw_gates import adult_gate, barred, is_notice
from .otw_listing import BLURBS, MEDIA_TYPE, listing_links, read_listing
from .otw_urls import archives, origin, resolved, target, work_number
from .otw_work import TAGS, index_days, read_download, read_index, read_page

__all__ = ["SITE", "TAGS", "links", "read", "read_download", "recognises"]

DELAY = 5.0
"""Seconds between requests; AO3 answers 429 beyond 300 in 300 s, and field reports call 20 a minute safe."""
_WORK = "dl.work.meta"
_INDEX = '#main ol.chapter.index a[href*="/chapters/"]'
_LAYOUT = (
    "#outer #inner #main.region",
    "body.logged-out #outer.wrapper #main",
    '#outer #header a[href="/media"]',
    '#header ul.primary.navigation a[href="/media"]',
)
"""What every page of the engine has around its content, those of errors too."""


def recognises(tree: LexborHTMLParser) -> bool:
    """A download, a page or a listing of the archive, or one of its gates."""
    if tree.css_first(f"#preface {TAGS}, {_WORK}, {BLURBS}, {_INDEX}"):
        return True
    return any(tree.css_first(selector) for selector in _LAYOUT) or is_notice(tree)


def read(tree: LexborHTMLParser, blob: Blob, builder: DocumentBuilder) -> Iterator[Document]:
    """The work of a page, or the works that a listing describes.

    Raises:
        StandIn: saying which gate or error the page is.
        NoStory: if it is another page of the archive.
    """
    if tree.css_first(f"#preface {TAGS}"):
        read_download(tree, builder)
    elif own(tree.css(_WORK)):
        read_page(tree, blob.uri, builder)
    elif gate := adult_gate(tree, blob.uri):
        raise gate
    elif tree.css_first(BLURBS):
        yield from _listing(tree, blob)
        return
    elif tree.css_first(_INDEX):
        read_index(tree, blob.uri, builder)
        yield replace(builder.build(blob, MEDIA_TYPE), kind="metadata")
        return
    else:
        raise barred(tree, blob.uri)
    yield builder.build(blob, MEDIA_TYPE)


def _listing(tree: LexborHTMLParser, blob: Blob) -> Iterator[Document]:
    host = urlsplit(origin(blob.uri, tree)).netloc
    found = False
    for document in read_listing(tree, host, blob):
        found = True
        yield document
    if not found:
        raise NoStory(blob.uri, "a listing without a work of this archive: series, or works elsewhere")


def links(tree: LexborHTMLParser, base: str) -> Iterator[Link]:
    """Works and the next page of a listing; the whole work from a page of one chapter, or from a chapter index."""
    if tree.css_first(f"#preface {TAGS}") or adult_gate(tree, base):
        return
    if own(tree.css(_WORK)):
        for link in own(tree.css('li.chapter.entire a[href*="view_full_work"]'))[:1]:
            if url := resolved(base, link.attributes.get("href")):
                yield Link(url, "work", same_depth=True)
    elif tree.css_first(BLURBS):
        yield from listing_links(tree, base)
    elif tree.css_first(_INDEX):
        yield from _indexed(tree, base)


def _indexed(tree: LexborHTMLParser, base: str) -> Iterator[Link]:
    link = tree.css_first('#main h2.heading a[href*="/works/"]')
    url = resolved(base, link.attributes.get("href")) if link else None
    if url and work_number(url):
        yield Link(url, "work", max(index_days(tree), default=None), same_depth=True)


SITE = Site("otw", recognises, read, tuple(archives()), DELAY, target, links)
