"""Titles, authors, header lines and notes out of text of every shape."""

from __future__ import annotations

import time

import pytest

from ficdex.crawler.blob import Blob
from ficdex.crawler.importer import documents
from ficdex.extract import extract, markers
from ficdex.extract.titling import trimmed_title
from ficdex.lexicon import lexicon
from ficdex.model import Document, Work

PROSE = (
    "The harbour was empty when they came down to it, and the tide was going out.\n\n"
    '"You might have said," said Maren.\n\n'
    "He looked at the boats for a long while. There was nothing in them but rain."
)


def work(text: str, name: str = "a.txt") -> Work:
    (document,) = documents(Blob(name, text.encode(), name))
    assert isinstance(document, Document)
    return extract(document, lexicon())


@pytest.mark.parametrize(
    ("head", "title", "authors"),
    [
        ("Title: Low Tide\nAuthor: Fenn\nRating: PG", "Low Tide", ("Fenn",)),
        ("TITLE - Low Tide\nAUTHOR - Fenn", "Low Tide", ("Fenn",)),
        ("* **Title:** Low Tide\n* **Author:** Fenn", "Low Tide", ("Fenn",)),
        ("Titre : Basse mer\nAuteure : Fenn", "Basse mer", ("Fenn",)),
        ("Titel: Ebbe\nAutorin: Fenn", "Ebbe", ("Fenn",)),
        ("Título: Bajamar\nAutora: Fenn", "Bajamar", ("Fenn",)),
        ("Low Tide\nby Fenn Hollis", "Low Tide", ("Fenn Hollis",)),
        ("LOW TIDE by Fenn Hollis", "LOW TIDE", ("Fenn Hollis",)),
        ("Low Tide", "Low Tide", ()),
        ("Title: Low Tide (1/3)\nAuthor: Fenn and Odile", "Low Tide", ("Fenn", "Odile")),
        ("Title: Low Tide\nAuthor: fenn@post.example (Fenn Hollis)", "Low Tide", ("Fenn Hollis",)),
        ("L O W   T I D E", "LOW TIDE", ()),
    ],
)
def test_titles_and_authors_are_read_from_the_front(head: str, title: str, authors: tuple[str, ...]) -> None:
    found = work(f"{head}\n\n{PROSE}")
    assert found.title == title
    if "fenn@" not in head:
        assert found.authors == authors


@pytest.mark.parametrize(
    "subject",
    [
        "Fic: Low Tide (Merlin, Arthur/Gwen, PG-13)", "Fic: Low Tide (Merlin)", "Low Tide [Tidewater AU]",
        "[Fic] Low Tide - Merlin, Arthur/Gwen, NC-17", "low tide | merlin | pg",
        "Low Tide (Merlin/Torchwood crossover)",
    ],
)  # fmt: skip
def test_a_subject_is_a_title_without_fandom_pairing_and_rating(subject: str) -> None:
    assert trimmed_title(subject, loose=True).lower() == "low tide"


def test_a_title_keeps_brackets_that_say_more_than_a_fandom() -> None:
    assert trimmed_title("Low Tide (With Gulls)", loose=True) == "Low Tide (With Gulls)"
    assert trimmed_title("Low Tide - a Summer", loose=True) == "Low Tide - a Summer"


def test_a_text_that_starts_with_prose_has_no_title() -> None:
    assert work(PROSE).title is None


@pytest.mark.parametrize("generic", ["Untitled Document", "Chapter 1", "New Page 1", "Document1"])
def test_generic_titles_are_refused(generic: str) -> None:
    page = f"<html><head><title>{generic}</title></head><body><p>{PROSE}</p></body></html>"
    assert work(page, "a.html").title is None


@pytest.mark.parametrize(
    "marker",
    ["A/N:", "a/n -", "(A/N", "[a/n]:", "**A/N:**", "Author's Note:", "AN:", "AN//", "Note de l'auteure :",
     "Anmerkung der Autorin:", "Nota da autora:", "Authoress's Note:", "Authors Notes -", "A.N."],
)  # fmt: skip
def test_marked_notes_come_without_their_marker(marker: str) -> None:
    closing = {"(": ")"}.get(marker[0], "")
    words = "I wrote the whole of this on a ferry, be kind"
    (note,) = work(f"Low Tide\n\n{marker} {words}{closing}\n\n{PROSE}").notes
    assert (note.text, note.position) == (words, "start")


@pytest.mark.parametrize(
    "prose",
    ["An old woman came down the stair.", "AN UNEXPECTED GUEST stood there.", "There was a note on the fridge.",
     "Notes drifted up from the piano.", "I never wrote to her again, and she never asked me why."],
)  # fmt: skip
def test_prose_is_no_note(prose: str) -> None:
    assert work(f"{prose}\n\n{PROSE}\n\n{prose}").notes == ()


