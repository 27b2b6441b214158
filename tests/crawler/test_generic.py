"""Pages of no known engine: what leads on, what is a story, and what only stands in a story's place."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from ficdex.crawler.blob import Blob
from ficdex.crawler.encoding import decode
from ficdex.crawler.generic import holds_story, links, stand_in
from ficdex.crawler.importer import FileItem, documents, load, walk
from ficdex.crawler.sites import Link
from ficdex.model import Document

from .archives.generic import HOME, WELCOME, HomePage

HOST = "http://home.example"
PAGE = f"{HOST}{HOME}merlin/moth_2.html"
SITE = HomePage()
PROSE = "<p>The ferryman waited by the cold stove before the rain, and nobody mentioned the last train again. </p>" * 4


def tree(body: str) -> LexborHTMLParser:
    return LexborHTMLParser(f"<html><body>{body}</body></html>")


def leads(body: str, base: str = PAGE) -> list[tuple[str, bool]]:
    return [(link.url.removeprefix(HOST + HOME), link.same_depth) for link in links(tree(body), base)]


def document(page: str | bytes) -> Document:
    data = page if isinstance(page, bytes) else f"<html>{page}</html>".encode()
    (found,) = documents(Blob(PAGE, data, "page.html"))
    assert isinstance(found, Document), found
    return found


def judged(page: str) -> str | None:
    parsed = LexborHTMLParser(f"<html>{page}</html>")
    (found,) = documents(Blob(PAGE, f"<html>{page}</html>".encode(), "page.html"))
    standing = stand_in(parsed, found.text if isinstance(found, Document) else "")
    return standing[0] if standing else None


def visit(path: str) -> list[Link]:
    status, _, body = SITE.respond(path)
    assert status == 200
    return list(links(LexborHTMLParser(decode(body).text), HOST + path))


def is_story(path: str) -> bool:
    """Of a page of the home page; one that is nothing but links has no text, and is no Document."""
    found = list(documents(Blob(HOST + path, SITE.respond(path)[2], "page.html")))
    return any(isinstance(d, Document) and holds_story(d) for d in found)


@pytest.mark.parametrize(
    "link",
    [
        '<a href="moth_3.html">Next Chapter &gt;&gt;</a>',
        '<a href="moth_3.html">[ NEXT ]</a>',
        '<a href="moth_3.html"><img src="arrow.gif" alt="Next"></a>',
        '<a href="moth_3.html">Chapitre suivant</a>',
        '<a href="moth_3.html">Part III: The Storm</a>',
        '<a href="moth_3.html">Chapter Three</a>',
        '<a href="moth_3.html" rel="next">→</a>',
        '<a href="moth_3.html">3</a>',
        '<div class="navigation"><a href="moth_3.html">Continue...</a></div>',
        '<link rel="next" href="moth_3.html">',
    ],
)
def test_what_goes_on_with_a_story_is_no_step_further(link: str) -> None:
    assert leads(PROSE + link) == [("merlin/moth_3.html", True)]


def test_the_next_page_of_nothing_is_not_followed() -> None:
    assert leads('<p><a href="6" rel="next">Next</a>', f"{HOST}{HOME}when/2004/5") == []


def test_the_days_of_a_calendar_are_no_chapters() -> None:
    days = "".join(f'<a href="/~ann/merlin/day.cgi?d={n}">{n}</a>' for n in range(1, 31))
    assert leads(PROSE + days) == []


@pytest.mark.parametrize(
    "link",
    [
        '<a href="mailto:ann@example.org">Ann</a>', '<a href="javascript:void(0)">A story</a>',
        '<a href="ftp://x/y">A story</a>', '<a href="cover.jpg">The cover</a>', '<a href="all.ZIP">All stories</a>',
        '<a href="style.css">Style</a>', '<a href="feed.xml">Feed of stories</a>', '<a href="story.pdf">As PDF</a>',
        '<a href="guestbook.html">Write to me</a>', '<a href="gb.html">Sign my Guestbook!</a>',
        '<a href="reviews.php?story=3">12 voices</a>', '<a href="story.php?id=3&amp;action=reply">Answer</a>',
        '<a href="login.php">Enter here</a>', '<a href="x.html">Log in</a>', '<a href="p.php?comment=1">Say it</a>',
        '<a href="moth.html" rel="nofollow">Moth Season</a>', '<a href="../angel/dusk.html">Dusk</a>',
        '<a href="http://elsewhere.example/~ann/merlin/a.html">Elsewhere</a>', '<a href="moth_2.html#top">Moth</a>',
        '<a href="../index.html">Back to the stories</a>', '<a href="old.html">Back to the old page</a>',
        '<a href="search.cgi">Find a story</a>', '<nav><a href="other.html">Other things</a></nav>',
        '<div id="sidebar"><a href="other.html">Other</a></div>', '<a href="http://[broken">Broken</a>',
        '<a href="">Moth Season</a>', '<a href="7.html">***</a>',
    ],
)  # fmt: skip
def test_what_is_no_story_is_not_followed(link: str) -> None:
    assert leads(link) == []


def test_an_index_leads_to_its_stories_and_its_folders() -> None:
    body = '<a href="dusk.html">Dusk</a><a href="angel/index.html">Angel</a><a href="./dusk.html#notes">Dusk, notes</a>'
    assert leads(body) == [("merlin/dusk.html", False), ("merlin/angel/index.html", False)]


def test_summaries_between_the_links_make_no_story_of_an_index() -> None:
    rows = "".join(
        f'<p><a href="s{n}.html">Story {c}</a><p>Merlin is late. Gaius minds.' for n, c in enumerate("abcdefghijkl")
    )
    assert len(leads(rows)) == 12


def test_a_storys_page_leads_to_no_other_stories() -> None:
    others = "".join(f'<a href="{name}.html">{name}</a>' for name in ("dusk", "dawn", "noon"))
    assert leads(PROSE * 8 + others) == []


def test_a_base_element_counts_within_the_site_only() -> None:
    link = '<a href="dusk.html">Dusk</a>'
    assert leads(f'<base href="{HOME}merlin/deep/">{link}') == [("merlin/deep/dusk.html", False)]
    assert leads(f'<base href="http://elsewhere.example/">{link}') == [("merlin/dusk.html", False)]


def test_every_chapter_of_the_home_page_is_found_to_be_a_story() -> None:
    for story in SITE.truth.values():
        for path in SITE.paths(story):
            assert is_story(path), path


def test_the_home_pages_other_pages_hold_no_story() -> None:
    others = ("index.html", "merlin/index.html", "guestbook.html", "links.html", "moved.html", "when/2004/5", "loop/")
    assert [path for path in others if is_story(HOME + path)] == []


def test_all_of_a_home_page_is_reached_and_its_traps_are_not_entered() -> None:
    todo, seen = [(HOME, 0)], {HOME}
    while todo:
        path, depth = todo.pop(0)
        for link in visit(path):
            url = link.url.removeprefix(HOST).partition("?")[0]
            further = depth if link.same_depth else depth + 1
            if url not in seen and further <= 4 and SITE.respond(url)[0] == 200:
                seen.add(url)
                todo.append((url, further))
    assert {path for story in SITE.truth.values() for path in SITE.paths(story)} <= seen
    assert {path for path in seen if "when" in path} == {f"{HOME}when/2004/5"}
    assert sum("loop" in path for path in seen) == 4


DRABBLE = (
    "<p>The ferryman waited by the stove. “You are late,” said nobody at all, and the bells stopped. "
    + "She laughed. " * 40
)


@pytest.mark.parametrize(
    "title",
    [
        "Just a Moment",
        "Page Not Found",
        "Members Only",
        "Access Denied",
        "The Guestbook",
        "Gone",
        "Error",
        "Service Unavailable",
    ],
)
def test_a_drabble_is_a_story_whatever_its_title(title: str) -> None:
    page = f"<head><title>{title}</title></head><body><h1>{title}</h1>{DRABBLE}</body>"
    assert holds_story(document(page))
    assert judged(page) is None


def test_a_script_is_a_story() -> None:
    lines = "".join(
        f"<p>Author: You ran over the dog {n} times.<p>Beta: I never did, and it was a cat." for n in range(9)
    )
    assert holds_story(document(f"<body><h1>The Cut Scene</h1>{lines}</body>"))


INDEXES = {
    "by labels": "<p>Title: {t}<br>Rating: PG<br>Summary: Merlin is late for the feast again, and Gaius minds." * 6,
    "in lines": "<p>The Long Kettle (PG-13) - Merlin is late for the feast again, and Gaius minds it." * 8,
    "by turns": "<p>The Long Kettle<p>Merlin is late for the feast again, and Gaius minds. Nobody is told why." * 8,
    "in a list": "<ul>" + "<li>Merlin is late for the feast. Gaius minds it very much." * 9 + "</ul>",
    "of contents": "<p>Chapter 1<p>Chapter 2<p>Chapter 3<p>Chapter 4",
}


@pytest.mark.parametrize("name", INDEXES)
def test_an_index_is_no_story(name: str) -> None:
    assert not holds_story(document(f"<body><h1>Stories</h1>{INDEXES[name]}</body>"))


def test_the_talk_of_a_site_is_no_story() -> None:
    assert not holds_story(document(f"<body><h1>Ann's Fiction</h1><p>{WELCOME}</body>"))


STANDING = {
    "blocked": [
        "<title>Just a moment...</title><body><noscript>Enable JavaScript and cookies to continue</noscript>x</body>",
        "<title>home.example</title><body><form id='challenge-form'>One second, please</form></body>",
        "<title>Attention Required! | Cloudflare</title><h1>Sorry, you have been blocked</h1><p>Ray ID: 12</p>",
        "<title>403 Forbidden</title><h1>Forbidden</h1><p>No.</p>",
    ],
    "retry": [
        "<title>Error</title><h2>Error 503</h2><p>The page was responding too slowly. Follow us for updates.</p>",
        "<body><p>Error establishing a database connection</p></body>",
        "<title>Site maintenance</title><body><p>We will be back on Monday.</p></body>",
        "<title>Oops</title><p><b>Warning</b>: mysql_connect(): Too many connections in /config.php on line 3</p>",
    ],
    "gone": [
        "<title>404 Not Found</title><h1>Not Found</h1><p>The requested URL was not found on this server.</p>",
        "<title>Page not found - Ann</title><h1>Page not found</h1><p>The page you were looking for has moved. "
        + "Maybe one of these helps you along with what you wanted to read today. " * 9 + "</p>",
        "<title>Seite nicht gefunden</title><p>Hier ist nichts.</p>",
    ],
    "gated_login": [
        "<title>Log in - Moonlit Pages</title><form><input name='u'><input type='password'></form><p>Welcome back.</p>",
        "<title>Moonlit Pages</title><p>You must be logged in to read this story.</p>",
    ],
}  # fmt: skip


@pytest.mark.parametrize(("state", "page"), [(state, page) for state, pages in STANDING.items() for page in pages])
def test_what_stands_in_the_place_of_a_page_is_known(state: str, page: str) -> None:
    assert judged(page) == state


@pytest.mark.parametrize(("state", "page"), [(state, page) for state, pages in STANDING.items() for page in pages])
def test_what_stands_in_the_place_of_a_page_is_no_story(state: str, page: str) -> None:
    found = list(documents(Blob(PAGE, f"<html>{page}</html>".encode(), "page.html")))
    assert not any(isinstance(d, Document) and holds_story(d) for d in found)


@pytest.mark.parametrize(
    "page",
    [
        "<title>Gone</title><h1>Gone</h1><a href='1.html'>Chapter 1</a> <a href='2.html'>Chapter 2</a>",
        "<title>Moonlit Pages</title><p>Members only section</p>" + "<a href='x.html'>A story</a> " * 20,
        "<title>Moonlit Pages</title><p>Stories</p><a href='a.html'>One</a><form><input type='password'></form>",
        f"<title>Salt</title>{DRABBLE * 3}<form>Please log in to <input type='password'> leave a comment</form>",
        "<title></title><body></body>",
    ],
)
def test_pages_that_only_have_such_words_are_themselves(page: str) -> None:
    assert judged(page) is None


def test_the_reason_says_what_the_page_calls_itself() -> None:
    page = LexborHTMLParser("<html><title>Error 503</title><p>Later.</p></html>")
    found = stand_in(page, "Later.")
    assert found
    assert found[1].endswith(": Error 503")


@given(st.text(max_size=300), st.text(max_size=60))
@settings(max_examples=150, deadline=None)
def test_any_page_is_judged(text: str, href: str) -> None:
    page = tree(f"<p>{text}</p><a href='{href}'>{text}</a>")
    list(links(page, PAGE))
    stand_in(page, text)


@pytest.mark.parametrize(
    "body",
    [
        "<a href='a.html'>x y</a>" * 20_000,
        "<p>A story by Ann (PG) - " * 10_000,
        "<div class='menu'>" * 5_000 + "<a href='a.html'>Salt</a>" * 2_000,
        "<p>" + "a" * 500_000 + "<p>" + "a " * 300_000,
        "<p>" + "title:\n" * 200_000,
    ],
)
def test_hostile_pages_cost_no_more_than_their_length(body: str) -> None:
    page = f"<body>{body}</body>"
    list(links(tree(body), PAGE))
    judged(page)
    for found in documents(Blob(PAGE, page.encode(), "page.html")):
        assert not (isinstance(found, Document) and holds_story(found))


def test_all_stories_of_the_reference_are_stories(corpus: Path) -> None:
    for item in walk([corpus / "stories", corpus / "usenet"]):
        if isinstance(item, FileItem) and item.path.suffix != ".json":
            found = [d for d in documents(load(item.path)) if isinstance(d, Document) and d.kind == "work"]
            assert [d.source.uri for d in found if not holds_story(d)] == []
