"""Where an archive's page leads: works and listings of the same archive, and nothing else.

An overview of everything (all titles, all authors) is followed from pages that are overviews themselves, a home page
first of all; from a listing or a work only what belongs to it: its further pages, its author, series and categories.
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from ...lexicon import tables
from ..dates import day_first, iso_date
from . import Link, Target
from .efiction_boxes import STORY, Blurb, blurbs, entries
from .efiction_urls import directory, specific, target, target_of, without_offset
from .efiction_work import heading


def links(tree: LexborHTMLParser, base: str) -> Iterator[Link]:
    """The works and further listings that a page leads to; `base` is its absolute URL."""
    page = target(urlsplit(base))
    of_a_work = heading(tree) is not None
    described = [] if of_a_work else blurbs(tree)
    overview = not described and not of_a_work and not (page and specific(page.canon))
    seen = {page.canon} if page else set()
    works = _described(described, base) if described else _linked(tree, base, overview=overview)
    for link in (*works, *_listings(tree, base, page, overview=overview)):
        if link.url not in seen:
            seen.add(link.url)
            yield link


def _targets(nodes: list[LexborNode], base: str) -> Iterator[Target]:
    """What links lead to, within the archive."""
    archive = directory(base)
    for node in nodes:
        if "nofollow" in (node.attributes.get("rel") or "").lower():
            continue
        found = target_of(node.attributes.get("href") or "", base)
        if found and directory(found.canon) == archive:
            yield found


def _described(found: list[Blurb], base: str) -> Iterator[Link]:
    """The works of a listing, each with the day that it says it changed."""
    dates = {b.sid: next((e.text for e in entries(b.box) if e.field == "updated"), "") for b in found}
    days_lead = day_first(dates.values())
    for blurb in found:
        for work in _targets([blurb.title], base):
            day = iso_date(dates[blurb.sid], days_lead)
            yield Link(work.canon, "work", day if day and len(day) == 10 else None)


def _linked(tree: LexborHTMLParser, base: str, *, overview: bool) -> Iterator[Link]:
    """Works that an overview links to, or that a work's own words do: its prequel, its translation."""
    within = "a[href]" if overview else ", ".join(f"{part} a[href]" for part in STORY.split(", "))
    for work in _targets(tree.css(within), base):
        if work.kind == "work":
            yield Link(work.canon, "work")


def _listings(tree: LexborHTMLParser, base: str, page: Target | None, *, overview: bool) -> Iterator[Link]:
    first = without_offset(page.canon) if page else None
    for listing in _targets(tree.css("a[href]"), base):
        if listing.kind != "listing":
            continue
        further = without_offset(listing.canon) == first
        if further or (not _again(listing.canon) and (overview or specific(listing.canon))):
            yield Link(listing.canon, "listing", same_depth=further)


def _again(canon: str) -> bool:
    """Listings by character, class or rating: the works of the categories once more."""
    kinds = parse_qs(urlsplit(canon).query).get("type", [])
    return any(kind in tables("efiction")["address"]["again"] for kind in kinds)
