"""What is read from eFiction's pages is what their archive knows, and what is asked for is what may be."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from ficdex.crawler.blob import Blob
from ficdex.crawler.importer import documents, load
from ficdex.crawler.sites import Link, sites
from ficdex.crawler.sites.efiction import SITE, recognises
from ficdex.errors import NoStory, ReadError, StandIn
from ficdex.extract import extract
from ficdex.lexicon import lexicon
from ficdex.model import Chapters, Document, Role, Series, Stat

from .archives import Story
from .archives.efiction import OFF_LIMITS, EFiction

HOST = "http://archive.example"
HOME = f"{HOST}/archive/"
ARCHIVE = EFiction()
WHOLE = "&action=printable&textsize=0&chapter=all"


def read(path: str, archive: EFiction = ARCHIVE, uri: str = "") -> list[Document | ReadError]:
    status, _, body = archive.respond(f"/archive/{path}")
    assert status == 200
    return list(documents(Blob(uri or f"{HOME}{path}", body, "page.html")))


def one(path: str, archive: EFiction = ARCHIVE, uri: str = "") -> Document:
    (found,) = read(path, archive, uri)
    assert isinstance(found, Document), found
    return found


def refused(path: str, uri: str = "") -> StandIn:
    (found,) = read(path, uri=uri)
    assert isinstance(found, StandIn), found
    return found


def page(body: str) -> Document | ReadError:
    (found,) = documents(Blob(HOME, f"<html><body>{body}</body></html>".encode(), "page.html"))
    return found


def values(document: Document, field: str) -> list[object]:
    return [e.value for e in document.declared if e.field == field]


def links(path: str, archive: EFiction = ARCHIVE) -> list[Link]:
    _, _, body = archive.respond(f"/archive/{path}")
    return list(SITE.links(LexborHTMLParser(body.decode("utf-8", "replace")), f"{HOME}{path}"))


def open_works(archive: EFiction = ARCHIVE) -> Iterator[Story]:
    return (story for story in archive.truth.values() if story.state == "open")


def notes(document: Document) -> list[tuple[str, str | None, int | None]]:
    blocks = (b for b in document.blocks if b.role is Role.NOTE)
    return [(document.text[b.span.start : b.span.end].strip(), b.position, b.chapter) for b in blocks]


def expected_notes(story: Story) -> list[tuple[str, str, int | None]]:
    single = len(story.chapters) == 1
    found: list[tuple[str, str, int | None]] = [(story.note, "start", None)]
    for number, chapter in enumerate(story.chapters, 1):
        found += [
            (chapter.note, "start", None) if single else (chapter.note, "chapter_start", number),
            (chapter.end_note, "end", None) if single else (chapter.end_note, "chapter_end", number),
        ]
    return [note for note in found if note[0]]


def check_fields(document: Document, story: Story) -> None:
    """Everything that the engine's box of labels says."""
    assert values(document, "title") == [story.title]
    assert values(document, "authors") == list(story.authors)
    assert values(document, "fandoms") == [story.fandom]
    assert values(document, "characters") == list(story.characters)
    assert values(document, "tags") == list(story.tags)
    assert values(document, "warnings") == (["Rain"] if story.number % 3 else [])
    assert values(document, "series") == [Series(name) for name, _ in story.series]
    assert values(document, "summary") == [story.summary]
    assert values(document, "words") == [story.words]
    assert values(document, "status") == ["complete" if story.complete else "in-progress"]
    count = len(story.chapters)
    assert values(document, "chapters") == [Chapters(count, count if story.complete else None)]
    assert Stat("reads", story.number * 10) in values(document, "stats")
    assert values(document, "published") == [story.published.isoformat()]
    assert values(document, "updated") == [story.updated.isoformat()]
    assert values(document, "site_id") == [f"efiction:archive.example/archive:{story.number}"]
    assert values(document, "url") == [f"{HOME}viewstory.php?sid={story.number}"]


def test_the_printable_form_gives_the_whole_work() -> None:
    for story in open_works():
        document = one(f"viewstory.php?sid={story.number}{WHOLE}")
        assert document.kind == "work"
        check_fields(document, story)
        assert values(document, "rating") == []
        assert notes(document) == expected_notes(story)
        prose = [document.text[b.span.start : b.span.end].strip() for b in document.blocks if b.role is Role.STORY]
        assert prose == [p for chapter in story.chapters for p in chapter.paragraphs]


