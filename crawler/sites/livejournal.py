"""The LiveJournal engine (LiveJournal, Dreamwidth, InsaneJournal, ...): saved pages of an entry, in any journal style.

Structure read off the engine's layouts (S1's talkread, S2's core and thirty styles, the site's own views of 2012 and
2017). What a page says of an entry stands around its text; livejournal_entry.py finds it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from selectolax.lexbor import LexborHTMLParser

from ...errors import NoStory, StandIn
from ...lexicon import tables
from ...model import Document, Layout, Role
from ...text import count_words, fold
from .. import generic
from ..blob import Blob, DocumentBuilder
from ..head import declare_some
from ..markup import inline
from . import Site
from .elements import any_of
from .header_lines import header_lines, places
from .livejournal_entry import ENGINE, Entry, entries

MEDIA_TYPE = "text/html"
NOTICE = 400
"""Words of a page that stands in the place of an entry; a story that quotes one is longer."""
POSTER = 0.6
"""Of an entry's poster as its author: people post what others wrote, and the text mostly says who did."""
SUBJECT = 0.75
"""Of an entry's subject as the title: it says fandom, pairing and rating too."""


def recognises(tree: LexborHTMLParser) -> bool:
    """Elements or addresses that only this engine has, and an entry's text, a gate or an error."""
    if tree.css_first(any_of(ENGINE, "others")):
        return False
    if tree.css_first(any_of(ENGINE, "adult")):
        return True
    return bool(tree.css_first(any_of(ENGINE, "marks"))) and bool(entries(tree) or _barred(tree, ""))


def read(tree: LexborHTMLParser, blob: Blob, builder: DocumentBuilder) -> Iterator[Document]:
    """The entry of a page; of a page with several, each that holds a story.

    Raises:
        StandIn: where the page asks for consent or a login, or says that there is no such entry.
        NoStory: if it is a journal's page without a story.
    """
    found = entries(tree)
    if not found or not _says_enough(found):
        raise _barred(tree, blob.uri) or NoStory(
            blob.uri, "a journal's page that holds no entry; save the entry's own page"
        )
    if len(found) == 1:
        declare_some(tree, builder, blob.uri, ("url", "published"))
        yield _document(found[0], blob, builder)
        return
    several = [
        _document(entry, _numbered(blob, n), DocumentBuilder())
        for n, entry in enumerate(found, 1)
        if inline(entry.text)
    ]
    stories = [document for document in several if generic.holds_story(document)]
    if not stories:
        raise NoStory(blob.uri, "a journal's page of several entries, none of them a story; save the entry's own page")
    yield from stories


def _numbered(blob: Blob, number: int) -> Blob:
    return replace(blob, uri=f"{blob.uri}#entry-{number}")


def _says_enough(found: list[Entry]) -> bool:
    return any(inline(entry.text) for entry in found)


def _document(entry: Entry, blob: Blob, builder: DocumentBuilder) -> Document:
    _add_front(builder, entry)
    entry.add_text(builder)
    return builder.build(blob, MEDIA_TYPE)


def _add_front(builder: DocumentBuilder, entry: Entry) -> None:
    """Subject and poster, then the entry's date, mood, music and tags as header lines."""
    if subject := entry.subject():
        span = builder.add(subject, Layout.HEADING, level=3)
        builder.declare("title", subject, "lj.entry.subject", SUBJECT, span)
    if poster := entry.poster():
        span = builder.add(poster, role=Role.BYLINE, rule="lj.entry.poster")
        builder.declare("authors", poster, "lj.entry.poster", POSTER, span)
    tags, date = entry.tags(), entry.date()
    lines = [("Date", date[0] or date[1])] if date else []
    lines += [*entry.states(), *([("Tags", ", ".join(tags))] if tags else [])]
    spans = header_lines(builder, lines, "lj.entry")
    if date:
        builder.declare("published", date[1], "lj.entry.date", 0.95, spans["Date"])
    for tag, place in places(tags, spans.get("Tags")):
        builder.declare("tags", tag, "lj.entry.tags", 0.97, place)


def _barred(tree: LexborHTMLParser, uri: str) -> StandIn | None:
    """What stands in the place of an entry: a gate, a lock, an error."""
    said = inline(tree.body)
    short = count_words(said) <= NOTICE
    if tree.css_first(any_of(ENGINE, "adult")) or (short and _says(said, "adult")):
        return StandIn(uri, "the journal asks for consent first; save the page behind it", "gated_adult")
    if short and _says(said, "login"):
        return StandIn(uri, "the entry is protected; save it while logged in as one of its readers", "gated_login")
    if short and _says(said, "gone"):
        return StandIn(uri, "the site says that there is no such entry (deleted?)", "gone")
    return None


def _says(said: str, gate: str) -> bool:
    folded = fold(said)
    return any(fold(phrase) in folded for phrase in tables(ENGINE)["gate"][gate])


SITE = Site("livejournal", recognises, read)
