"""Work pages that somebody selected whole and saved as text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ficdex.crawler.blob import Blob
from ficdex.crawler.importer import documents
from ficdex.crawler.sites import ffn_copied, otw_copied
from ficdex.extract import extract
from ficdex.lexicon import lexicon
from ficdex.model import Document, Work

OTW = """Main Content

Actions
Entire Work
Bookmark
Work Header
Rating:
{indent}Teen And Up Audiences
Archive Warning:
{indent}No Archive Warnings Apply
Fandom:
{indent}Leverage (TV 2008)
Characters:
{indent}Parker (Leverage)Eliot SpencerIsobel McKay
Language:
{indent}English
Stats:
{indent}Published:2021-02-19Completed:2021-03-01Words:1,042Chapters:2/2Comments:3Kudos:88Hits:614
The Lemon and the Lock
harbour_light
Summary:

{indent}Parker is given a key. It takes her a while to see what for.

Notes:

{indent}Thanks to dovetail_jo for the beta.

(See the end of the work for more notes.)

Chapter 1: The Key
Chapter Text

The key was on the counter when she came in through the skylight.

"There's a door," Eliot said.

Chapter 2: The Lemon
Notes:

{indent}Sorry about the wait!

Chapter Text

He had gone out, and he had left the lemon on a saucer.

Notes:

{indent}The raincoat is real.

Actions
↑ Top
Kudos
tinplate and 83 guests left kudos on this work!

Comments
Post Comment
somebody on Chapter 1
I loved this.
"""

FFN = """FanFiction | unleash your imagination
Books » Harry Potter
Follow/Fav
The Kettle at Number Nine
By: HalfACauldron
He goes there every Christmas. This year he takes someone with him.
Rated: Fiction T - English - Drama/Family - Neville L., Luna L. - Chapters: 1 - Words: 1,012 - Reviews: 14 - \
Published: Jul 22, 2006 - Status: Complete - id: 3061177
+ - Full 3/4 1/2 Expand Tighten

A/N: No beta, be kind.

"You'll want a scarf," said Augusta Longbottom.

Neville looked over his shoulder. Luna was on the step.

Review this Chapter
« Return to Top »
"""


def work(text: str) -> Work:
    (document,) = documents(Blob("a.txt", text.encode(), "a.txt"))
    assert isinstance(document, Document)
    return extract(document, lexicon())


@pytest.mark.parametrize("indent", ["    ", ""], ids=["as Firefox copies", "as Chrome copies"])
def test_a_page_of_the_otw_archive(indent: str) -> None:
    found = work(OTW.format(indent=indent))
    assert (found.title, found.authors, found.rating) == (
        "The Lemon and the Lock", ("harbour_light",), "Teen And Up Audiences",
    )  # fmt: skip
    assert found.summary == "Parker is given a key. It takes her a while to see what for."
    assert (found.status, found.published, found.updated) == ("complete", "2021-02-19", "2021-03-01")
    assert {"Parker", "Eliot Spencer", "Isobel McKay"} <= {c.name for c in found.characters}
    assert [(n.position, n.chapter, n.text) for n in found.notes] == [
        ("start", None, "Thanks to dovetail_jo for the beta."),
        ("chapter_start", 2, "Sorry about the wait!"),
        ("chapter_end", 2, "The raincoat is real."),
    ]
    assert [c.name for c in found.betas] == ["dovetail_jo"]


def test_nothing_of_the_page_around_the_work_stays() -> None:
    (document,) = documents(Blob("a.txt", OTW.format(indent="    ").encode(), "a.txt"))
    assert isinstance(document, Document)
    assert not any(word in document.text for word in ("Bookmark", "guests left kudos", "I loved this", "See the end"))


def test_a_page_of_fanfiction_net() -> None:
    found = work(FFN)
    assert (found.title, found.authors, found.fandoms) == (
        "The Kettle at Number Nine", ("HalfACauldron",), ("Harry Potter",),
    )  # fmt: skip
    assert (found.rating, found.status, found.published) == ("T", "complete", "2006-07-22")
    assert found.summary == "He goes there every Christmas. This year he takes someone with him."
    assert [n.text for n in found.notes] == ["No beta, be kind."]


@given(st.text(alphabet="Rating: Archive Warning\nStats:Words12By-»", max_size=400))
def test_other_text_is_no_copy(text: str) -> None:
    assert otw_copied.page_of(text) is None or "Stats:" in text
    assert ffn_copied.page_of(text) is None or "By:" in text
