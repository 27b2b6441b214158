"""Credits that are told and not announced; what is said of nobody having read a text."""

import pytest

from ficdex.crawler.blob import Blob
from ficdex.crawler.importer import documents
from ficdex.extract import extract
from ficdex.lexicon import lexicon
from ficdex.model import Document, Work

STORY = """

* * *

The ferry was late again, and nobody on the landing seemed to mind it but the gulls.

"You might have telephoned," Hester said, and put the basket down between them.

He looked at the water for a while. There was a light on the far side, and it did not move.
"""


def work(note: str) -> Work:
    (document,) = documents(Blob("a.txt", f"The Landing\nby Wren Abbott\n\nA/N: {note}{STORY}".encode(), "a.txt"))
    assert isinstance(document, Document)
    return extract(document, lexicon())


@pytest.mark.parametrize(
    ("note", "names"),
    [
        ("It took a year. Marguerite took out two hundred adverbs and told me which scene to cut.", ["Marguerite"]),
        (
            "The river is wrong and I know it. paper_lark88 caught nine typos and a plot hole in chapter two.",
            ["paper_lark88"],
        ),
        ("This goes out to everybody who reviewed, Sandra and Blue above all. Happy birthday, Sandra!", []),
    ],
)
def test_who_is_credited_by_what_is_told(note: str, names: list[str]) -> None:
    assert [c.name for c in work(note).betas] == names


def test_people_of_the_story_are_never_credited() -> None:
    assert not work("Hester made me cut the scene with the gulls, and took out the commas herself.").betas


@pytest.mark.parametrize(
    ("note", "status"),
    [
        ("Not a soul has vetted this, so you get it raw.", "unbetaed"),
        ("I read it backwards, twice, and corrected it all by myself.", "self"),
        ("If anyone out there could look over the next part before I post it, write to me.", "seeking"),
        ("I know the tides are wrong. Blame the moon.", "none"),
    ],
)
def test_what_a_note_says_of_its_reading(note: str, status: str) -> None:
    assert work(note).beta_status == status