def test_chapters_have_their_titles_and_numbers() -> None:
    story = next(s for s in open_works() if len(s.chapters) == 5)
    document = one(f"viewstory.php?sid={story.number}{WHOLE}")
    headings = [b for b in document.blocks if b.role is Role.CHAPTER_HEADING]
    shown = [(document.text[b.span.start : b.span.end].strip(), b.chapter) for b in headings]
    assert shown == [(chapter.title, number) for number, chapter in enumerate(story.chapters, 1)]


def test_a_chapter_page_gives_its_chapter() -> None:
    story = next(s for s in open_works() if len(s.chapters) == 3)
    document = one(f"viewstory.php?sid={story.number}&chapter=2")
    chapter = story.chapters[1]
    assert values(document, "title") == [story.title]
    assert values(document, "authors") == list(story.authors)
    assert values(document, "chapters") == [Chapters(3)]
    assert notes(document) == [note for note in expected_notes(story) if note[2] == 2]
    assert [b.chapter for b in document.blocks if b.role is Role.STORY] == [2] * len(chapter.paragraphs)
    assert "Great story" not in document.text
    assert "Featured" not in document.text


def test_a_table_of_contents_is_known_without_the_text() -> None:
    for story in list(open_works())[:20]:
        document = one(f"viewstory.php?sid={story.number}&index=1")
        assert document.kind == "metadata"
        check_fields(document, story)
        assert values(document, "rating") == [story.rating]
        assert Stat("reviews", 3) in values(document, "stats")
        told = [(c.note, "chapter_start", n) for n, c in enumerate(story.chapters, 1) if c.note]
        assert [note for note in notes(document) if note[2]] == told


@pytest.mark.parametrize("archive", [ARCHIVE, EFiction(bold=True)], ids=["default skin", "bold labels"])
def test_listings_give_every_work_with_its_fields(archive: EFiction) -> None:
    seen = set()
    for offset in range(0, 200, 20):
        for document in read(f"browse.php?type=titles&offset={offset}", archive):
            assert isinstance(document, Document)
            assert document.kind == "metadata"
            story = archive.truth[int(document.source.uri.rpartition("#work_")[2])]
            seen.add(story.number)
            check_fields(document, story)
            assert values(document, "rating") == [story.rating]
            assert Stat("reviews", 3) in values(document, "stats")
    assert seen == set(archive.truth)


def test_an_authors_page_and_a_series_are_listings() -> None:
    works = ARCHIVE.truth.values()
    for path, expected in (
        ("viewuser.php?uid=1", {s.number for s in works if ARCHIVE.authors[0] in s.authors}),
        ("viewseries.php?seriesid=1", {s.number for s in works if s.number % 12 == 0}),
    ):
        found = {int(d.source.uri.rpartition("_")[2]) for d in read(path) if isinstance(d, Document)}
        assert found <= expected
        assert len(found) == min(20, len(expected))


def test_credits_in_the_notes_are_found() -> None:
    credited = 0
    for story in list(open_works())[:40]:
        work = extract(one(f"viewstory.php?sid={story.number}{WHOLE}"), lexicon())
        assert {b.name for b in work.betas} == set(story.betas)
        credited += bool(story.betas)
    assert credited > 10


@pytest.mark.parametrize("ending", [3, 6, 1])
def test_utf8_called_windows_1252_is_read_as_what_it_is(ending: int) -> None:
    story = next(s for s in open_works() if s.number % 10 == ending)
    document = one(f"viewstory.php?sid={story.number}{WHOLE}")
    assert values(document, "summary") == [story.summary]
    assert "–" in story.summary
    assert ("encoding: windows-1252" in document.repairs) == (ending == 3)


@pytest.mark.parametrize("date_format", ["%d/%m/%y", "%m/%d/%Y", "%B %d, %Y", "%Y.%m.%d"])
def test_a_listings_dates_tell_each_other_apart(date_format: str) -> None:
    archive = EFiction(date_format=date_format)
    for document in read("browse.php?type=titles", archive):
        assert isinstance(document, Document)
        story = archive.truth[int(document.source.uri.rpartition("_")[2])]
        assert values(document, "published") == [story.published.isoformat()]


