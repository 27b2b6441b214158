"""Author's notes without a marker, or with one of their own: tests/extract/notes.toml."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from ficdex.crawler.blob import Blob
from ficdex.crawler.importer import documents
from ficdex.extract import extract
from ficdex.lexicon import lexicon
from ficdex.model import Document

ROWS = tomllib.loads((Path(__file__).parent / "notes.toml").read_text(encoding="utf-8"))["note"]
PROSE = (
    "The harbour was empty when they came down to it, and the tide was going out.\n\n"
    '"You might have said," said Maren.\n\n'
    "He looked at the boats for a long while. There was nothing in them but rain."
)


@pytest.mark.parametrize("row", ROWS, ids=lambda r: (r.get("front") or r.get("tail"))[-40:])
def test_notes_around_a_story(row: dict[str, str]) -> None:
    text = "\n\n".join(part for part in (row.get("front", "Low Tide\nby Fenn"), PROSE, row.get("tail")) if part)
    (document,) = documents(Blob("a.txt", text.encode(), "a.txt"))
    assert isinstance(document, Document)
    found = {(n.position, n.text) for n in extract(document, lexicon()).notes}
    assert found == {(at, row[at]) for at in ("start", "end") if at in row}


def test_a_small_word_that_goes_on_with_a_sentence_marks_no_note() -> None:
    prose = "'Agreed' said Picard, 'but shutting the gateway down is far more\nimportant.  Mr Data, follow it.'"
    (document,) = documents(Blob("a.txt", f"Low Tide\nby Fenn\n\n{PROSE}\n\n{prose}\n\n{PROSE}".encode(), "a.txt"))
    assert isinstance(document, Document)
    assert extract(document, lexicon()).notes == ()


def test_a_disclaimer_below_a_short_story_makes_no_header_of_it() -> None:
    text = f"Low Tide\nby Fenn\n\n{PROSE}\n\nDisclaimer: none of it is mine.\nFeedback: yes please"
    (document,) = documents(Blob("a.txt", text.encode(), "a.txt"))
    assert isinstance(document, Document)
    assert extract(document, lexicon()).notes == ()
