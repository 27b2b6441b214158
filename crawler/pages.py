"""What an answer holds: works, links, or a page in the place of a work. Pure: bytes in, a Page out."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import Literal
from urllib.parse import unquote, urlsplit

from ..errors import AddressError, ReadError, StandIn
from ..model import Document
from . import feeds, generic, robots
from .addresses import authority, resolve
from .blob import Blob
from .fetcher import Response
from .importer import documents
from .readers import html, text
from .sites import Link, Site

_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:+-]+)", re.IGNORECASE)

SIGNALS = 1000
"""Characters of Content-Usage that are kept, as many as of robots.txt."""

Meaning = Literal["done", "noindex", "gone", "gated_login", "gated_adult", "blocked", "retry", "failed"]


@dataclass(frozen=True, slots=True)
class Page:
    """What a page means for the crawl, and what it holds.

    `site` names the engine that read it ("generic" for none), `reason` says why there is nothing, `proceed` is
    the way through an adult gate, `signals` what the site says on the use by AI, as stated.
    """

    meaning: Meaning
    documents: tuple[Document, ...] = ()
    links: tuple[Link, ...] = ()
    site: str = "generic"
    reason: str = ""
    proceed: str | None = None
    signals: str | None = None


def read_page(canon: str, response: Response, retrieved: str) -> Page:
    """The page at `canon`, as it was answered at `retrieved` (ISO date and time); never raises for what is in it."""
    signals = response.headers.get("content-usage", "")[:SIGNALS] or None
    if asks_not_to_be_found(response):
        return Page("noindex", reason="the answer's X-Robots-Tag asks not to be indexed", signals=signals)
    blob = _blob(canon, response, retrieved)
    try:
        if feeds.is_feed(blob.data):
            return Page("done", links=tuple(feeds.links(blob.data, response.url)), site="feed", signals=signals)
        page = _html(blob, response.url) if html.sniff(blob) else _file(blob)
    except ReadError as problem:
        page = Page("failed", reason=problem.reason)
    return replace(page, signals=signals)


def asks_not_to_be_found(response: Response) -> bool:
    """Whether the head of an answer says `noindex`; what the page says is not looked at."""
    words = response.headers.get("x-robots-tag", "").split(",")  # several headers come as one: each word by itself
    return robots.forbids_index(words, robots.AGENT)


def _blob(canon: str, response: Response, retrieved: str) -> Blob:
    declared = response.headers.get("content-type", "")
    charset = _CHARSET.search(declared)
    return Blob(
        uri=canon,
        data=response.body,
        name=PurePosixPath(unquote(urlsplit(canon).path)).name,
        retrieved=retrieved,
        media_type=declared.partition(";")[0].strip().lower() or None,
        charset=charset.group(1) if charset else None,
    )


def _html(blob: Blob, base: str) -> Page:
    """A page by its site's parser, or by what can be said of any page."""
    opened = html.opened(blob)
    tree, site = opened.tree, opened.site
    name = site.name if site else "generic"
    words = list(html.robots_words(tree))
    followed = not any("nofollow" in word.lower() for word in words)
    if robots.forbids_index(words, robots.AGENT):
        links = tuple((site.links if site else generic.links)(tree, base)) if followed else ()
        return Page("noindex", links=links, site=name, reason="the page asks not to be indexed")
    page = _engine(site, opened, blob, base) if site else _unknown(opened, blob, base)
    return page if followed else replace(page, links=())


def _engine(site: Site, opened: html.Page, blob: Blob, base: str) -> Page:
    """A page of a known engine."""
    links = tuple(site.links(opened.tree, base))
    try:
        works = tuple(html.works_of(opened, blob))
    except StandIn as bar:
        return Page(bar.state, links=links, site=site.name, reason=bar.reason, proceed=bar.proceed)
    except ReadError as problem:
        return Page("done" if links else "failed", links=links, site=site.name, reason=problem.reason)
    found = tuple(_addressed(work, blob.uri) for work in works)
    return Page("done", found, links, site.name, "" if works or links else "no story in it")


def _unknown(opened: html.Page, blob: Blob, base: str) -> Page:
    """Any other page: a story, an index, or something in the place of one."""
    try:
        works, reason = tuple(html.works_of(opened, blob)), "no story in it"
    except ReadError as problem:
        works, reason = (), problem.reason
    text = works[0].text if works else ""
    if barred := generic.stand_in(opened.tree, text):
        return Page(barred[0], reason=barred[1])
    links = tuple(generic.links(opened.tree, base, text))
    stories = tuple(work for work in works if generic.holds_story(work))
    meaning: Meaning = "done" if works or links else "failed"
    return Page(meaning, stories, links, reason="" if stories or links else reason)


def _file(blob: Blob) -> Page:
    """A story in another format: plain text, an e-book, an archive."""
    found = list(documents(blob))
    read = [item for item in found if isinstance(item, Document)]
    works = tuple(work for work in read if work.source.media_type != text.MEDIA_TYPE or generic.holds_story(work))
    problems = [item.reason for item in found if isinstance(item, ReadError)]
    reason = "; ".join(problems) or ("" if works else "no story in it")
    return Page("done" if works or not problems else "failed", works, site="file", reason=reason)


def _addressed(work: Document, page: str) -> Document:
    """A work known from the listing at `page` goes by its own address, so that its page brings it up to date.

    Only if that is on the listing's host: what another one says of a work is no statement of its own site. Engines
    state https of hosts that they do not know; the work is where the listing is.
    """
    if work.kind != "metadata":
        return work
    stated = next((str(e.value) for e in work.declared if e.field == "url"), "")
    try:
        uri = resolve(stated).canon
    except AddressError:
        return work
    if authority(uri) != authority(page):
        return work
    uri = urlsplit(uri)._replace(scheme=urlsplit(page).scheme).geturl()
    return replace(work, source=replace(work.source, uri=uri, origin=uri))
