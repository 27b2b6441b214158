"""The made-up archives are what they say: pure, complete, and read by the parsers as what they know to be true."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Protocol
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ficdex.crawler.blob import Blob
from ficdex.crawler.importer import documents
from ficdex.errors import NoStory, ReadError
from ficdex.extract import extract
from ficdex.lexicon import lexicon
from ficdex.model import Chapters, Document, Role, Series

from .archives import Answer
from .archives.ao3 import AO3, COLLECTIONS, Shown
from .archives.efiction import EFiction
from .archives.generic import HomePage

HOST = "https://archiveofourown.org"
ARCHIVE = AO3()


class Archive(Protocol):
    """What every archive has."""

    def respond(self, path_with_query: str) -> Answer: ...


@cache
def archives(made: Callable[[], Archive]) -> tuple[Archive, Archive]:
    return made(), made()


MAKERS: list[Callable[[], Archive]] = [AO3, EFiction, HomePage]


def read(path: str) -> list[Document | ReadError]:
    status, _, body = ARCHIVE.respond(path)
    assert status == 200, path
    return list(documents(Blob(HOST + path, body, "page.html")))


def values(document: Document, field: str) -> list[object]:
    return [e.value for e in document.declared if e.field == field]


def whole(shown: Shown) -> Document:
    consent = "&view_adult=true" if shown.adult else ""
    (found,) = read(f"/works/{shown.address}?view_full_work=true{consent}")
    assert isinstance(found, Document), found
    return found


def notes(document: Document) -> list[tuple[str, str | None]]:
    blocks = (b for b in document.blocks if b.role is Role.NOTE)
    return [(document.text[b.span.start : b.span.end].strip(), b.position) for b in blocks]


def readable() -> list[Shown]:
    return [shown for shown in ARCHIVE.truth.values() if shown.story.state in ("open", "adult")]


def check_fields(document: Document, shown: Shown) -> None:
    story = shown.story
    assert values(document, "title") == [story.title]
    assert values(document, "authors") == (list(story.authors) or ["Anonymous"])
    assert values(document, "fandoms") == [story.fandom]
    assert values(document, "characters") == list(story.characters)
    assert values(document, "relationships") == [shown.relationship]
    assert values(document, "tags") == list(story.tags)
    assert values(document, "rating") == [shown.rating]
    assert values(document, "categories") == [shown.category]
    assert values(document, "summary") == [story.summary]
    assert values(document, "words") == [story.words]
    count = len(story.chapters)
    assert values(document, "chapters") == [Chapters(count, count if story.complete else None)]
    assert values(document, "series") == [Series(name, place) for name, place in story.series]


def test_a_work_of_the_otw_archive_is_read_as_its_truth() -> None:
    for shown in readable():
        document, story = whole(shown), shown.story
        check_fields(document, shown)
        assert values(document, "published") == [story.published.isoformat()]
        told = [story.note, *(n for c in story.chapters for n in (c.note, c.end_note)), story.end_note]
        assert {words for words, _ in notes(document)} == {n for n in told if n}
        prose = [document.text[b.span.start : b.span.end].strip() for b in document.blocks if b.role is Role.STORY]
        assert prose == [p for chapter in story.chapters for p in chapter.paragraphs]


def test_notes_after_the_end_stand_there_and_nowhere_else() -> None:
    for shown in readable():
        found = notes(whole(shown))
        assert [(words, "end") for words, position in found if position == "end"] == [
            note for note in found if note[0] == shown.story.end_note
        ]


def test_the_betas_of_the_notes_are_credited() -> None:
    for shown in readable()[:40]:
        assert {b.name for b in extract(whole(shown), lexicon()).betas} == set(shown.story.betas)


def test_listings_show_every_work_but_the_deleted_and_the_unrevealed() -> None:
    seen = set()
    for fandom in sorted({shown.story.fandom for shown in ARCHIVE.truth.values()}):
        for number in (1, 2):
            for document in read(f"/tags/{quote(fandom)}/works?page={number}"):
                assert isinstance(document, Document)
                shown = ARCHIVE.truth[int(document.source.uri.rpartition("_")[2])]
                seen.add(shown.address)
                check_fields(document, shown)
    hidden = {a for a, s in ARCHIVE.truth.items() if s.story.state in ("gone", "unrevealed")}
    assert not seen & hidden
    assert len(seen) > 120


@pytest.mark.parametrize(
    "path",
    ["/series/1", f"/collections/{COLLECTIONS[0]}/works", "/users/orphan_account/works", "/users/mothwing/works"],
)
def test_series_collections_and_people_have_listings(path: str) -> None:
    assert all(isinstance(found, Document) and found.kind == "metadata" for found in read(path))


def test_every_gate_of_the_otw_archive_is_there() -> None:
    by_state = {shown.story.state: shown for shown in ARCHIVE.truth.values()}
    adult = ARCHIVE.respond(f"/works/{by_state['adult'].address}?view_full_work=true")[2].decode()
    assert f"/works/{by_state['adult'].address}?view_full_work=true&amp;view_adult=true" in adult
    status, headers, _ = ARCHIVE.respond(f"/works/{by_state['login'].address}")
    assert (status, headers["Location"]) == (302, "/users/login?restricted=true")
    assert ARCHIVE.respond(f"/works/{by_state['gone'].address}")[0] == 404
    for path in ("/users/login?restricted=true", f"/works/{by_state['unrevealed'].address}"):
        (found,) = read(path)
        assert isinstance(found, NoStory)


def test_busy_is_said_with_status_200_where_that_is_asked_for() -> None:
    busy = AO3(errors=True)
    paths = [f"/works/{address}?view_full_work=true&view_adult=true" for address in busy.truth]
    pages = [busy.respond(path) for path in paths]
    assert {status for status, _, body in pages if b"Error 503" in body} == {200}
    assert 5 < sum(b"Error 503" in body for _, _, body in pages) < 40


def test_some_works_ask_not_to_be_found() -> None:
    asking = next(shown for shown in readable() if shown.story.noindex)
    body = ARCHIVE.respond(f"/works/{asking.address}?view_adult=true")[2]
    assert b'<meta name="robots" content="noindex" />' in body


@pytest.mark.parametrize("made", MAKERS)
def test_archives_do_not_have_what_they_do_not_have(made: Callable[[], Archive]) -> None:
    for path in ("/nowhere", "/works/abc", "/archive/nothing.php", "/~ann/nothing.html", "/works/1/chapters/2", ""):
        assert made().respond(path)[0] == 404, path


@pytest.mark.parametrize("made", MAKERS)
@given(path=st.text(max_size=30).map("/".__add__))
@settings(max_examples=30, deadline=None)
def test_archives_answer_any_path_and_always_the_same(made: Callable[[], Archive], path: str) -> None:
    one, other = archives(made)
    assert one.respond(path) == other.respond(path)
