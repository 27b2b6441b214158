"""Time grows with the length of a text and no faster, whatever it is made of: every pattern on its worst input."""

from __future__ import annotations

import time

import pytest

from ficdex.crawler.blob import Blob
from ficdex.crawler.importer import documents
from ficdex.extract import extract
from ficdex.lexicon import lexicon
from ficdex.model import Document

UNITS = [
    " ",
    "a",
    "a ",
    "A.",
    "(",
    '"a',
    "-",
    "\n",
    "a\n",
    "*",
    "<",
    "_",
    ". ",
    "'a",
    "/",
    "1",
    "\n> ",
    "(c) ",
    "Ab, ",
    "Ann and ",
]
FRAMES = {
    "body": "Low Tide\n\n{}",
    "note": "A/N: {}\n\n***\n\nThe tide went out.\n",
    "thanks": "A/N: Thanks to Ann for betaing {}\n\n***\n\nThe tide.",
    "header": "Title: {0}\nAuthor: Fenn\nBeta: {0}\nSummary: {0}\n\nThe tide went out.\n\nIt did.",
    "mail": "From: {}\nSubject: {}\n\nThe tide went out.",
}
SHORT, TIMES = 25_000, 4
QUADRATIC = 3 * TIMES
"""Of a text four times as long: four times the time if all is well, sixteen times if it is not."""
SOON = 0.5
"""Seconds, below which a ratio says nothing."""


def seconds(frame: str, unit: str, length: int) -> float:
    data = FRAMES[frame].replace("{0}", "{}").replace("{}", (unit * length)[:length]).encode()
    start = time.process_time()
    for document in documents(Blob("a.txt", data, "a.txt")):
        if isinstance(document, Document):
            extract(document, lexicon())
    return time.process_time() - start


@pytest.fixture(autouse=True, scope="module")
def _loaded() -> None:
    """Everything is loaded and compiled before the first is timed."""
    for frame in FRAMES:
        seconds(frame, "a", 100)


@pytest.mark.slow  # 60 s
@pytest.mark.parametrize("frame", FRAMES)
@pytest.mark.parametrize("unit", UNITS)
def test_four_times_the_text_takes_no_sixteen_times_the_time(frame: str, unit: str) -> None:
    long = seconds(frame, unit, TIMES * SHORT)
    assert long < SOON or long < QUADRATIC * seconds(frame, unit, SHORT)


def test_what_is_too_long_for_a_note_is_one_at_its_beginning() -> None:
    note = "A/N: Thanks to Ann for the beta. " + "The boat went out and nobody spoke. " * 2_000
    (document,) = documents(Blob("a.txt", f"Low Tide\nby Fenn\n\n{note}\n".encode(), "a.txt"))
    assert isinstance(document, Document)
    work = extract(document, lexicon())
    assert [credit.name for credit in work.betas] == ["Ann"]
    assert [len(n.text) < 20_000 and n.text.endswith("spoke.") for n in work.notes] == [True]
