"""Threads of XenForo forums give their threadmarked posts as chapters; readers' posts stay away."""

from __future__ import annotations

from pathlib import Path

import pytest

from ficdex.crawler.blob import Blob
from ficdex.crawler.importer import documents
from ficdex.errors import NoStory, ReadError, StandIn
from ficdex.extract import extract
from ficdex.lexicon import lexicon
from ficdex.model import Document, Role

FIRST = "The lighthouse keeper counted the ships twice, because the first number had been wrong all week."
SECOND = "On Monday there was one ship more than there had been ships, and it had no name on its bow."
THIRD = "He lit the lamp by day. Somebody out there, he thought, might like to be told that it was known."
LONG = " ".join(f"Sentence {n} of a very long story goes by." for n in range(60))
PAGES = Path(__file__).parent / "pages" / "xenforo"


def page(name: str, **parts: str) -> str:
    """A page or a part of one, of XenForo 2, or 1 for names that begin with "old"."""
    return (PAGES / f"{name}.html").read_text("utf-8").format(**parts)


def post(
    author: str, text: str, label: str = "", number: int = 1, category: str = "Threadmarks", engine: str = ""
) -> str:
    mark = page(f"{engine}mark", category=category, label=label) if label else ""
    marked = "hasThreadmark" if label else ""
    return page(f"{engine}post", author=author, text=text, mark=mark, marked=marked, number=str(number))


def thread(*posts: str, further: str = "", engine: str = "") -> str:
    return page(f"{engine}thread", posts="".join(posts), further=further)


TALK = post("Gull", "Great chapter, when is the next one?", number=2)
STORY = thread(
    post("Keeper", FIRST, "Ships", number=1),
    TALK,
    post("Keeper", "Thanks all, next one on Friday.", number=3),
    post("Keeper", SECOND, "No Name", number=4),
    post("Gull", THIRD, "Gull's Tale", category="Apocrypha", number=5),
)


def read(markup: str, uri: str = "saved.html") -> Document | ReadError:
    (found,) = documents(Blob(uri, markup.encode(), "saved.html"))
    return found


def one(markup: str, uri: str = "saved.html") -> Document:
    found = read(markup, uri)
    assert isinstance(found, Document), found
    return found


def refused(markup: str) -> ReadError:
    found = read(markup)
    assert isinstance(found, ReadError)
    return found


def values(document: Document, field: str) -> list[object]:
    return [e.value for e in document.declared if e.field == field]


def headings(document: Document) -> list[tuple[str, int | None]]:
    blocks = (b for b in document.blocks if b.role is Role.CHAPTER_HEADING)
    return [(document.text[b.span.start : b.span.end].strip(), b.chapter) for b in blocks]


def test_threadmarked_posts_are_the_chapters_under_their_labels() -> None:
    document = one(STORY)
    assert headings(document) == [("Ships", 1), ("No Name", 2)]
    assert FIRST in document.text
    assert SECOND in document.text


def test_posts_without_a_threadmark_signatures_and_likes_stay_away() -> None:
    text = one(STORY).text
    for words in ("Great chapter", "Thanks all", "My other story", "Gull", "Last edited", "Old hand"):
        assert words not in text


def test_side_stories_are_chapters_only_where_there_are_no_others() -> None:
    assert THIRD not in one(STORY).text
    aside = one(thread(TALK, post("Gull", THIRD, "Gull's Tale", category="Apocrypha")))
    assert headings(aside) == [("Gull's Tale", 1)]


def test_a_thread_states_its_title_without_prefixes_its_starter_day_and_tags() -> None:
    document = one(STORY)
    assert values(document, "title") == ["The Count"]
    assert values(document, "authors") == ["Keeper"]
    assert values(document, "published") == ["2019-05-01"]
    assert values(document, "updated") == ["2019-05-04"]
    assert values(document, "tags") == ["Worm", "alt power", "slow burn"]
    assert values(document, "url") == ["https://forum.example/threads/the-count.77/"]


def test_a_page_that_others_follow_does_not_say_when_the_story_was_updated() -> None:
    markup = thread(post("Keeper", FIRST, "Ships"), further='<a class="pageNav-jump--next" href="page-2">Next</a>')
    assert values(one(markup), "updated") == []


def test_a_thread_of_xenforo_1_is_read_alike() -> None:
    marked = [post("Keeper", text, label, engine="old_") for text, label in ((FIRST, "Ships"), (SECOND, "No Name"))]
    document = one(thread(marked[0], post("Gull", "Nice!", engine="old_"), marked[1], engine="old_"))
    assert values(document, "title") == ["The Count"]
    assert values(document, "authors") == ["Keeper"]
    assert values(document, "published") == ["2019-05-01"]
    assert headings(document) == [("Ships", 1), ("No Name", 2)]
    assert "Nice!" not in document.text