def test_a_note_behind_the_end_is_an_end_note() -> None:
    found = work(f"Low Tide\n\n{PROSE}\n\nThe End\n\nThanks for reading, reviews make my day!")
    assert [(n.text, n.position) for n in found.notes] == [("Thanks for reading, reviews make my day!", "end")]


def test_a_note_glued_to_the_last_sentence_is_found() -> None:
    found = work(f"Low Tide\n\n{PROSE} It was over.A/N: Sequel soon!")
    assert [n.text for n in found.notes] == ["Sequel soon!"]


def test_a_bracketed_note_inside_of_prose_is_inline() -> None:
    found = work(f"Low Tide\n\n{PROSE}\n\nShe took the boat (A/N: I know nothing of boats) and went.\n\n{PROSE}")
    assert [(n.text, n.position) for n in found.notes] == [("I know nothing of boats", "inline")]


def test_every_span_quotes_the_text() -> None:
    text = f"Title: Low Tide\nAuthor: Fenn\nSummary: Two people\n  and a boat.\n\nA/N: Hello!\n\n{PROSE}"
    (document,) = documents(Blob("a.txt", text.encode(), "a.txt"))
    assert isinstance(document, Document)
    found = extract(document, lexicon())
    assert found.summary == "Two people and a boat."
    quotes = {e.field: document.text[e.span.start : e.span.end] for e in found.evidence if e.span}
    assert quotes["title"] == "Low Tide"
    assert quotes["notes"] == "Hello!"


@pytest.mark.slow
@pytest.mark.parametrize("line", ["A/N ", "Title: ", "* ", ": ", "( ", "by ", "beta ", "Aa ", "“", "\n"])
def test_a_megabyte_of_anything_takes_seconds_at_most(line: str) -> None:
    """Budget: 20 s each; what is quadratic takes hours."""
    start = time.monotonic()
    for _ in documents(Blob("a.txt", (line * (300_000 // len(line.encode()))).encode(), "a.txt")):
        if isinstance(_, Document):
            extract(_, lexicon())
    assert time.monotonic() - start < 20


@pytest.mark.parametrize(
    ("preface", "authors"),
    [
        (f"This is my first try at a story, please be kind.\n\n{' ' * 40}Jon R-B\n\n---\n\nLOW TIDE", ("Jon R-B",)),
        ("Disclaimer: not mine. Feedback is welcome!\n-- Fenn", ("Fenn",)),
        ("LOW TIDE\nby Odile\n\nA/N: Typed up for you.\n-- Fenn", ("Odile",)),
        ("Disclaimer: they are not mine, I just dream -- sometimes", ()),
    ],
)
def test_who_signs_a_preface_wrote_it_where_nobody_else_is_named(preface: str, authors: tuple[str, ...]) -> None:
    assert work(f"{preface}\n\n{PROSE}").authors == authors


def test_who_posts_for_somebody_else_is_no_author() -> None:
    head = "From: peggy@post.example (Peggy Li)\nSubject: Low Tide\n\n"
    note = "NOTE: I am not the author! Please write to Adam Webb about this story, not to me.\n\n"
    assert work(f"{head}{PROSE}").authors == ("Peggy Li",)
    assert work(f"{head}{note}LOW TIDE\n\nA tale of the sea\n\nAdam Webb\n\n\n{PROSE}").authors == ("Adam Webb",)


@pytest.mark.parametrize("subject", ["NEW ST:TNG -- Low Tide", "Merlin - Low Tide", "STAR TREK::Low Tide"])
def test_a_fandom_in_front_is_no_part_of_a_title(subject: str) -> None:
    assert trimmed_title(subject, loose=True) == "Low Tide"


def test_a_title_behind_a_teaser_is_the_only_line_in_capitals() -> None:
    more = "\n\n".join([PROSE] * 5)
    assert work(f"{PROSE}\n\nLOW TIDE\n\n{more}").title == "LOW TIDE"
    assert work(f"{PROSE}\n\nINT. BRIDGE\n\n{PROSE}\n\nEXT. QUAY\n\n{more}").title is None
    assert work(f'{PROSE}\n\n"MAREN!"\n\n{more}').title is None


@pytest.mark.parametrize(
    ("line", "is_foot"),
    [
        ("Back to index", True),
        ("<< Slow Boat | More by Fenn | Next >>", True),
        ("To unsubscribe send a blank message to the list.", True),
        ("fenn@host.example", True),
        ("He went back to the top of the hill.", False),
        ('"I can\'t go on like this," he said.', False),
        ("He loved the sea more by the day.", False),
    ],
)
def test_what_stands_below_a_text(line: str, is_foot: bool) -> None:
    assert markers.is_foot(line) == is_foot


def test_comments_below_a_story_are_no_notes_of_it() -> None:
    found = work(
        f"Low Tide\nby Fenn\n\n{PROSE}\n\n{PROSE}\n\n( 2 comments - Leave a comment )\n\nodile\n\nI loved this!"
    )
    assert not found.notes
