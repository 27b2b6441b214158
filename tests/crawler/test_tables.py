"""Tables and lists of definitions that state what a work is: read as `Key: value` lines."""

import pytest

from ficdex.crawler.blob import Blob
from ficdex.crawler.importer import documents
from ficdex.extract import extract
from ficdex.lexicon import lexicon
from ficdex.model import Document, Work

STORY = "<p>The ferry was late again.</p><p>&ldquo;You might have telephoned,&rdquo; Hester said.</p><p>He had not.</p>"


def work(head: str) -> tuple[Document, Work]:
    (document,) = documents(Blob("a.html", f"<html><body>{head}{STORY}</body></html>".encode(), "a.html"))
    assert isinstance(document, Document)
    return document, extract(document, lexicon())


@pytest.mark.parametrize(
    "head",
    [
        "<table><tr><td>Title</td><td>The Far Landing</td></tr><tr><td>Author</td><td>Wren Abbott</td></tr>"
        "<tr><td>Rating</td><td>PG-13</td></tr></table>",
        "<dl><dt>Title<dd>The Far Landing<dt>Writer<dd>Wren Abbott<dt>Rated<dd>PG-13, for weather</dl>",
    ],
)
def test_keys_and_values_in_cells_of_their_own(head: str) -> None:
    document, found = work(head)
    assert (found.title, found.authors, found.rating) == ("The Far Landing", ("Wren Abbott",), "PG-13")
    assert "Title: The Far Landing" in document.text


def test_a_page_set_in_two_columns_is_no_header() -> None:
    document, _ = work(
        f"<table><tr><td><a href=a>Home</a><p>{'All the stories. ' * 9}</td><td>{STORY}</td></tr></table>"
    )
    assert "stories.:" not in document.text


def test_a_legend_says_what_its_fieldset_holds() -> None:
    _, found = work(
        "<h1>The Far Landing</h1><fieldset><legend>ramblings</legend>This is for everybody who wrote to me about the "
        "tides.</fieldset>"
    )
    assert [note.text for note in found.notes] == ["This is for everybody who wrote to me about the tides."]
