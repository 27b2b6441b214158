"""Entries of journals give the story and who posted it, in whatever style; comments and frames stay away."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser

from ficdex.crawler.blob import Blob
from ficdex.crawler.importer import documents
from ficdex.crawler.sites.livejournal import recognises
from ficdex.errors import NoStory, ReadError, StandIn
from ficdex.model import Document, Role

STORY = (
    "The ferry left without them, and Anna watched it go with her shoes in her hand.",
    '"There is another at six," said Tomas, who had never once read a timetable.',
    "They sat down on the wall to wait. The sea came up the steps, thought better of it, and went away again.",
    "Nobody said anything until the lamps were lit along the harbour, and then they both did at once, and laughed.",
)
HEAD = "<b>Title:</b> Low Water<br /><b>Rating:</b> PG<br /><br />"
BODY = f'{HEAD}<a name="cutid1"></a>' + "<br /><br />".join(STORY)


def user(name: str, kind: str = "userinfo") -> str:
    profile, journal = f'<a href="/profile"><img src="/{kind}.gif" /></a>', f'<a href="/"><b>{name}</b></a>'
    return f'<span class="ljuser" lj:user="{name}">{profile}{journal}</span>'


PAGES = Path(__file__).parent / "pages" / "livejournal"
STYLES = {path.stem: path.read_text("utf-8") for path in sorted(PAGES.glob("*.html"))}
"""Small pages of one entry, each laid out as a journal style does it."""
WITH_MOOD = ["smooth_sailing", "expressive", "site_of_2012", "site_of_2017", "dreamwidth"]
DREAMWIDTH = STYLES["dreamwidth"]
STYLES["upper case"] = re.sub(r"</?(?:table|t[dr]|div|p|b)\b", lambda tag: tag.group().upper(), STYLES["generator"])
STYLES["cut off"] = DREAMWIDTH.partition('<div id="comments">')[0]


def read(markup: str) -> list[Document | ReadError]:
    return list(documents(Blob("saved.html", markup.encode(), "saved.html")))


def one(markup: str) -> Document:
    (found,) = read(markup)
    assert isinstance(found, Document), found
    return found


def refused(markup: str) -> ReadError:
    (found,) = read(markup)
    assert isinstance(found, ReadError), found
    return found


def values(document: Document, field: str) -> list[object]:
    return [e.value for e in document.declared if e.field == field]


def lines(document: Document) -> list[str]:
    return [document.text[b.span.start : b.span.end].strip() for b in document.blocks]


@pytest.mark.parametrize("style", STYLES)
def test_an_entry_gives_its_story_in_any_style(style: str) -> None:
    document = one(STYLES[style])
    said = lines(document)
    assert [line for line in said if line in STORY] == list(STORY)
    assert said[-1] == STORY[-1]
    assert "Title: Low Water\nRating: PG" in document.text


@pytest.mark.parametrize("style", STYLES)
def test_an_entry_states_subject_poster_date_and_tags_in_any_style(style: str) -> None:
    document = one(STYLES[style])
    assert values(document, "title") == ["Fic: Low Water (Harbour, Anna/Tomas, PG)"]
    assert values(document, "authors") == ["ferry"]
    assert "2007-03-02" in values(document, "published")
    if style not in ("light", "talkread"):
        assert values(document, "tags") == ["fic", "harbour"]


@pytest.mark.parametrize("style", STYLES)
def test_comments_frames_and_links_stay_away(style: str) -> None:
    text = one(STYLES[style]).text
    for words in (
        "gull",
        "Loved it",
        "Reply",
        "somebody",
        "Previous",
        "Share",
        "comment",
        "Link",
        "Tidewrack",
        "calendar",
    ):
        assert words not in text


@pytest.mark.parametrize("style", WITH_MOOD)
def test_mood_and_music_are_header_lines(style: str) -> None:
    document = one(STYLES[style])
    headers = [document.text[b.span.start : b.span.end].strip() for b in document.blocks if b.role is Role.HEADER]
    assert [h.partition(": ")[2] for h in headers[1:3]] == ["calm", "a fog horn"]
    assert headers[-1] == "Tags: fic, harbour"


def test_what_is_declared_is_quoted() -> None:
    document = one(DREAMWIDTH)
    spans = [(e.value, e.span) for e in document.declared if e.field in ("title", "authors", "tags") and e.span]
    assert len(spans) == 4
    assert all(document.text[span.start : span.end] == value for value, span in spans)


def test_in_a_community_the_poster_is_the_author() -> None:
    posted = f"{user('ferry')} wrote in {user('harbour_fics', 'community')}"
    document = one(DREAMWIDTH.replace(user("ferry"), f"{user('harbour_fics', 'community')} {posted}"))
    assert values(document, "authors") == ["ferry"]


def test_an_entry_without_a_subject_has_no_title() -> None:
    document = one(DREAMWIDTH.replace("Fic: Low Water (Harbour, Anna/Tomas, PG)", "(no subject)"))
    assert values(document, "title") == []
    assert "(no subject)" not in document.text


def test_a_style_that_hides_the_subject_has_it_in_the_browsers_title() -> None:
    page = f"<body class='lj-view-entry'><div class='entrytext'>{BODY}</div></body>"
    assert values(one(f"<title>ferry: Low Water</title>{page}"), "title") == ["Low Water"]


def test_the_entrys_own_address_is_declared() -> None:
    assert values(one(STYLES["site_of_2012"]), "url") == ["https://ferry.livejournal.com/101.html"]


def test_links_of_a_cut_are_no_text() -> None:
    link = '<b class="cut-text"><a href="#cutid1">Read more</a></b>'
    cut = f'<span class="cut-wrapper"><b class="cut-open">(</b>{link}<b class="cut-close">)</b></span>'
    assert "Read more" not in one(DREAMWIDTH.replace('<a name="cutid1"></a>', cut)).text


def test_a_page_of_several_entries_gives_those_that_are_stories() -> None:
    entry = f'<div class="entry"><h3 class="entry-header">One</h3><div class="entry-content">{BODY}</div></div>'
    chat = '<div class="entry"><h3 class="entry-header">Two</h3><div class="entry-content">So tired today.</div></div>'
    found = read(f'<body class="lj-view-recent">{entry}{chat}{entry}</body>')
    assert [d.source.uri for d in found if isinstance(d, Document)] == ["saved.html#entry-1", "saved.html#entry-3"]


@pytest.mark.parametrize(
    ("body", "state"),
    [
        ("<h1>Discretion Advised: 18+ Content</h1><form><input name='adult_check'></form>", "gated_adult"),
        (f"<h1>Error</h1><p>You must be logged in to view this protected entry.</p>{user('ferry')}", "gated_login"),
        (f"<h1>Error</h1><p>This journal has been deleted and purged.</p>{user('ferry')}", "gone"),
    ],
)  # fmt: skip
def test_a_page_in_the_place_of_an_entry_says_what_it_is(body: str, state: str) -> None:
    found = refused(f"<html><body>{body}</body></html>")
    assert isinstance(found, StandIn)
    assert found.state == state


def test_a_journals_page_without_an_entry_is_no_story() -> None:
    found = refused('<body class="lj-view-recent"><div class="entry-content"></div><p>nothing here</p></body>')
    assert isinstance(found, NoStory)


def test_a_blog_that_took_its_entries_along_is_another_engines() -> None:
    head = '<head><meta name="generator" content="WordPress 6.1"></head>'
    assert not recognises(LexborHTMLParser(f'{head}<div class="entry-content">{user("ferry")}{BODY}</div>'))


def test_what_crossposting_adds_is_no_text() -> None:
    added = "<p><small>This entry was originally posted at <a href='#'>elsewhere</a>. Please comment there.</small></p>"
    assert lines(one(DREAMWIDTH.replace(STORY[-1], f"{STORY[-1]}{added}")))[-1] == STORY[-1]


def test_a_page_out_of_the_wayback_machine_is_read_alike() -> None:
    kept = "https://web.archive.org/web/20120302000000/https://ferry.livejournal.com/101.html"
    document = one(STYLES["site_of_2012"].replace("https://ferry.livejournal.com/101.html", kept))
    assert values(document, "url") == ["https://ferry.livejournal.com/101.html"]
    assert values(document, "authors") == ["ferry"]
