"""What has to be found in data/samples: the golden test of reading and extraction together."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from ficdex.fields import to_record
from ficdex.model import Document, Record, Work
from ficdex.pipeline import Extracted, extract_paths

SAMPLES = Path(__file__).parent.parent / "data" / "samples"


@cache
def found() -> dict[str, tuple[Document, Work, Record]]:
    """Sample -> what was extracted, by the end of its source."""
    works = {}
    for item in extract_paths([SAMPLES]):
        assert isinstance(item, Extracted), item
        document, work = item.document, item.work
        name = document.source.uri.rsplit("/", 1)[-1]
        works[name] = (document, work, to_record(work, document.text))
    return works


TITLES = {
    "moth_season.txt": ("Moth Season", ()),
    "LEDGER.TXT": ("The Ledger", ("Cassidy Blackthorn",)),
    "long_corridor.txt": ("The Long Corridor", ("tailor_of_ds9",)),
    "tea_at_ops.txt": ("TEA, EARL GREY, COLD", ("Jocasta P. Wynn",)),
    "SNOWED.HTM": ("Snowed In at the Starlite", ("Mulderita",)),
    "A_Kettle_for_Two.html": ("A Kettle for Two", ("speckled_bandit",)),
    "lj_understudy.html": ("The Understudy", ("puddle_jumped",)),
    "clef.txt": ("La clef sous le paillasson", ("Bergamote",)),
    "tidewater.md": ("Tidewater Rules", ("Ambrose Lintel",)),
    "stable_hand.txt": ("STABLE HAND", ("fernseed",)),
    "numbers.txt": ("Numbers Station", ("Perpetua Vane",)),
    "fic-list.mbox#1": ("Replicator Blues", ("Delphine Marsh",)),
    "fic-list.mbox#2": ("Late Returns", ("Magnus Raven",)),
    "The_Understairs_Society.epub": ("The Understairs Society", ("quince_and_quill",)),
}

CREDITS: dict[str, tuple[str, set[tuple[str, str]]]] = {
    "moth_season.txt": ("credited", {("Odile", "beta")}),
    "LEDGER.TXT": ("credited", {("threadneedle", "beta"), ("Captain Marmalade", "beta")}),
    "long_corridor.txt": ("unbetaed", set()),
    "SNOWED.HTM": ("credited", {("Penny Dreadful", "beta")}),
    "A_Kettle_for_Two.html": ("credited", {("Marigold Fenn", "brit-picker"), ("hollow_crown", "beta")}),
    "lj_understudy.html": ("credited", {("sixth_chevron", "beta"), ("zpm_dust", "cheerleader")}),
    "clef.txt": ("credited", {("Clochette_Rouillée", "beta"), ("Noémie", "proofreader")}),
    "tidewater.md": ("seeking", set()),
    "stable_hand.txt": ("unbetaed", set()),
    "fic-list.mbox#2": ("credited", {("Amanda's Other Shoe", "beta"), ("Kronos Junior", "beta")}),
    "The_Understairs_Society.epub": ("credited", {("Thistledown", "beta"), ("Mr. Biscuit", "beta")}),
}

FANDOMS = {
    "moth_season.txt": ["Buffy the Vampire Slayer"],
    "LEDGER.TXT": ["Firefly"],
    "long_corridor.txt": ["Star Trek: Deep Space Nine"],
    "A_Kettle_for_Two.html": ["Sherlock"],
    "lj_understudy.html": ["Stargate Atlantis"],
    "clef.txt": ["Harry Potter"],
    "tidewater.md": ["Original Work"],
    "numbers.txt": ["Saint Ledger's Watch"],
    "The_Understairs_Society.epub": ["Harry Potter"],
}

ON_STAGE = {
    "moth_season.txt": {"Willow Rosenberg", "Spike"},
    "LEDGER.TXT": {"Kaylee Frye", "Zoe Washburne"},
    "SNOWED.HTM": {"Fox Mulder", "Dana Scully"},
    "A_Kettle_for_Two.html": {"Sherlock Holmes", "John Watson"},
    "tidewater.md": {"Isolde", "Wren"},
    "The_Understairs_Society.epub": {"Neville Longbottom", "Luna Lovegood"},
}


@pytest.mark.parametrize("name", TITLES)
def test_title_and_authors_are_found(name: str) -> None:
    title, authors = TITLES[name]
    _, work, _ = found()[name]
    assert (work.title, work.authors) == (title, authors)


@pytest.mark.parametrize("name", CREDITS)
def test_betas_are_credited_with_their_roles(name: str) -> None:
    status, betas = CREDITS[name]
    _, work, _ = found()[name]
    assert (work.beta_status, {(b.name, b.role) for b in work.betas}) == (status, betas)


@pytest.mark.parametrize("name", FANDOMS)
def test_the_fandom_is_known_under_its_plain_title(name: str) -> None:
    assert list(found()[name][1].fandoms) == FANDOMS[name]


@pytest.mark.parametrize("name", ON_STAGE)
def test_who_acts_in_the_story_is_on_stage(name: str) -> None:
    on_stage = {c.name for c in found()[name][1].characters if c.stage != "mentioned"}
    assert on_stage >= ON_STAGE[name]


def test_every_sample_is_read() -> None:
    assert found().keys() == TITLES.keys()


@pytest.mark.parametrize("name", TITLES)
def test_every_quote_is_the_text_at_its_offsets(name: str) -> None:
    document, _, record = found()[name]
    for item in record["evidence"]:  # type: ignore[attr-defined]
        if item["start"] is not None:
            assert document.text[item["start"] : item["end"]] == item["quote"]


def test_the_first_paragraph_is_the_note_without_its_marker() -> None:
    note = found()["moth_season.txt"][1].notes[0]
    assert note.position == "start"
    assert note.text.startswith("Set the summer after")


def test_nicknames_stand_under_the_right_person() -> None:
    cast = {c.name: c for c in found()["moth_season.txt"][1].characters}
    assert "Red" in cast["Willow Rosenberg"].forms
    assert "Odile" not in cast


def test_a_story_that_runs_beside_a_chapter_is_related_to_it() -> None:
    assert [(r.kind, r.chapters) for r in found()["moth_season.txt"][1].related] == [("during", (6,))]


def test_comments_of_readers_are_no_part_of_the_story() -> None:
    assert "Monkeys! Sheppard" not in found()["lj_understudy.html"][0].text or not any(
        c.name == "John Sheppard" for c in found()["lj_understudy.html"][1].characters
    )
