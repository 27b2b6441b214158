"""Saved pages of FanFiction.net: what the box above a story states, and the chapter without the site around it."""

from __future__ import annotations

from pathlib import Path

import pytest

from ficdex.crawler.blob import Blob
from ficdex.crawler.importer import documents
from ficdex.errors import NoStory, ReadError, StandIn
from ficdex.extract import extract
from ficdex.lexicon import lexicon
from ficdex.model import Chapters, Document, Role, Stat, Work
from ficdex.pipeline import Extracted, extract_paths

PAGE = """<!DOCTYPE html><html><head><title>{title} Chapter {n}, a {fandom} fanfic | FanFiction</title>
<link rel="canonical" href="//www.fanfiction.net/s/7654321/{n}/x"></head><body>
<div class="zmenu"><a href="/">FanFiction</a> | unleash your imagination</div><div id="content_wrapper">
<div id="pre_story_links"><span class="lc-left"><a href="/tv/">TV Shows</a> » <a href="/tv/x/">{fandom}</a></span></div>
<div id="profile_top"><button class="btn">Follow/Fav</button><b class="xcontrast_txt">{title}</b>
<span class="xcontrast_txt">By:</span> <a class="xcontrast_txt" href="/u/12/fenn">fenn of the marsh</a>
<div style="margin-top:2px" class="xcontrast_txt">Somebody counts the ships, and there is one too many.</div>
<span class="xgray xcontrast_txt">{facts}</span></div>{menu}
<div id="storytextp"><div class="storytext nocopy" id="storytext">{story}</div></div>{menu}
<div id="review_success"><textarea>The author would like to thank you for your support.</textarea></div>
<div id="review_list"><b>gull77</b> . chapter 1 . Oct 2 <br>Update soon!</div></div></body></html>"""
FACTS = (
    'Rated: <a href="#">Fiction  T</a> - English - Hurt/Comfort/Angst - [Willow R., Tara M.] Spike - Chapters: 3'
    '   - Words: 12,345 - Reviews: <a href="#">1,402</a> - Favs: 31 - Follows: 6 - Updated: <span'
    ' data-xutime="1420156800">1/2/2015</span> - Published: <span data-xutime="1419897600">12/30/2014</span>'
    " - id: 7654321 "
)
MENU = '<select id="chap_select"><option value=1>1. Out<option value=2 selected>2. Back<option value=3>3. Home</select>'
STORY = (
    "<p>A/N: Thanks to Odile for the beta!</p>"
    "<p>The {0} ship came in with the {0} tide and nobody knew its name, not even Willow at home.</p>"
    "<p>“Hello,” said Tara.</p>"
)


def page(**parts: str) -> str:
    whole = {"title": "One Ship Too Many", "fandom": "Buffy: The Vampire Slayer", "facts": FACTS, "menu": "", "n": "1"}
    return PAGE.format(**{**whole, "story": STORY.format("first"), **parts})


def read(markup: str) -> Document | ReadError:
    (found,) = documents(Blob("saved.html", markup.encode(), "saved.html"))
    return found


def work(markup: str) -> tuple[Document, Work]:
    found = read(markup)
    assert isinstance(found, Document), found
    return found, extract(found, lexicon())


def test_the_box_above_the_story_states_the_fields() -> None:
    _, found = work(page())
    assert (found.title, found.authors, found.rating) == ("One Ship Too Many", ("fenn of the marsh",), "T")
    assert found.fandoms == ("Buffy the Vampire Slayer",)
    assert found.tags == ("Hurt/Comfort", "Angst")
    assert found.summary == "Somebody counts the ships, and there is one too many."
    assert (found.words, found.chapters) == (12_345, Chapters(3, None))
    assert (found.published, found.updated, found.status) == ("2014-12-30", "2015-01-02", "in-progress")
    assert (found.site_id, found.url) == ("ffn:7654321", "https://www.fanfiction.net/s/7654321/1/")
    assert found.stats == (Stat("reviews", 1402), Stat("favs", 31), Stat("follows", 6))
    assert found.relationships == ("Tara M./Willow R.",)
    assert {"Willow Rosenberg", "Tara Maclay", "Spike"} <= {c.name for c in found.characters}
    assert [n.text for n in found.notes] == ["Thanks to Odile for the beta!"]
    assert [c.name for c in found.betas] == ["Odile"]