def test_reader_mode_without_a_starter_is_by_who_wrote_the_posts() -> None:
    markup = thread(post("Keeper", FIRST, "Ships"), post("Keeper", SECOND, "No Name"))
    assert values(one(markup.replace("p-description", "p-nothing")), "authors") == ["Keeper"]


def test_a_further_page_goes_on_counting_from_the_number_in_its_first_label() -> None:
    pages = '<ul class="pageNav-main"><li class="pageNav-page pageNav-page--current"><a>2</a></li></ul>'
    markup = thread(post("Keeper", FIRST, "Chapter 11: Ships"), post("Keeper", SECOND, "Interlude"), further=pages)
    assert headings(one(markup)) == [("Chapter 11: Ships", 11), ("Interlude", 12)]


def test_numbers_of_threadmarks_are_kept_where_they_are_shown() -> None:
    markup = thread(
        post("Keeper", FIRST, "Ships").replace("<label>Threadmarks</label>", "<label>Threadmarks</label> #31")
    )
    assert headings(one(markup)) == [("Ships", 31)]


def test_spoilers_are_opened_and_quotes_of_other_posts_left_out() -> None:
    button = '<button class="bbCodeSpoiler-button">Spoiler</button>'
    spoiler = f'<div class="bbCodeSpoiler">{button}<div class="bbCodeSpoiler-content">{SECOND}</div></div>'
    expand = '<div class="bbCodeBlock-expandLink">Click to expand...</div>'
    quote = f'<blockquote class="bbCodeBlock--quote" data-quote="Gull">More please{expand}</blockquote>'
    letter = '<blockquote class="bbCodeBlock--quote" data-quote="">Dear keeper, count again.</blockquote>'
    text = one(thread(post("Keeper", quote + FIRST + spoiler + letter, "Ships"))).text
    assert SECOND in text
    assert "Dear keeper, count again." in text
    assert "More please" not in text
    assert "Click to expand" not in text


def test_a_thread_without_threadmarks_is_its_starters_long_posts() -> None:
    document = one(thread(post("Keeper", LONG), TALK, post("Keeper", "Thanks!"), post("Keeper", f"{LONG} {SECOND}")))
    assert SECOND in document.text
    assert "Great chapter" not in document.text
    assert "Thanks!" not in document.text


def test_a_thread_of_talk_is_no_story() -> None:
    found = refused(thread(post("Keeper", "What is everybody reading?"), TALK, post("Gull", LONG)))
    assert isinstance(found, NoStory)
    assert not isinstance(found, StandIn)


@pytest.mark.parametrize(
    ("said", "state"),
    [("You must be logged-in to do that.", "gated_login"), ("The requested thread could not be found.", "gone")],
)
def test_a_page_in_the_place_of_a_thread_says_what_it_is(said: str, state: str) -> None:
    head = '<html id="XF" data-app="public" data-template="error">'
    markup = f'{head}<body><div class="blockMessage">{said}</div></body></html>'
    found = refused(markup)
    assert isinstance(found, StandIn)
    assert found.state == state


def test_the_first_posts_own_header_speaks_for_the_story() -> None:
    front = "<b>Rating:</b> T<br><b>Summary:</b> A keeper counts ships.<br><b>Beta:</b> tidewrack<br><br>"
    work = extract(one(thread(post("Keeper", front + FIRST, "Ships"), post("Keeper", SECOND, "No Name"))), lexicon())
    assert work.rating == "T"
    assert work.summary == "A keeper counts ships."
    assert [b.name for b in work.betas] == ["tidewrack"]
    assert work.chapters.published == 2
    assert work.title == "The Count"


def test_a_spoiler_that_is_called_a_note_is_one() -> None:
    name = "<button class='bbCodeSpoiler-button'>Spoiler: <span class='bbCodeSpoiler-button-title'>A/N</span></button>"
    note = f"<div class='bbCodeSpoiler'>{name}<div class='bbCodeSpoiler-content'>Thanks for reading.</div></div>"
    posts = (post("Keeper", FIRST + note, "Ships"), post("Keeper", f"{SECOND}<br><br>{THIRD}{note}", "No Name"))
    notes = extract(one(thread(*posts)), lexicon()).notes
    assert [n.text for n in notes] == ["Thanks for reading."] * 2
