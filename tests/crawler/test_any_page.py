"""Pages of no known engine give the story: blogs, tables of the nineties, `<pre>`, nothing but line breaks."""

from __future__ import annotations

from pathlib import Path

import pytest

from ficdex.crawler.blob import Blob
from ficdex.crawler.importer import documents
from ficdex.errors import NoStory, ReadError
from ficdex.extract import extract
from ficdex.lexicon import lexicon
from ficdex.model import Document, Work

PAGES = Path(__file__).parent / "pages" / "any"
STORY = {
    "first": "The ferry left without them, and Anna watched it go with her shoes in her hand.",
    "second": '"There is another at six," said Tomas, who had never once read a timetable.',
    "third": " ".join(f"They counted {n} gulls on the wall, and the sea came up the steps." for n in range(2, 30)),
    "fourth": "Nobody spoke until the lamps were lit along the harbour, and then they both did at once, and laughed.",
}
NAMES = sorted(path.stem for path in PAGES.glob("*.html"))
AWAY = (
    "Twitter", "Like this", "filed under", "Leave a", "About", "about", "I live by the sea", "on the bus", "tram",
    "reply", "WordPress", "Blogger", "Drupal", "Older Post", "Labels", "Tagged", "Related", "Guestbook", "Web Ring",
    "webring", "visitor", "Visitors", "GeoCities", "Free Home", "Best viewed", "News", "The Pier", "the pier", "Home",
    "Login", "reads", "Skip to", "told badly", "Back to",
)  # fmt: skip
SIGNED = {"bare", "blogspot", "block_theme", "personal", "preformatted", "tables", "word"}
"""Pages that say who wrote the story, other than in a site's own words."""


def read(name: str) -> Document:
    markup = (PAGES / f"{name}.html").read_text("utf-8")
    for key, words in STORY.items():
        markup = markup.replace(f"@{key}@", words)
    return one(markup)


def found(markup: str) -> Document | ReadError:
    (only,) = documents(Blob("saved.html", markup.encode(), "saved.html"))
    return only


def one(markup: str) -> Document:
    document = found(markup)
    assert isinstance(document, Document), document
    return document


def work(name: str) -> Work:
    return extract(read(name), lexicon())


@pytest.mark.parametrize("name", NAMES)
def test_every_paragraph_of_the_story_is_a_block_of_its_own(name: str) -> None:
    document = read(name)
    said = [document.text[b.span.start : b.span.end].strip() for b in document.blocks]
    assert [words for words in said if words in STORY.values()] == list(STORY.values())


@pytest.mark.parametrize("name", NAMES)
def test_nothing_of_the_site_and_its_readers_is_left(name: str) -> None:
    text = read(name).text
    assert [words for words in AWAY if words in text] == []


@pytest.mark.parametrize("name", NAMES)
def test_the_title_is_the_storys_and_not_the_sites(name: str) -> None:
    assert (work(name).title or "").lower() == "low water"


@pytest.mark.parametrize("name", sorted(SIGNED))
def test_the_author_is_who_the_page_says(name: str) -> None:
    assert work(name).authors == ("Annie Quay",)


@pytest.mark.parametrize("name", ["block_theme", "blogspot"])
def test_the_day_of_a_blogs_post_is_declared(name: str) -> None:
    days = {e.value for e in read(name).declared if e.field == "published"}
    assert days <= {"2021-03-02", "2007-03-02"}
    assert days


@pytest.mark.parametrize("name", ["bare", "drupal", "kubrick", "personal", "preformatted", "tables", "word"])
def test_the_storys_own_header_is_kept(name: str) -> None:
    assert [beta.name for beta in work(name).betas] == ["tidewrack"]


def test_what_holds_most_of_the_page_is_the_work_whatever_it_is_called() -> None:
    story = "".join(f"<p>{words}</p>" for words in STORY.values())
    document = one(f'<body><div class="sidebar"><a href="/">x</a></div><div class="widget main">{story}</div></body>')
    assert len(document.blocks) == len(STORY)


def test_a_note_with_links_is_kept() -> None:
    note = '<div>Inspired by <a href="/1">a photograph</a> and <a href="/2">a song</a>, and by years of ferries.</div>'
    story = "".join(f"<p>{words}</p>" for words in STORY.values())
    assert "Inspired by a photograph" in one(f"<body>{note}<div>{story}</div></body>").text


def test_a_link_in_a_sentence_is_text() -> None:
    assert "She went home again." in one('<html><p>She went <a href="/h">home</a> again.</p>').text


def test_blank_lines_in_preformatted_text_part_paragraphs() -> None:
    assert len(one("<html><pre>One line\nand one more.\n\n  Another.\n \nA third.</pre>").blocks) == 3


def test_a_set_of_frames_says_that_the_story_is_elsewhere() -> None:
    refused = found(
        '<html><head><title>x</title></head><frameset cols="20%,80%"><frame src="a.html"></frameset></html>'
    )
    assert isinstance(refused, NoStory)
    assert "frame" in refused.reason


def test_the_wayback_machines_toolbar_is_none_of_the_page() -> None:
    story = "".join(f"<p>{words}</p>" for words in STORY.values())
    bar = '<div id="wm-ipp-base"><div id="wm-ipp"><a href="/web/">41 captures</a> 2 Mar 2007</div></div>'
    assert "captures" not in one(f"<html><body>{bar}{story}</body></html>").text


def test_a_header_with_the_only_heading_of_a_page_is_the_storys() -> None:
    story = "".join(f"<p>{words}</p>" for words in STORY.values())
    own = f"<html><body><div><header><h1>Low Water</h1><p>by Annie</p></header>{story}</div></body></html>"
    assert one(own).text.startswith("Low Water")
    sites = f"<html><body><div><header><h1>Harbour</h1></header><h2>Low Water</h2>{story}</div></body></html>"
    assert one(sites).text.startswith("Low Water")


@pytest.mark.parametrize(
    "header", ["<p><b>Genre:</b> <a href='/g'>Music</a></p>", "<dl><dt>Genre:</dt><dd><a href='/g'>Music</a></dd></dl>"]
)
def test_a_link_behind_a_key_is_its_value(header: str) -> None:
    assert "Genre: Music" in one(f"<html><body>{header}<p>{STORY['third']}</p></body></html>").text
