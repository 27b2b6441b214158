from __future__ import annotations

from pathlib import Path

import pytest

from ficdex.extract import relationships
from ficdex.extract.draft import Draft, HeaderLine
from ficdex.lexicon import Lexicon, load_fandom
from ficdex.model import Document, Evidence, Source, Span

HARBOUR = """
title = "Harbour Lights"
characters = [ { name = "Marianne Thorne" }, { name = "Ezekiel Barr" } ]
pairs = { Zekianne = ["Marianne Thorne", "Ezekiel Barr"] }
"""


def stated(value: str, tmp_path: Path, *tags: str) -> list[str]:
    """The relationships of a `Pairing:` line and of declared tags, each quoted where it stands."""
    path = tmp_path / "harbour.toml"
    path.write_text(HARBOUR, encoding="utf-8")
    declared = tuple(Evidence("relationships", t, None, "otw.tags", 0.99) for t in tags)
    draft = Draft(Document(Source("x", "text/plain", "", 0), value, (), declared), Lexicon([load_fandom(path)]))
    draft.header = (HeaderLine("Pairing", "relationship", Span(0, len(value)), Span(0, len(value))),)
    relationships.run(draft)
    return [str(c.value) for c in draft.claims("relationships")]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("Marianne/Zeke", ["Marianne/Zeke"]),
        ("Marianne/Zeke, Ottoline/Josiah", ["Marianne/Zeke", "Ottoline/Josiah"]),
        ("Marianne & Zeke if you squint", ["Marianne & Zeke"]),
        ("past Marianne/Josiah", ["Marianne/Josiah"]),
        ("M/Z (implied), sort of", ["M/Z"]),
        ("Marianne x Zeke", ["Marianne x Zeke"]),
        ("Zekianne", ["Marianne Thorne/Ezekiel Barr"]),
        ("none", []),
        ("n/a", []),
        ("Gen", []),
        ("you will work it out", []),
        ("", []),
    ],
)
def test_pairings_are_taken_as_stated_and_remarks_left_out(value: str, expected: list[str], tmp_path: Path) -> None:
    assert stated(value, tmp_path) == expected


def test_a_tag_loses_its_disambiguation(tmp_path: Path) -> None:
    assert stated("", tmp_path, "Crowley/Zeke (Harbour Lights)") == ["Crowley/Zeke"]