BOX = """<div id="pagetitle"><a href="viewstory.php?sid=9">Salt</a> by <a href="viewuser.php?uid=2">Ann</a></div>
<div class="content"><span class="label">Summary: </span>Short.<br><span class="label">Categories:</span> {}<br>
<span class="label">Chapters:</span> 1 <span class="label">Completed:</span> Yes
<span class="label">Published:</span> {} <span class="label">Updated:</span> {}</div>
<div id="story"><p>It rained.</p></div>"""
CATEGORY = "<a href='browse.php?type=categories&catid=1'>{}</a>"


@pytest.mark.parametrize(
    ("published", "updated", "expected"),
    [
        ("04/05/2007", "05/06/2007", ["2007", "2007"]),
        ("04/05/2007", "17/05/2007", ["2007-05-04", "2007-05-17"]),
        ("04/05/2007", "05/17/2007", ["2007-04-05", "2007-05-17"]),
        ("05/05/07", "06/05/07", ["2007-05-05", "2007"]),
        ("May 4 2007", "04 May 07", ["2007-05-04", "2007-05-04"]),
        ("31/02/2007", "soon", []),
    ],
)
def test_a_date_that_could_be_either_keeps_its_year(published: str, updated: str, expected: list[str]) -> None:
    document = page(BOX.format("Merlin", published, updated))
    assert isinstance(document, Document)
    assert values(document, "published") + values(document, "updated") == expected


@pytest.mark.parametrize(
    ("categories", "fandoms", "tags"),
    [
        ("Merlin, The Lamplighters", ["Merlin", "The Lamplighters"], []),
        (CATEGORY.format("Harbour, The"), ["Harbour, The"], []),
        (" > ".join(map(CATEGORY.format, ("TV", "Merlin", "Season 2"))), ["Merlin"], ["Season 2"]),
        ("Humor, Romance", [], ["Humor", "Romance"]),
        ("Orphan", [], []),
    ],
)
def test_categories_are_fandoms_unless_they_are_genres(categories: str, fandoms: list[str], tags: list[str]) -> None:
    document = page(BOX.format(categories, "2007-05-04", "2007-05-04"))
    assert isinstance(document, Document)
    assert values(document, "fandoms") == fandoms
    assert values(document, "tags") == tags


def test_an_unknown_label_is_a_kind_of_tag() -> None:
    document = page(BOX.format("Merlin<br><span class='label'>Era: </span> Marauders", "2007-05-04", "2007-05-04"))
    assert isinstance(document, Document)
    assert values(document, "tags") == ["Marauders"]


def test_notes_of_skins_without_classes_are_found() -> None:
    document = page(
        "<div><h2><a href='viewstory.php?sid=9'>Salz</a> von <a href='viewuser.php?uid=2'>Ann</a></h2>"
        "<blockquote><h2>Story Bemerkung:</h2> Danke an Bea.</blockquote><div id='story'><p>Es regnete.</p></div>"
        "<blockquote><b>Kapitel Abschlussbemerkung:</b> Ende gut.</blockquote></div>"
    )
    assert isinstance(document, Document)
    assert notes(document) == [("Danke an Bea.", "start", None), ("Ende gut.", "end", None)]


def test_consent_leads_to_the_whole_work() -> None:
    story = next(s for s in ARCHIVE.truth.values() if s.rating == "NC-17" and s.state == "adult")
    gate = refused(f"viewstory.php?sid={story.number}{WHOLE}")
    assert gate.state == "gated_adult"
    assert gate.proceed == f"{HOME}viewstory.php?sid={story.number}{WHOLE}&ageconsent=ok&warning=4"
    check_fields(one(gate.proceed.removeprefix(HOME)), story)


def test_a_warning_without_an_age_is_a_gate_too() -> None:
    story = next(s for s in ARCHIVE.truth.values() if s.rating == "R" and s.state == "adult")
    gate = refused(f"viewstory.php?sid={story.number}{WHOLE}")
    assert gate.proceed == f"{HOME}viewstory.php?sid={story.number}{WHOLE}&warning=3"
    assert refused(f"viewstory.php?sid={story.number}", uri="saved.html").proceed is None


@pytest.mark.parametrize(("state", "meaning"), [("login", "gated_login"), ("unvalidated", "gone")])
def test_locked_and_hidden_works_say_so(state: str, meaning: str) -> None:
    story = next(s for s in ARCHIVE.truth.values() if s.state == state)
    assert refused(f"viewstory.php?sid={story.number}{WHOLE}").state == meaning


