from __future__ import annotations

from pathlib import Path

import pytest

from ficdex.extract import fandoms, mentions
from ficdex.extract.draft import Draft, HeaderLine
from ficdex.lexicon import Lexicon, load_fandom
from ficdex.model import Block, Document, Evidence, Role, Source, Span

HARBOUR = """
title = "Harbour Lights"
ao3 = "Harbour Lights (TV)"
names = ["HL", "Harbor Lights"]
owners = ["Brightwater Pictures"]
words = ["Port Ember"]
characters = [
  { name = "Marianne Thorne" }, { name = "Josiah Thorne" }, { name = "Ezekiel Barr", mid = ["Zeke"] },
  { name = "Dawn Fisher", weak = ["Dawn"] }, { name = "Spike" },
]
"""
CLOCKS = """
title = "The Clockmakers"
names = ["Clockmakers"]
characters = [ { name = "Anselm Pivot" }, { name = "Beryl Cogsworth" }, { name = "Tock" } ]
"""


@pytest.fixture
def lexicon(tmp_path: Path) -> Lexicon:
    found = []
    for name, text in (("a", HARBOUR), ("b", CLOCKS)):
        path = tmp_path / f"{name}.toml"
        path.write_text(text, encoding="utf-8")
        found.append(load_fandom(path))
    return Lexicon(found)


def found(
    lexicon: Lexicon,
    story: str = "It rained.",
    *,
    note: str = "",
    header: str = "",
    field: str = "fandom",
    tag: str = "",
    uri: str = "x.txt",
) -> list[str]:
    """The fandoms of a story with a note, a line of a header's field, a declared tag."""
    text = f"{note}\n\n{header}\n\n{story}"
    first, second = len(note) + 2, len(note) + len(header) + 4
    blocks = (
        Block(Span(0, first), role=Role.NOTE),
        Block(Span(first, second), role=Role.HEADER),
        Block(Span(second, len(text)), role=Role.STORY),
    )
    declared = (Evidence("fandoms", tag, None, "otw.tags", 0.99),) if tag else ()
    draft = Draft(Document(Source(uri, "text/plain", "", 0), text, blocks, declared), lexicon)
    draft.segments = blocks
    if header:
        draft.header = (HeaderLine("Fandom", field, Span(first, second - 2), Span(first, second)),)
    mentions.run(draft)
    fandoms.run(draft)
    return list(dict.fromkeys(str(c.value) for c in draft.claims("fandoms") if c.confidence >= 0.5))


@pytest.mark.parametrize("stated", ["Harbour Lights", "HL", "harbor lights", "Harbour Lights (TV)"])
def test_a_stated_fandom_gets_its_plain_title(lexicon: Lexicon, stated: str) -> None:
    assert found(lexicon, header=stated) == ["Harbour Lights"]
    assert found(lexicon, tag=stated) == ["Harbour Lights"]


@pytest.mark.parametrize(
    "stated",
    ["Harbour Lights/The Clockmakers", "Harbour Lights x Clockmakers", "HL, Clockmakers", "HL/Clockmakers crossover"],
)
def test_a_crossover_has_two(lexicon: Lexicon, stated: str) -> None:
    assert found(lexicon, header=stated) == ["Harbour Lights", "The Clockmakers"]


@pytest.mark.parametrize(
    ("stated", "plain"),
    [
        ("Saltmarsh Nine", "Saltmarsh Nine"),
        ("The Long Dusk (TV)", "The Long Dusk"),
        ("Gull & Heron - A. N. Other", "Gull & Heron"),
        ("Saltmarsh Nine (first season; spoilers)", "Saltmarsh Nine"),
    ],
)
def test_a_fandom_that_no_list_knows_is_believed(lexicon: Lexicon, stated: str, plain: str) -> None:
    assert found(lexicon, header=stated) == [plain]


def test_a_category_names_the_fandom_behind_its_medium(lexicon: Lexicon) -> None:
    assert found(lexicon, header="TV Shows » Harbour Lights", field="categories") == ["Harbour Lights"]
    assert found(lexicon, header="Webcomic » The Tin Almanac", field="categories") == ["The Tin Almanac"]
    assert found(lexicon, header="Angst", field="categories") == []


def test_two_people_and_a_fair_share_of_the_names_tell_the_fandom(lexicon: Lexicon) -> None:
    story = "Marianne Thorne rowed. Ezekiel Barr steered, and Marianne told Zeke to mind the rocks."
    assert found(lexicon, story) == ["Harbour Lights"]


def test_one_person_alone_does_not(lexicon: Lexicon) -> None:
    assert found(lexicon, "Everyone asked Zeke. It was always Zeke who knew.") == []


def test_names_that_are_words_do_not_make_a_fandom(lexicon: Lexicon) -> None:
    story = "Clay shot first, and Will after him. They buried Spike before Dawn came. Dawn wept for Clay and Will."
    assert found(lexicon, story) == []


def test_two_fandoms_are_inferred_from_the_people_of_both(lexicon: Lexicon) -> None:
    story = (
        "Marianne Thorne opened the door to Anselm Pivot. Ezekiel Barr stared at Beryl Cogsworth, and Tock hid. "
        "Josiah Thorne offered tea to Anselm Pivot and Beryl Cogsworth."
    )
    assert set(found(lexicon, story)) == {"Harbour Lights", "The Clockmakers"}


def test_a_rights_holder_in_a_note_supports_what_the_names_say(lexicon: Lexicon) -> None:
    story = "Nobody had seen Zeke. It was like Zeke to be late."
    assert found(lexicon, story, note="Brightwater Pictures owns Harbour Lights, not me.") == ["Harbour Lights"]


@pytest.mark.parametrize(
    "note",
    ["This is a Saltmarsh Nine fan story.", "Saltmarsh Nine belongs to Elder Games.", "I don't own Saltmarsh Nine."],
)
def test_an_unknown_fandom_named_in_passing_is_found(lexicon: Lexicon, note: str) -> None:
    assert found(lexicon, note=note) == ["Saltmarsh Nine"]


@pytest.mark.parametrize("note", ["An original story by me.", "Original urban fantasy.", "Not fan fiction, just mine."])
def test_original_fiction_says_so(lexicon: Lexicon, note: str) -> None:
    assert found(lexicon, "Marianne Thorne met Ezekiel Barr.", note=note) == ["Original Work"]


def test_the_characters_belong_to_somebody_names_no_fandom(lexicon: Lexicon) -> None:
    assert found(lexicon, note="The characters belong to their owner. They belong to him.") == []


def test_a_folder_may_name_the_fandom(lexicon: Lexicon) -> None:
    assert found(lexicon, "Nobody had seen Zeke.", uri="fic/Harbour Lights/tale.txt") == ["Harbour Lights"]
