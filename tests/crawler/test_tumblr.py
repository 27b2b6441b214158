"""Posts of Tumblr give the story and whose it is, in any theme and at any place of a chain of reblogs."""

from __future__ import annotations

from pathlib import Path

import pytest

from ficdex.crawler.blob import Blob
from ficdex.crawler.importer import documents
from ficdex.errors import NoStory, ReadError, StandIn
from ficdex.model import Document, Role, Stat

PAGES = Path(__file__).parent / "pages" / "tumblr"
STORY = {
    "first": "the ferry left without them, and anna watched it go with her shoes in her hand.",
    "second": '"there is another at six," said tomas, who had never once read a timetable.',
    "third": "they sat down on the wall. the sea came up the steps, thought better of it, and went away again.",
}
NAMES = ("theme", "quotes", "boxes", "dashboard")


def page(name: str) -> str:
    markup = (PAGES / f"{name}.html").read_text("utf-8")
    for key, words in STORY.items():
        markup = markup.replace(f"{{{key}}}", words)
    return markup


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


def told(document: Document) -> list[str]:
    """What the page says below title, blog and header lines."""
    own = [b for b in document.blocks if b.role is None]
    return [document.text[b.span.start : b.span.end].strip() for b in own]


@pytest.mark.parametrize("name", NAMES)
def test_the_story_is_all_that_is_told(name: str) -> None:
    document = one(page(name))
    assert [words for words in told(document) if words != "low water"] == list(STORY.values())


@pytest.mark.parametrize("name", NAMES)
def test_the_author_is_the_blog_that_wrote_the_story(name: str) -> None:
    assert values(one(page(name)), "authors") == ["gull-annie"]


def test_a_theme_states_title_tags_day_and_notes() -> None:
    document = one(page("theme"))
    assert values(document, "title") == ["low water"]
    assert values(document, "tags") == ["harbour", "anna x tomas"]
    assert values(document, "published")[-1] == "2015-03-02"
    assert values(document, "stats") == [Stat("notes", 1204)]
    assert values(document, "url") == ["https://gull-annie.tumblr.com/post/101/low-water"]


def test_a_dashboard_states_its_tags() -> None:
    assert values(one(page("dashboard")), "tags") == ["harbour", "anna x tomas"]


def test_two_who_write_in_turns_are_both_authors() -> None:
    markup = page("boxes").replace("oh my heart", " ".join(STORY.values()))
    assert values(one(markup), "authors") == ["gull-annie", "kelp"]


def test_an_addition_to_a_quoted_prompt_is_by_the_blog_itself() -> None:
    markup = page("quotes").replace("what they said", " ".join(STORY.values()) * 4)
    assert values(one(markup), "authors") == ["kelp"]


def test_a_question_is_quoted_and_not_told() -> None:
    asked = '<div class="question"><a class="asker">Anonymous</a> could you write a ferry?</div>'
    document = one(page("theme").replace('<div class="caption">', f'{asked}<div class="caption">'))
    quoted = [document.text[b.span.start : b.span.end].strip() for b in document.blocks if b.role is Role.QUOTED]
    assert quoted == ["Anonymous could you write a ferry?"]
    assert values(document, "authors") == ["gull-annie"]


def test_a_blogs_page_gives_the_posts_that_are_stories() -> None:
    long = f'<div class="post"><p>{" ".join(STORY.values()) * 3}</p></div>'
    markup = f'<div class="post"><p>so tired</p></div>{long}<div class="post"><p>one picture</p></div>'
    (found,) = read(f'<meta property="og:type" content="tumblr-feed:tumblelog"><body>{markup}</body>')
    assert isinstance(found, Document)
    assert found.source.uri == "saved.html#post-2"


@pytest.mark.parametrize(
    ("said", "state"),
    [
        ("This Tumblr may contain sensitive media.", "gated_adult"),
        ("Log in to view this post.", "gated_login"),
        ("There's nothing here. Whatever you were looking for doesn't currently exist at this address.", "gone"),
    ],
)
def test_a_page_in_the_place_of_a_post_says_what_it_is(said: str, state: str) -> None:
    found = refused(f'<head><meta property="og:site_name" content="Tumblr"></head><body><p>{said}</p></body>')
    assert isinstance(found, StandIn)
    assert found.state == state


def test_a_post_without_words_is_no_story() -> None:
    found = refused('<head><meta property="og:site_name" content="Tumblr"></head><article><img src="a.png"></article>')
    assert isinstance(found, NoStory)
