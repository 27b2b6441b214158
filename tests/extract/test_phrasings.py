"""How well credits are found in phrasings that the rules were not made from: tests/extract/phrasings.toml.

The bounds keep what was reached from being lost; fresh phrasings do worse (sets of 32, 20 and 15 came to F1 .91, .71
and .90, status .91, .85 and .80 on first sight).
"""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from ficdex.crawler.blob import Blob
from ficdex.crawler.importer import documents
from ficdex.extract import extract
from ficdex.lexicon import lexicon
from ficdex.model import Document, Work

ROWS = tomllib.loads((Path(__file__).parent / "phrasings.toml").read_text(encoding="utf-8"))["credit"]
STORY = (
    "Low Tide\n\nA/N: {say}\n\nThe harbour was empty when they came down to it.\n\n"
    '"You might have said," said Maren.\n\nHe looked at the boats. There was nothing in them but rain.\n'
)


@pytest.fixture(scope="module")
def works() -> list[Work]:
    made = []
    for row in ROWS:
        (document,) = documents(Blob("a.txt", STORY.format(say=row["say"]).encode(), "a.txt"))
        assert isinstance(document, Document)
        made.append(extract(document, lexicon()))
    return made


def test_credits_of_unseen_phrasings(works: list[Work]) -> None:
    right = wrong = missed = 0
    for row, work in zip(ROWS, works, strict=True):
        want = {(name, role or "beta") for name, _, role in (who.partition(":") for who in row.get("who", []))}
        found = {(b.name, b.role) for b in work.betas}
        right, wrong, missed = right + len(want & found), wrong + len(found - want), missed + len(want - found)
    assert 2 * right / (2 * right + wrong + missed) >= 0.92


def test_status_of_unseen_phrasings(works: list[Work]) -> None:
    assert sum(w.beta_status == r["status"] for r, w in zip(ROWS, works, strict=True)) / len(ROWS) >= 0.93
