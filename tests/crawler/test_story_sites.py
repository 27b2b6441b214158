"""Saved pages of Royal Road, FimFiction and Wattpad: chapters, what the sites state, and nothing of the sites."""

from __future__ import annotations

from ficdex.crawler.blob import Blob
from ficdex.crawler.importer import documents
from ficdex.errors import NoStory, ReadError
from ficdex.extract import extract
from ficdex.lexicon import lexicon
from ficdex.model import Document, Work

FIRST = "The lighthouse keeper counted the ships twice, because the first number had been wrong all week."
SECOND = "On Monday there was one ship more than there had been ships, and it had no name on its bow."


def read(markup: str) -> Document | ReadError:
    (found,) = documents(Blob("saved.html", markup.encode(), "saved.html"))
    return found


def work(markup: str) -> tuple[Document, Work]:
    found = read(markup)
    assert isinstance(found, Document), found
    return found, extract(found, lexicon())


ROYAL = f"""<!DOCTYPE html><html><head><title>4. The Count - One Ship Too Many | Royal Road</title>
<meta property="og:site_name" content="Royal Road"><link rel="canonical"
 href="https://www.royalroad.com/fiction/4321/one-ship/chapter/99/the-count">
<style>.cnM2YjA3{{ display: none; speak: never; }} .shown{{color:red}}</style></head><body>
<div class="fic-header"><h2>One Ship Too Many</h2><h3>by <a href="/profile/7">Fenn</a></h3><h1>4. The Count</h1></div>
<div class="portlet author-note-portlet"><div class="caption-subject">A note from Fenn</div>
<div class="portlet-body author-note"><p>Thanks to Odile for beta reading this one.</p></div></div>
<div class="chapter-inner chapter-content"><p class="shown">{FIRST}</p>
<p class="cnM2YjA3">If you come across this story elsewhere, report it.</p>
<p>{SECOND}<span class="cnM2YjA3">Unauthorized use.</span></p></div>
<div class="portlet author-note-portlet"><div class="portlet-body author-note"><p>See you on Friday!</p></div></div>
<div class="comments"><p>Great chapter, thanks!</p></div></body></html>"""


def test_royal_road_gives_the_chapter_and_its_notes_without_hidden_paragraphs() -> None:
    document, found = work(ROYAL)
    assert (found.title, found.authors, found.site_id) == ("One Ship Too Many", ("Fenn",), "royalroad:4321")
    assert [(n.text, n.position, n.chapter) for n in found.notes] == [
        ("Thanks to Odile for beta reading this one.", "chapter_start", 4),
        ("See you on Friday!", "chapter_end", 4),
    ]
    assert [c.name for c in found.betas] == ["Odile"]
    assert FIRST in document.text
    for foreign in ("report it", "Unauthorized", "Great chapter", "A note from"):
        assert foreign not in document.text


def test_a_fiction_s_own_page_is_what_it_states() -> None:
    markup = """<html><body><div class="fiction-page"><div class="fic-title"><h1>One Ship Too Many</h1><h4>by
    <a href="/profile/7">Fenn</a></h4></div><div class="fiction-info"><span class="label">Original</span>
    <span class="label">COMPLETED</span><span class="tags"><a class="fiction-tag">Fantasy</a><a class="fiction-tag">Slow
    Burn</a></span><div class="description"><div class="hidden-content">Somebody counts the ships.</div></div></div>
    <table id="chapters"><tbody><tr><td>1. Out</td></tr><tr><td>2. Back</td></tr></tbody></table></div></body></html>"""
    _, found = work(markup)
    assert (found.kind, found.title, found.status, found.tags) == (
        "metadata", "One Ship Too Many", "complete", ("Fantasy", "Slow Burn"),
    )  # fmt: skip
    assert (found.summary, found.chapters.published) == ("Somebody counts the ships.", 2)


FIM = f"""<html><head><meta property="og:site_name" content="Fimfiction"><link rel="canonical"
 href="https://www.fimfiction.net/story/888/2/one-ship/back"></head><body><div class="story_content_box">
<span class="content-rating-teen">T</span><a class="story_name" href="/story/888/one-ship">One Ship Too Many</a>
<span class="author">by <a href="/user/9/Fenn">Fenn</a></span><ul class="story-tags">
<li><a class="tag-series">My Little Pony: Friendship is Magic</a></li><li><a class="tag-genre">Drama</a></li>
<li><a class="tag-character">Twilight Sparkle</a></li><li><a class="tag-warning">Death</a></li></ul>
<span class="completed-status-incomplete">Incomplete</span></div><div id="chapter_title">2. Back</div>
<div id="chapter-body"><div class="bbcode"><div class="authors-note"><p>Odile edited this.</p></div><p>{FIRST}</p>
<p>{SECOND}</p></div></div><div class="authors-note"><b>Author's Note:</b><p>Thank you all for reading!</p></div>
<div class="comment"><p>First!</p></div></body></html>"""


def test_fimfiction_gives_the_chapter_its_notes_and_tags() -> None:
    document, found = work(FIM)
    assert (found.title, found.authors, found.site_id) == ("One Ship Too Many", ("Fenn",), "fimfiction:888")
    assert (found.rating, found.status, found.tags, found.warnings) == ("Teen", "in-progress", ("Drama",), ("Death",))
    assert found.fandoms == ("My Little Pony: Friendship is Magic",)
    assert "Twilight Sparkle" in {c.name for c in found.characters}
    assert [(n.text, n.position) for n in found.notes] == [
        ("Odile edited this.", "chapter_start"),
        ("Thank you all for reading!", "chapter_end"),
    ]
    assert "First!" not in document.text


WATT = f"""<html><head><meta property="og:site_name" content="Wattpad"></head><body><div id="story-reading">
<div class="toc-header"><h2>One Ship Too Many</h2></div><div class="author-info"><div class="author-info__username">
<a href="/user/fenn">fenn</a></div></div><h1 class="h2">two - back</h1><span class="reads">12K</span>
<pre><p data-p-id="1">{FIRST}<span class="num-comment">41</span></p><p data-p-id="2">{SECOND}</p></pre>
<a class="next-part">Continue reading next part</a><div class="comments">wow</div></div></body></html>"""


def test_wattpad_gives_the_paragraphs_without_counts_and_links() -> None:
    document, found = work(WATT)
    assert (found.title, found.authors) == ("One Ship Too Many", ("fenn",))
    assert document.text.endswith(f"{FIRST}\n\n{SECOND}\n\n")
    for foreign in ("41", "12K", "Continue", "wow"):
        assert foreign not in document.text


def test_pages_of_these_sites_without_a_story_are_none() -> None:
    for name in ("Royal Road", "Fimfiction", "Wattpad"):
        page = f'<html><head><meta property="og:site_name" content="{name}"></head><body><p>Home</p></body></html>'
        assert isinstance(read(page), NoStory)
