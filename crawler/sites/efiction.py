"""The eFiction engine, 2.x and 3.x: hundreds of small archives, in any skin.

Structure read off the engine's templates (default_tpls and skins of 3.5: viewstory, storyindex, printstory,
listings) and sources. A work is fetched in its printable form, which has all of it and mostly the default template.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import parse_qs

from selectolax.lexbor import LexborHTMLParser, LexborNode

from ...errors import NoStory, StandIn
from ...lexicon import tables
from ...model import Document
from ...text import fold
from ..blob import Blob, DocumentBuilder
from ..dates import day_first
from ..markup import inline
from . import Site, Target
from .efiction_boxes import Blurb, blurbs, entries
from .efiction_fields import declare_reviews, read_box
from .efiction_links import links
from .efiction_urls import directory, plain, target, target_of
from .efiction_work import add_title, heading, is_contents, read_work

MEDIA_TYPE = "text/html"
_STRUCTURE = "#pagetitle, #story, #archivedat, .listbox, .errortext, .errormsg, div.chaptertitle"
_LINKS = 'a[href*="viewstory.php?"], a[href*="viewuser.php?"], a[href*="browse.php?type="]'


def recognises(tree: LexborHTMLParser) -> bool:
    """The engine's elements and its scripts; an error page may have none but the first."""
    if not tree.css_first(_STRUCTURE):
        return False
    return bool(tree.css_first(_LINKS)) or bool(tree.css_first("#pagetitle") and tree.css_first(".errortext"))


def read(tree: LexborHTMLParser, blob: Blob, builder: DocumentBuilder) -> Iterator[Document]:
    """The work of a page, or the works that a listing describes.

    Raises:
        StandIn: where the page asks for consent or a login, or says that there is no such work.
        NoStory: if the page is the archive's and holds no work.
    """
    if of := heading(tree):
        has_text = read_work(tree, builder, of, blob.uri)
        if has_text or is_contents(tree):
            _declare_address(builder, tree.css("a[href]"), of.sid, blob.uri)
            yield replace(builder.build(blob, MEDIA_TYPE), kind="work" if has_text else "metadata")
            return
    elif described := blurbs(tree):
        yield from _read_listing(described, blob)
        return
    if error := tree.css_first(".errortext, .errormsg"):
        raise _barred(error, blob.uri)
    raise NoStory(blob.uri, "a page of the archive that holds no work and lists none")


def _read_listing(described: list[Blurb], blob: Blob) -> Iterator[Document]:
    """A Document of kind "metadata" for each blurb."""
    boxes = [entries(blurb.box) for blurb in described]
    days_lead = day_first(e.text for box in boxes for e in box if e.field in ("published", "updated"))
    for blurb, box in zip(described, boxes, strict=True):
        builder = DocumentBuilder()
        add_title(builder, inline(blurb.title), tuple(text for text, href in box[0].links if "viewuser.php" in href))
        declare_reviews(builder, (text for entry in box for text, href in entry.links if "reviews.php" in href))
        read_box(builder, box, days_lead)
        _declare_address(builder, [blurb.title], blurb.sid, blob.uri)
        document = builder.build(replace(blob, uri=f"{blob.uri}#work_{blurb.sid}"), MEDIA_TYPE)
        yield replace(document, kind="metadata")


def _declare_address(builder: DocumentBuilder, around: list[LexborNode], sid: str, uri: str) -> None:
    """The work's URL and number: of the page's own URL, or of a full link to the work on a saved page."""
    hrefs = (plain(link.attributes.get("href") or "") for link in around)
    found = _at(uri, sid) or next((t for href in hrefs if (t := _at(href, sid)) and t == target_of(href, href)), None)
    if found:
        number = found.canon.rpartition("=")[2]
        builder.declare("url", found.canon, "efiction.address")
        builder.declare("site_id", f"efiction:{directory(found.canon)}:{number}", "efiction.address")


def _at(url: str, sid: str) -> Target | None:
    """The work `sid` of the archive that `url` is a page of; `sid` "": the work that `url` names."""
    if not url.startswith(("http://", "https://")):
        return None
    found = target_of(f"viewstory.php?sid={sid}" if sid else url, url)
    return found if found and found.kind == "work" else None


def _barred(error: LexborNode, uri: str) -> StandIn:
    """What an error box in the place of a work means."""
    said = fold(inline(error))
    hrefs = [link.attributes.get("href") or "" for link in error.css("a[href]")]
    if consent := next((h for h in hrefs if "warning=" in h and "viewstory.php" in h), None):
        return StandIn(uri, "the archive asks for consent first", "gated_adult", _proceed(consent, uri))
    if any(fold(phrase) in said for phrase in tables("efiction")["gate"]["login"]):
        return StandIn(uri, "the work is for the archive's members; save it while logged in", "gated_login")
    if any(fold(phrase) in said for phrase in tables("efiction")["gate"]["gone"]):
        return StandIn(uri, "the archive says that there is no such work (deleted? not yet validated?)", "gone")
    return StandIn(uri, f"the archive shows an error: {inline(error)[:80]}", "retry")


def _proceed(href: str, uri: str) -> str | None:
    """The whole work behind a consent: the gate's link leads to its first chapter only, but its words open any page."""
    work = target_of(href, uri)
    if not work or not work.canon.startswith(("http://", "https://")):
        return None
    query = parse_qs(plain(href).partition("?")[2])
    given = {name: query.get(name, [""])[0] for name in ("ageconsent", "warning")}
    return "&".join((work.fetch, *(f"{n}={v}" for n, v in given.items() if v.isalnum() and v.isascii())))


SITE = Site("efiction", recognises, read, target=target, links=links)
