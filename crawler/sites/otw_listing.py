"""Listings of the OTW archive: of a tag, a user, a series, a collection, bookmarks; a blurb is a work."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache

from selectolax.lexbor import LexborHTMLParser, LexborNode

from ...lexicon import tables
from ...model import Document, Role
from ...text import fold
from ..blob import Blob, DocumentBuilder
from ..markup import inline
from . import Link
from .otw_fields import (
    ancestors,
    byline_behind,
    classes,
    declare_address,
    declare_authors,
    declare_language,
    declare_list,
    declare_series,
    declare_stats,
    declare_summary,
    declare_title,
    key_of,
    own,
)
from .otw_urls import resolved, work_number

MEDIA_TYPE = "text/html"
BLURBS = "li.work.blurb, li.bookmark.blurb"
_LABELS = ("fandoms", "rating", "warnings", "categories", "relationships", "characters", "tags")
"""Lists of a blurb in the order of a work page."""
_DAY = re.compile(r"(?P<day>[0-9]{1,2})\s+(?P<month>[^\W\d]+)\.?\s+(?P<year>[0-9]{4})")
_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TOUCHED = re.compile(r"updated_at=([0-9]{1,11})")


class Blurb:
    """A work's entry of a listing; `number` is its id. Made by `blurbs`."""

    def __init__(self, node: LexborNode, link: LexborNode, number: str) -> None:
        self.node = node
        self.link = link
        self.number = number

    def css(self, selector: str) -> list[LexborNode]:
        """The archive's own elements of the work: not those of a bookmark on it, nor of its summary."""
        bookmark = {n.mem_id for box in self.node.css("div.user.module") for n in box.css(selector)}
        return [n for n in own(self.node.css(selector)) if n.mem_id not in bookmark]

    def first(self, selector: str) -> LexborNode | None:
        return next(iter(self.css(selector)), None)

    @property
    def restricted(self) -> bool:
        """Whether only registered users may read the work."""
        return bool(self.css('h4 img[alt="(Restricted)"], h4 img[title="Restricted"]'))

    def updated(self) -> tuple[str, str] | None:
        """(as shown, ISO date) of the last change: the date in sight, else the second in a comment."""
        shown = inline(self.first("p.datetime"))
        if iso := _iso(shown):
            return shown, iso
        touched = _TOUCHED.search(self.node.html or "")
        if not touched:
            return None
        day = datetime.fromtimestamp(int(touched.group(1)), UTC)
        return "", day.date().isoformat()


def blurbs(tree: LexborHTMLParser) -> Iterator[Blurb]:
    """The entries of a listing that are works of the archive: neither series nor works elsewhere, nor deleted ones."""
    for node in own(tree.css(BLURBS)):
        if any("blurb" in classes(above) for above in ancestors(node)):
            continue
        for link in node.css('h4.heading a[href*="/works/"]')[:1]:
            if number := work_number(link.attributes.get("href") or ""):
                yield Blurb(node, link, number)


def read_listing(tree: LexborHTMLParser, host: str, blob: Blob) -> Iterator[Document]:
    """A Document of kind "metadata" for each work, its source "listing.html#work_123"."""
    seen: set[str] = set()
    for blurb in blurbs(tree):
        if blurb.number in seen:
            continue
        seen.add(blurb.number)
        builder = DocumentBuilder()
        _declare(builder, blurb, host)
        document = builder.build(replace(blob, uri=f"{blob.uri}#work_{blurb.number}"), MEDIA_TYPE)
        yield replace(document, kind="metadata")


def _declare(builder: DocumentBuilder, blurb: Blurb, host: str) -> None:
    declare_title(builder, inline(blurb.link))
    declare_authors(builder, blurb.css('h4.heading a[rel="author"]'), byline_behind(blurb.link))
    declare_address(builder, host, blurb.number)
    for field, values in _lists(blurb).items():
        declare_list(builder, field.capitalize(), field, values)
    if updated := blurb.updated():
        shown, iso = updated
        span = builder.add(f"Updated: {shown}", role=Role.HEADER, rule="otw.updated", end="\n") if shown else None
        builder.declare("updated", iso, "otw.updated", span=builder.locate(shown, span))
    for entry in blurb.css("ul.series li"):
        declare_series(builder, entry)
    if summary := blurb.first("blockquote.summary"):
        declare_summary(builder, summary)
    if stats := blurb.first("dl.stats"):
        span = declare_stats(builder, stats)
        if language := blurb.first("dd.language"):
            name = inline(language)
            declare_language(builder, name, language, builder.locate(name, span))
    _finished(builder, blurb)


def _lists(blurb: Blurb) -> dict[str, list[str]]:
    """Record key -> tags as they stand; what the tags leave out is taken from the icons."""
    found: dict[str, list[str]] = {field: [] for field in _LABELS}
    found["fandoms"] = [inline(a) for a in blurb.css("h5.fandoms a.tag")]
    for item in blurb.css("ul.tags li"):
        field = key_of(*classes(item))
        if field in found:
            found[field] += [inline(a) for a in item.css("a.tag")]
    for icon in blurb.css("ul.required-tags span[class]"):
        field = key_of(*classes(icon))
        if field in ("rating", "warnings", "categories") and not found[field] and "category-none" not in classes(icon):
            said = inline(icon)
            found[field] = [said] if field == "rating" else said.split(", ")
    return {field: kept for field, values in found.items() if (kept := [v for v in values if v])}


def _finished(builder: DocumentBuilder, blurb: Blurb) -> None:
    """The icon that says whether the work is complete: it agrees with the chapters, where those are shown."""
    icon = classes(node) if (node := blurb.first("ul.required-tags span.iswip")) else []
    for status, name in (("complete", "complete-yes"), ("in-progress", "complete-no")):
        if name in icon:
            builder.declare("status", status, "otw.icon", 0.98)


def _iso(text: str) -> str | None:
    """ "15 Feb 2021" as an ISO date."""
    if found := _ISO.search(text):
        return found.group()
    day = _DAY.search(text)
    month = _months().get(fold(day["month"])) if day else None
    return f"{day['year']}-{month:02}-{int(day['day']):02}" if day and month else None


@cache
def _months() -> dict[str, int]:
    return {fold(form): int(number) for number, forms in tables("works")["month"].items() for form in forms}


def listing_links(tree: LexborHTMLParser, base: str) -> Iterator[Link]:
    """The works of a listing that anybody may read, and its next page."""
    found = [(b, resolved(base, f"/works/{b.number}")) for b in blurbs(tree) if not b.restricted]
    seen: set[str] = set()
    for blurb, url in found:
        if url and url not in seen:
            seen.add(url)
            updated = blurb.updated()
            yield Link(url, "work", updated[1] if updated else None)
    for link in own(tree.css('.pagination a[rel="next"]'))[-1:]:
        if url := resolved(base, link.attributes.get("href")):
            yield Link(url, "listing", same_depth=True)