def test_a_work_that_is_not_there_is_gone_and_an_error_may_pass() -> None:
    assert refused("viewstory.php?sid=99999").state == "gone"
    assert refused("browse.php?type=nonsense").state == "retry"


@pytest.mark.parametrize("path", ["index.php", "browse.php?type=categories", "reviews.php", "user.php?action=login"])
def test_pages_of_other_kinds_hold_no_work(path: str) -> None:
    (found,) = read(path)
    assert isinstance(found, NoStory)
    assert not isinstance(found, StandIn)


def test_saved_pages_say_where_they_come_from_if_they_link_in_full() -> None:
    story = next(open_works())
    document = one(f"viewstory.php?sid={story.number}{WHOLE}", uri="/home/reader/saved.html")
    assert values(document, "url") == [f"{HOME}viewstory.php?sid={story.number}"]
    chapter = one(f"viewstory.php?sid={story.number}", uri="/home/reader/saved.html")
    assert values(chapter, "url") == []


@pytest.mark.parametrize(
    ("url", "canon"),
    [
        ("viewstory.php?sid=12&chapter=3", "viewstory.php?sid=12"),
        ("viewstory.php?chapter=3&textsize=2&sid=12&i=1", "viewstory.php?sid=12"),
        ("viewstory.php?sid=12&ageconsent=ok&warning=3&PHPSESSID=0123abcd", "viewstory.php?sid=12"),
        ("viewstory.php?sid=012&index=1", "viewstory.php?sid=12"),
        ("browse.php?offset=20&catid=4&type=categories&PHPSESSID=a", "browse.php?type=categories&catid=4&offset=20"),
        ("browse.php?type=titles&let=A&offset=0", "browse.php?type=titles&let=A"),
        ("browse.php?type=recent&sort=update", "browse.php?type=recent"),
        ("viewuser.php?action=storiesby&uid=7", "viewuser.php?uid=7"),
        ("viewseries.php?seriesid=3&offset=20", "viewseries.php?seriesid=3&offset=20"),
        ("authors.php?let=B&list=authors", "authors.php?list=authors&let=B"),
    ],
)
def test_a_page_has_one_address(url: str, canon: str) -> None:
    target = SITE.target(urlsplit(urljoin(HOME, url)))
    assert target
    assert target.canon == HOME + canon
    assert target.kind == ("work" if "viewstory" in url else "listing")
    assert target.fetch == (f"{target.canon}{WHOLE}" if target.kind == "work" else "")


@pytest.mark.parametrize(
    "url",
    [
        *OFF_LIMITS, "viewstory.php", "viewstory.php?sid=x", "viewstory.php?chapid=4",
        "viewuser.php?uid=1&action=reviewsby",
        "browse.php?type=shoes&size=9", "browse.php", "authors.php?country=fr", "titles.php?genre=jazz&let=A",
        "user.php?action=favst&add=1&sid=3", "stories.php?action=newchapter&sid=3", "rss.php", "images/print.gif",
    ],
)  # fmt: skip
def test_what_is_no_work_and_no_listing_has_no_address(url: str) -> None:
    assert SITE.target(urlsplit(urljoin(HOME, url))) is None


@settings(deadline=None)
@given(st.text(max_size=60), st.text(max_size=60))
def test_any_query_has_one_canonical_address_or_none(path: str, query: str) -> None:
    for script in ("viewstory.php", "browse.php", path):
        url = urlsplit(f"http://a.example/{script}?sid=3&type=titles&{query}")
        if found := SITE.target(url):
            again = SITE.target(urlsplit(found.canon))
            assert again
            assert again.canon == found.canon


def test_a_listing_leads_to_its_works_and_its_further_pages() -> None:
    path = "browse.php?type=titles"
    found = links(path)
    shown = sorted(ARCHIVE.truth.values(), key=lambda s: s.title)[:20]
    works = {link.url: link for link in found if link.kind == "work"}
    assert set(works) == {f"{HOME}viewstory.php?sid={s.number}" for s in shown if s.state != "login"}
    assert [works[f"{HOME}viewstory.php?sid={s.number}"].updated for s in shown if s.state == "open"] == [
        s.updated.isoformat() for s in shown if s.state == "open"
    ]
    further = {link.url for link in found if link.same_depth}
    assert further == {f"{HOME}{path}&offset={n}" for n in range(20, 200, 20)}


