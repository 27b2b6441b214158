"""Titles and authors of title pages as posts, zines and home pages have them: tests/extract/heads.toml."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from ficdex.crawler.blob import Blob
from ficdex.crawler.importer import documents
from ficdex.extract import extract
from ficdex.lexicon import lexicon
from ficdex.model import Document, Work

FRONTS = tomllib.loads((Path(__file__).parent / "heads.toml").read_text(encoding="utf-8"))["front"]
PROSE = (
    "The harbour was empty when they came down to it, and the tide was going out before\n"
    "anybody had thought of bringing the boats in.\n\n"
    '"You might have said," said Maren.\n\n'
    "He looked at the boats for a long while. There was nothing in them but rain.\n"
)


def work(head: str) -> tuple[Document, Work]:
    text = f"{head.strip(chr(10))}\n\n{PROSE}"
    (document,) = documents(Blob("a.txt", text.encode(), "a.txt"))
    assert isinstance(document, Document)
    return document, extract(document, lexicon())


@pytest.mark.parametrize("front", FRONTS, ids=lambda f: f["title"] or f["head"].strip()[:20])
def test_a_title_page_names_the_work_and_its_author(front: dict[str, str]) -> None:
    _, found = work(front["head"])
    assert (found.title or "") == front["title"]
    assert list(found.authors) == front["authors"]


def test_title_and_author_are_quoted_where_they_stand() -> None:
    document, found = work("            MERCY STREET\n\n              by\n\n          Gwen Abara (gwen@host.example)")
    quotes = {e.field: document.text[e.span.start : e.span.end] for e in found.evidence if e.span}
    assert (quotes["title"], quotes["authors"]) == ("MERCY STREET", "Gwen Abara")


def test_the_title_page_ends_a_preface_of_any_length() -> None:
    preface = "\n\n".join(f"I thought about this story a lot in week {n} of the summer." for n in range(20))
    _, found = work(f"{preface}\n\n\n          MERCY STREET\n          by Gwen Abara")
    assert found.title == "MERCY STREET"
    assert all("harbour" not in note.text for note in found.notes)


def test_a_sentence_that_wraps_before_by_is_no_title_page() -> None:
    document, found = work("He was about to go on with it, but was stopped\nby Harker's shouts. Nobody else had moved.")
    assert (found.title, found.authors) == (None, ())
    assert document.text.startswith("He was about")


def test_of_a_forwarded_post_the_first_sender_counts() -> None:
    inner = "Newsgroups: alt.x\nDate: 2 Aug 1994 18:33:59 GMT\nFrom: m@uni.example (Mei Tan)\nSubject: Ice"
    _, found = work(f"From: k@host.example (Deb Kraft)\nSubject: Fwd: Ice\nLines: 20\n\nSee below.\n\n{inner}")
    assert (found.title, found.authors) == ("Ice", ("Mei Tan",))


def test_a_quoted_name_in_prose_is_no_title() -> None:
    _, found = work('They had always called it "The House", and nobody knew why. The sea was not far off.')
    assert found.title is None


def test_the_sender_is_quoted_as_the_header_names_him() -> None:
    document, found = work("From: tames@college.example (Thomas Ames)\nSubject: Low Tide\nLines: 20\n\nHere it is.")
    quotes = {e.field: document.text[e.span.start : e.span.end] for e in found.evidence if e.span}
    assert quotes["authors"] == "Thomas Ames"
