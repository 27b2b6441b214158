"""Pages of the OTW archive's engine become Documents, a StandIn with its state, and links to follow."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ficdex.crawler.blob import Blob
from ficdex.crawler.importer import documents
from ficdex.crawler.markup import parse
from ficdex.crawler.sites import Link, otw
from ficdex.errors import NoStory, ReadError, StandIn
from ficdex.model import Chapters, Document, Role, Series, Stat

from .otw_pages import (
    ADULT,
    BOOKMARKER,
    DOWNLOAD,
    ENTIRE,
    ICONS,
    INDEX,
    PAGINATION,
    WORK,
    blurb,
    listing,
    page,
)

BASE = "https://archiveofourown.org/tags/t/works?page=2"


def read(text: str, uri: str = "saved.html") -> list[Document | ReadError]:
    return list(documents(Blob(uri, text.encode(), "saved.html")))


def one(text: str, uri: str = "saved.html") -> Document:
    (found,) = read(text, uri)
    assert isinstance(found, Document), found
    return found


def barred(text: str, uri: str = "saved.html") -> StandIn:
    (found,) = read(text, uri)
    assert isinstance(found, StandIn), found
    return found


def said(document: Document, field: str) -> list[object]:
    return [e.value for e in document.declared if e.field == field]


def quoted(document: Document, field: str) -> list[str | None]:
    spans = [e.span for e in document.declared if e.field == field]
    return [document.text[s.start : s.end] if s else None for s in spans]


def links(text: str, base: str = BASE) -> list[Link]:
    return list(otw.links(parse(text, base), base))


# listings


def test_a_blurb_states_every_field_as_it_stands() -> None:
    found = one(listing(blurb()))
    assert found.kind == "metadata"
    assert found.source.uri == "saved.html#work_12"
    assert {field: said(found, field) for field in ("title", "authors", "url", "site_id", "rating", "warnings")} == {
        "title": ["Salt 12"],
        "authors": ["Ann"],
        "url": ["https://archiveofourown.org/works/12"],
        "site_id": ["ao3:12"],
        "rating": ["Teen And Up Audiences"],
        "warnings": ["Storms", "Cold Tea"],
    }
    assert said(found, "fandoms") == ["Tidewater - Ambrose Lintel", "Oh, Tides"]
    assert said(found, "relationships") == ["Isolde/Wren (Tidewater)", "Isolde & Wren (Tidewater)"]
    assert said(found, "characters") == ["Wren the Younger", "Wren"]
    assert said(found, "tags") == ["Hurt/Comfort", "Warnings: see inside; mind the gap"]
    assert said(found, "categories") == ["F/F", "Gen"]
    assert said(found, "summary") == ["It rained. Then it stopped."]
    assert said(found, "words") == [1234]
    assert said(found, "chapters") == [Chapters(2, None)]
    assert set(said(found, "status")) == {"in-progress"}
    assert said(found, "language") == ["de"]
    assert said(found, "updated") == ["2021-03-03"]
    assert said(found, "series") == [Series("Salt, and Part 1 of it", 2), Series("Of", 1)]
    counters = [("collections", 3), ("comments", 5), ("kudos", 1006), ("bookmarks", 7), ("hits", 80)]
    assert said(found, "stats") == [Stat(*counter) for counter in counters]


def test_every_tag_is_quoted_from_its_own_place() -> None:
    found = one(listing(blurb()))
    for field in ("fandoms", "relationships", "characters", "tags", "warnings", "categories", "rating"):
        assert quoted(found, field) == said(found, field)
    younger, wren = (e.span for e in found.declared if e.field == "characters")
    assert younger is not None
    assert wren is not None
    assert younger.end < wren.start
    assert quoted(found, "language") == ["Deutsch"]
    assert quoted(found, "updated") == ["3 Mar 2021"]


def test_a_blurb_holds_no_story() -> None:
    roles = {b.role for b in one(listing(blurb())).blocks}
    assert roles == {Role.TITLE, Role.BYLINE, Role.HEADER, Role.SUMMARY}


@pytest.mark.parametrize(
    ("byline", "authors"),
    [
        ("by Anonymous", ["Anonymous"]),
        ('by <a rel="author">Ann (annie)</a>, <a rel="author">orphan_account</a>', ["Ann (annie)", "orphan_account"]),
        ('by <a rel="author">Ann</a> for <a href="/users/g/gifts">Gil</a>', ["Ann"]),
        ('by Anonymous for <a href="/gifts?recipient=g">Gil for Short</a>', ["Anonymous"]),
        ('by Old Tom [archived by <a rel="author">keeper</a>], <a rel="author">Ann</a>', ["Old Tom", "Ann"]),
        ('by <a rel="author">Ann</a> <img alt="(Restricted)" title="Restricted">', ["Ann"]),
        ("", []),
    ],
)
def test_authors_are_those_who_wrote(byline: str, authors: list[str]) -> None:
    found = one(listing(blurb(heading=f'<a href="/works/12">Salt for Two</a> {byline}')))
    assert said(found, "title") == ["Salt for Two"]
    assert said(found, "authors") == authors


def test_no_category_is_none() -> None:
    assert said(one(listing(blurb(category="category-none", categories="No category"))), "categories") == []


def test_warnings_that_the_tags_leave_out_are_read_off_the_icon() -> None:
    assert said(one(listing(blurb(tags=""))), "warnings") == ["Storms", "Cold Tea"]


def test_a_finished_work_says_so_by_its_icon_too() -> None:
    assert "complete" in said(one(listing(blurb(complete="complete-yes"))), "status")


def test_the_second_of_a_change_stands_in_for_a_missing_date() -> None:
    assert said(one(listing(blurb(date=""))), "updated") == ["2021-03-01"]


def test_a_bookmark_is_read_without_what_its_owner_says() -> None:
    found = one(listing(blurb(kind="bookmark", behind=BOOKMARKER)))
    assert said(found, "tags") == ["Hurt/Comfort", "Warnings: see inside; mind the gap"]
    assert said(found, "updated") == ["2021-03-03"]
    assert "Loved it" not in found.text


def test_series_works_elsewhere_deleted_and_unrevealed_works_are_passed_over() -> None:
    others = [
        blurb(1, heading='<a href="/series/1">A Series</a>', kind="bookmark"),
        blurb(2, heading='<a href="/external_works/2">Elsewhere</a>', kind="bookmark"),
        '<li class="bookmark blurb group"><p class="message">This has been deleted, sorry!</p></li>',
        '<li class="work blurb group"><div class="mystery"><h4 class="heading">Mystery Work</h4></div></li>',
    ]
    assert [d.source.uri for d in read(listing(*others, blurb(5))) if isinstance(d, Document)] == ["saved.html#work_5"]
    (error,) = read(listing(*others))
    assert isinstance(error, NoStory)
    assert not isinstance(error, StandIn)


def test_a_blurb_in_a_summary_is_no_work() -> None:
    inner = f'<blockquote class="userstuff summary"><ul>{blurb(66)}</ul></blockquote>'
    assert len(read(listing(blurb(12, behind=inner)))) == 1
    assert [link.url for link in links(listing(blurb(12, behind=inner)))] == ["https://archiveofourown.org/works/12"]


def test_the_works_of_a_collection_go_by_their_own_address() -> None:
    found = one(listing(blurb(heading='<a href="/collections/yule/works/12">Salt</a> by Anonymous')))
    assert said(found, "url") == ["https://archiveofourown.org/works/12"]


@pytest.mark.parametrize(
    ("uri", "title", "host", "name"),
    [
        ("https://www.squidgeworld.org/tags/t/works", "Works", "squidgeworld.org", "squidgeworld"),
        ("http://fork.example/tags/t/works", "Works", "fork.example", "fork.example"),
        ("saved.html", "Works in T | SquidgeWorld Archive", "squidgeworld.org", "squidgeworld"),
        ("saved.html", "Squidgeworld - Ann - T [Archive of Our Own]", "archiveofourown.org", "ao3"),
        ("saved.html", "", "archiveofourown.org", "ao3"),
    ],
)
def test_a_work_belongs_to_the_archive_of_its_page(uri: str, title: str, host: str, name: str) -> None:
    found = one(listing(blurb(), title=title), uri)
    assert said(found, "url") == [f"https://{host}/works/12"]
    assert said(found, "site_id") == [f"{name}:12"]


# works


def test_a_work_page_states_every_field_as_it_stands() -> None:
    found = one(page(WORK.format(navigation="")))
    assert found.kind == "work"
    assert said(found, "title") == ["Salt"]
    assert said(found, "authors") == ["Ann (annie)", "orphan_account"]
    assert said(found, "site_id") == ["ao3:12"]
    assert said(found, "rating") == ["Not Rated"]
    assert said(found, "fandoms") == ["Tidewater - Ambrose Lintel", "Oh, Tides"]
    assert said(found, "tags") == ["Hurt/Comfort", "No Beta: We Die"]
    assert said(found, "language") == ["xx-Test"]
    assert said(found, "series") == [Series("The Salt Series", 3), Series("Tides, Low", 1)]
    assert said(found, "collections") == ["Yule, Late"]
    assert (said(found, "published"), said(found, "updated")) == (["2020-03-04"], ["2021-05-06"])
    assert (said(found, "words"), said(found, "chapters")) == ([3210], [Chapters(2, 5)])
    assert said(found, "stats") == [Stat("kudos", 6)]


def test_one_chapter_keeps_its_number_and_its_text() -> None:
    found = one(page(WORK.format(navigation=ENTIRE)))
    assert [b.chapter for b in found.blocks if b.role is Role.CHAPTER_HEADING] == [2]
    assert "It rained on Wren" in found.text
    assert "Chapter Text" not in found.text


def test_any_skin_is_read_with_or_without_classes_on_its_body() -> None:
    assert said(one(page(WORK.format(navigation=""), body="")), "title") == ["Salt"]
    assert said(one(f"<html><body>{WORK.format(navigation='')}</body></html>"), "title") == ["Salt"]
    assert said(one(listing(blurb(), body="")), "title") == ["Salt 12"]


@pytest.mark.parametrize(
    ("origin", "host", "name"),
    [
        ("https://archiveofourown.org", "archiveofourown.org", "ao3"),
        ("http://www.squidgeworld.org", "squidgeworld.org", "squidgeworld"),
        ("https://fork.example", "fork.example", "fork.example"),
    ],
)
def test_a_download_names_its_archive(origin: str, host: str, name: str) -> None:
    found = one(DOWNLOAD.format(origin=origin, byline='<a rel="author" href="x">Ann</a>'))
    assert said(found, "url") == [f"https://{host}/works/12"]
    assert said(found, "site_id") == [f"{name}:12"]


def test_a_download_states_every_field_as_it_stands() -> None:
    found = one(DOWNLOAD.format(origin="https://archiveofourown.org", byline="Anonymous"))
    assert said(found, "authors") == ["Anonymous"]
    assert said(found, "rating") == ["Mature"]
    assert said(found, "warnings") == ["Storms", "Cold Tea"]
    assert said(found, "categories") == ["F/F", "Gen"]
    assert said(found, "series") == [Series("Salt", 2), Series("Tides, Part 1 of two", 1)]
    assert said(found, "language") == ["en"]
    assert said(found, "updated") == ["2020-04-05"]
    assert said(found, "status") == ["complete"]


def test_an_ebook_made_of_a_download_keeps_its_summary_and_notes() -> None:
    fields = '<div id="preface"><div class="c1"><dl class="tags"><dt>Rating:</dt><dd>Mature</dd></dl></div></div>'
    front = '<div class="c1"><h1>Salt</h1><div class="byline">by <a rel="author">Ann</a></div>'
    quotes = "<p>Summary</p><blockquote>It rained.</blockquote><p>Notes</p><blockquote>Thanks, Odile!</blockquote>"
    found = one(f'<body>{fields}<div id="preface">{front}{quotes}</div></div><div id="chapters">Rain.</div></body>')
    assert said(found, "summary") == ["It rained."]
    assert [b.position for b in found.blocks if b.role is Role.NOTE] == ["start"]


def test_series_without_links_are_told_apart() -> None:
    made = DOWNLOAD.format(origin="https://archiveofourown.org", byline="Ann")
    text = re.sub("</?a[^>]*>", "", made.replace("Tides, Part 1 of two", "the Tides series"))
    assert said(one(text), "series") == [Series("Salt", 2), Series("Tides", 1)]


def test_a_chapter_index_is_known_by_its_chapters_and_dates() -> None:
    found = one(page(INDEX, kind="works-navigate"), "https://archiveofourown.org/works/12/navigate")
    assert found.kind == "metadata"
    assert (said(found, "title"), said(found, "authors")) == (["Salt"], ["Ann"])
    assert said(found, "url") == ["https://archiveofourown.org/works/12"]
    assert said(found, "chapters") == [Chapters(2)]
    assert (said(found, "published"), said(found, "updated")) == (["2020-03-04"], ["2021-05-06"])
    headings = [b.span for b in found.blocks if b.role is Role.CHAPTER_HEADING]
    assert [found.text[s.start : s.end].strip() for s in headings] == ["1. Flood", "2. Ebb"]


def test_numbers_that_no_counter_shows_are_left_out() -> None:
    made = WORK.format(navigation="").replace("3,210", "9" * 5000).replace("2/5", "?/?").replace("2020-03-04", "soon")
    found = one(page(made))
    assert (said(found, "words"), said(found, "chapters"), said(found, "published")) == ([], [], [])


# gates and errors


@pytest.mark.parametrize(
    ("uri", "proceed"),
    [
        ("saved.html", "https://archiveofourown.org/works/12?view_adult=true"),
        ("https://squidgeworld.org/works/12", "https://squidgeworld.org/works/12?view_adult=true"),
        ("http://127.0.0.1:8081/works/12", "http://127.0.0.1:8081/works/12?view_adult=true"),
    ],
)
def test_the_adult_gate_shows_the_way_on(uri: str, proceed: str) -> None:
    for main in (ADULT, f'{ADULT}<ol class="work index group">{blurb()}</ol>'):
        gate = barred(page(main), uri)
        assert (gate.state, gate.proceed) == ("gated_adult", proceed)
        assert links(page(main)) == []


def test_the_way_on_never_leads_to_another_host() -> None:
    assert barred(page(ADULT.replace("/works/12?", "https://evil.example/?"))).proceed is None


@pytest.mark.parametrize(
    ("main", "state"),
    [
        ("<h3>Sorry!</h3><p>This work is only available to registered users of the Archive.</p>", "gated_login"),
        ('<h2>Log In</h2><form action="/users/login?return_to=%2Fworks%2F12"></form>', "gated_login"),
        ('<p class="notice">This work is part of an ongoing challenge and will be revealed soon!</p>', "gated_login"),
        ("<h2>Error 404</h2><h3>The page you were looking for doesn't exist.</h3>", "gone"),
        ('<div class="flash error">Sorry, we couldn\'t find the work you were looking for.</div>', "gone"),
        ("<h2>Error 503</h2><h3>The page was responding too slowly.</h3>", "retry"),
        ("<h2>Error 502</h2><p>We're experiencing heavy load.</p>", "retry"),
        ("<h2>Shields are up!</h2><p>One moment.</p>", "retry"),
    ],
)
def test_a_page_in_the_place_of_a_work_says_what_it_means(main: str, state: str) -> None:
    for body in ("", ' class="logged-out"'):
        assert barred(page(main, body=body)).state == state
    assert links(page(main)) == []


def test_a_notice_without_the_layout_is_known_by_its_words() -> None:
    notice = (
        "<html><head><title>Shields are up! | Archive of Our Own</title></head><body><h1>Shields are up!</h1></body>"
    )
    assert barred(notice).state == "retry"


def test_another_page_of_the_archive_is_no_stand_in() -> None:
    story = "<h2>News</h2>" + "<p>We moved servers.</p>" * 40 + "<p>Some of you saw Error 503.</p>"
    (error,) = read(page(story))
    assert isinstance(error, NoStory)
    assert not isinstance(error, StandIn)


def test_a_listing_whose_summary_speaks_of_gates_is_a_listing() -> None:
    inner = f'<blockquote class="userstuff summary">{ADULT}</blockquote>'
    assert said(one(listing(blurb(behind=inner))), "title") == ["Salt 12"]


@pytest.mark.parametrize(
    "text",
    [
        '<div id="main"><h1>Shields are up!</h1><p>Captain Thorne said it twice.</p></div>',
        '<div id="header"><a href="/media">Media</a></div><div id="main"><p>A story.</p></div>',
        '<div id="outer"><div id="inner"><p>Error 503</p></div></div>',
        '<ol class="pagination"><li><a rel="next" href="/2">2</a></li></ol><div class="work meta">x</div>',
    ],
)
def test_pages_of_other_sites_are_left_alone(text: str) -> None:
    assert not otw.recognises(parse(f"<html><body>{text}</body></html>", "x"))


# links


def test_a_listing_leads_to_its_works_with_their_dates_and_to_its_next_page() -> None:
    assert links(listing(blurb(12), blurb(13, date=""), blurb(12), pagination=PAGINATION)) == [
        Link("https://archiveofourown.org/works/12", "work", "2021-03-03"),
        Link("https://archiveofourown.org/works/13", "work", "2021-03-01"),
        Link("https://archiveofourown.org/tags/t/works?page=3", "listing", None, same_depth=True),
    ]


def test_links_stay_on_the_host_of_the_page() -> None:
    text = listing(blurb(12), pagination=PAGINATION)
    found = links(text, "http://127.0.0.1:8081/tags/t/works")
    assert [link.url for link in found] == [
        "http://127.0.0.1:8081/works/12",
        "http://127.0.0.1:8081/tags/t/works?page=3",
    ]
    assert len(links(text.replace("/tags/t/works?page=3", "//evil.example/works?page=3"))) == 1


def test_works_that_need_an_account_are_not_asked_for() -> None:
    heading = '<a href="/works/12">Salt</a> by <a rel="author">Ann</a> <img alt="(Restricted)" title="Restricted">'
    assert links(listing(blurb(heading=heading))) == []
    assert said(one(listing(blurb(heading=heading))), "title") == ["Salt"]


def test_a_series_leads_to_its_works() -> None:
    main = (
        f'<h2 class="heading">Salt</h2><dl class="series meta group"></dl><ul class="series work index">{blurb()}</ul>'
    )
    assert [link.url for link in links(page(main, kind="series-show"))] == ["https://archiveofourown.org/works/12"]


def test_one_chapter_leads_to_the_whole_work_and_the_whole_work_nowhere() -> None:
    whole = Link("https://archiveofourown.org/works/12?view_full_work=true", "work", same_depth=True)
    assert links(page(WORK.format(navigation=ENTIRE)), "https://archiveofourown.org/works/12/chapters/34") == [whole]
    assert links(page(WORK.format(navigation=""))) == []


def test_a_chapter_index_leads_to_its_work() -> None:
    assert links(page(INDEX), "https://archiveofourown.org/works/12/navigate") == [
        Link("https://archiveofourown.org/works/12", "work", "2021-05-06", same_depth=True)
    ]


def test_downloads_lead_nowhere() -> None:
    assert links(DOWNLOAD.format(origin="https://archiveofourown.org", byline="Ann")) == []


PARTS = [part for whole in (WORK, blurb(), ICONS, ADULT, INDEX, PAGINATION) for part in whole.split("<")]


@given(st.lists(st.sampled_from(PARTS) | st.text(max_size=8), max_size=60))
@settings(max_examples=150, deadline=None)
def test_any_heap_of_their_parts_is_read_or_refused(parts: list[str]) -> None:
    text = page("<".join(parts))
    for found in read(text):
        assert isinstance(found, (Document, ReadError))
    for link in links(text):
        assert link.url.startswith("https://archiveofourown.org/")