def test_menus_reviews_and_buttons_stay_away() -> None:
    document, _ = work(page(menu=MENU))
    for foreign in ("unleash", "Follow/Fav", "gull77", "Update soon", "thank you for your support", "3. Home"):
        assert foreign not in document.text


def test_the_chapter_is_the_one_that_the_menu_has_chosen() -> None:
    document, found = work(page(menu=MENU))
    assert found.chapter_titles == ("2. Back",)
    assert {b.chapter for b in document.blocks if b.role is Role.CHAPTER_HEADING or b.role is None} == {2}


def test_saved_chapters_become_one_work(tmp_path: Path) -> None:
    for n, name in ((1, "b"), (2, "a"), (3, "c")):
        chosen = MENU.replace("=2 selected", "=2").replace(f"value={n}", f"value={n} selected")
        text = page(menu=chosen, n=str(n), story=STORY.format(f"{n}th"))
        (tmp_path / f"{name}.html").write_text(text, encoding="utf-8")
    (one,) = extract_paths([tmp_path])
    assert isinstance(one, Extracted)
    assert [Path(part).name for part in one.work.parts] == ["b.html", "a.html", "c.html"]
    assert one.work.chapter_titles == ("1. Out", "2. Back", "3. Home")


@pytest.mark.parametrize(
    ("facts", "rating", "complete"),
    [
        ("Rated: Fiction K+ - English - General - Published: Sep 30, 2012 - Status: Complete - id: 5", "K+", True),
        ("Rated: M - English - Romance - Reviews: 3 - Published: 01-02-04 - Updated: 03-30-04 - id:5", "M", False),
        ("Fiction Rated: PG-13 - English - Drama/Angst - Reviews: 3 - Published: 01-20-04 - Complete", "PG-13", True),
    ],
)  # fmt: skip
def test_lines_of_other_years_are_read(facts: str, rating: str, complete: bool) -> None:
    _, found = work(page(facts=facts))
    assert (found.rating, found.status == "complete") == (rating, complete)
    assert (found.published or "")[:4] in ("2012", "2004")


def test_a_crossover_has_both_fandoms() -> None:
    _, found = work(page(fandom="Buffy: The Vampire Slayer + Harry Potter Crossover"))
    assert set(found.fandoms) == {"Buffy the Vampire Slayer", "Harry Potter"}


MOBILE = """<html><body><div id="content_wrapper"><div id="content"><div align="center"><b>One Ship Too Many</b> by
<a href="/u/12/">fenn</a></div><a href="/tv/x/">Firefly</a><br>Rated: T, English, Humor, words: 2k+, favs: 3, published:
<span data-xutime="1419897600">Dec 30, 2014</span></div>
<div class="storycontent" id="storycontent">
<p>The ship came in with the tide.</p><p>Nobody knew its name.</p></div></div></body></html>"""


def test_the_mobile_page_is_read_too() -> None:
    _, found = work(MOBILE)
    assert (found.title, found.authors, found.rating) == ("One Ship Too Many", ("fenn",), "T")
    assert found.fandoms == ("Firefly",)


@pytest.mark.parametrize("facts", ["", "Rated:", "Rated: - - -", "words: 9", "Rated: Fiction T - Words: 1k"])
def test_a_line_with_holes_costs_its_fields_alone(facts: str) -> None:
    _, found = work(page(facts=facts))
    assert found.title == "One Ship Too Many"


@pytest.mark.parametrize(
    ("body", "state"),
    [
        ('<span class="gui_warning">Story Not Found<br>Story is unavailable for reading.</span>', "gone"),
        ('<form id="challenge-form"><h1>Just a moment...</h1>Checking your browser</form>', "blocked"),
    ],
)
def test_a_page_in_the_place_of_a_story_says_what_it_is(body: str, state: str) -> None:
    found = read(
        f'<html><head><title>FanFiction</title></head><body><div id="content_wrapper">{body}</div></body></html>'
    )
    assert isinstance(found, StandIn)
    assert found.state == state


def test_a_story_that_is_empty_is_none() -> None:
    assert isinstance(read(page(story="")), NoStory)