def test_the_home_page_leads_to_the_overviews() -> None:
    overviews = [f"browse.php?type={kind}" for kind in ("categories", "titles", "recent")]
    assert {HOME + path for path in (*overviews, "authors.php?list=authors")} <= {
        link.url for link in links("index.php")
    }


def test_the_categories_lead_to_each() -> None:
    found = {link.url for link in links("browse.php?type=categories")}
    assert {f"{HOME}browse.php?type=categories&catid={n}" for n in range(1, 6)} <= found


def test_a_work_leads_to_its_author_and_series_and_not_to_the_menu() -> None:
    story = next(s for s in open_works() if s.series)
    found = {link.url for link in links(f"viewstory.php?sid={story.number}&index=1")}
    assert f"{HOME}viewuser.php?uid={ARCHIVE.authors.index(story.authors[0]) + 1}" in found
    assert any("viewseries.php?seriesid=" in url for url in found)
    assert f"{HOME}browse.php?type=titles" not in found
    assert f"{HOME}viewstory.php?sid=1" not in found


def test_nothing_leads_where_nobody_may_go() -> None:
    allowed = (
        "viewstory.php?sid=",
        "browse.php?type=",
        "authors.php?list=authors",
        "viewuser.php?uid=",
        "viewseries.php?",
    )
    for path in ("index.php", "browse.php?type=recent", "viewuser.php?uid=3", "viewstory.php?sid=1", "reviews.php"):
        for link in links(path):
            assert link.url.removeprefix(HOME).startswith(allowed)
            assert "action=" not in link.url


def test_a_whole_archive_is_reached_from_its_home_page() -> None:
    todo, seen = [f"{HOME}index.php"], set()
    while todo:
        url = todo.pop()
        for link in links(url.removeprefix(HOME)):
            if link.url not in seen:
                seen.add(link.url)
                todo += [link.url] if link.kind == "listing" else []
    works = {url for url in seen if "viewstory" in url}
    expected = {f"{HOME}viewstory.php?sid={s.number}" for s in ARCHIVE.truth.values() if s.state != "login"}
    assert works == expected


@pytest.mark.parametrize(
    "body",
    [
        "<ul><li><a href='http://a.example/viewstory.php?sid=5'>Salt</a> is the best of them all</ul>",
        "<div id='story'><p>It rained.</p></div>",
        "<div class='errortext'>Wrong password</div>",
    ],
)
def test_pages_that_only_speak_of_an_archive_are_not_its_own(body: str) -> None:
    assert not recognises(LexborHTMLParser(f"<html><body>{body}</body></html>"))


def test_the_engine_is_registered() -> None:
    assert SITE in sites()


@settings(deadline=None)
@given(st.text(max_size=200))
def test_any_text_in_an_archives_page_is_read_or_refused(text: str) -> None:
    found = page(BOX.format(text, text, text))
    assert isinstance(found, Document | ReadError)


@pytest.mark.parametrize(
    "body",
    [
        "<b>Completed:" * 9_000 + "x" * 100_000,
        "<b>Completed:</b> <b>Rated:</b> <b>Words:</b> <b>Chapters:</b>" * 10_000,
        "<div>" * 30 + "<b>Completed:</b> <b>Rated:</b> <b>Words:</b> <b>Chapters:</b>" + "<i>x</i>" * 50_000,
        "<a href='#1'>x</a>" * 20_000 + "<div id='story'>x</div><div class='chaptertitle'>x</div>",
        "<a href='viewstory.php?sid=1'>x</a>" * 20_000 + "<div id='story'>x</div>",
        "<div id='pagetitle'>" * 5_000 + "<a href='viewuser.php?uid=1'>x</a>" * 5_000,
    ],
)
def test_hostile_pages_cost_no_more_than_their_length(body: str) -> None:
    found = list(documents(Blob(HOME, f"{BOX.format('x', 'x', 'x')}{body}".encode(), "page.html")))
    assert len(found) == 1


def test_the_page_of_the_reference_is_read(corpus: Path) -> None:
    (document,) = documents(load(corpus / "stories" / "viewstory_733.html"))
    assert isinstance(document, Document)
    assert values(document, "title") == ["The Apple Core"]
    assert values(document, "published") == ["2013-02-17"]
    assert [n[1] for n in notes(document)] == ["start", "end"]
