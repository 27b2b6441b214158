from __future__ import annotations

from pathlib import Path

import pytest

from ficdex.extract import relationships
from ficdex.extract.draft import Draft, HeaderLine
from ficdex.lexicon import Lexicon, load_fandom
from ficdex.model import Block, Character, Document, Evidence, Role, Source, Span

HARBOUR = """
title = "Harbour Lights"
characters = [ { name = "Marianne Thorne" }, { name = "Ezekiel Barr" } ]
pairs = { Zekianne = ["Marianne Thorne", "Ezekiel Barr"] }
"""


PEOPLE = (
    Character("Marianne Thorne", ("Marianne", "Mari"), "main", 9),
    Character("Ezekiel Barr", ("Zeke",), "main", 8),
    Character("Josiah Thorne", ("Josiah",), "present", 2),
    Character("Ottoline", (), "mentioned", 1),
)


def drafted(text: str, tmp_path: Path, *tags: str, cast: bool, field: str = "relationships") -> Draft:
    """A Draft of Harbour Lights with declared tags, its people claimed or not."""
    path = tmp_path / "harbour.toml"
    path.write_text(HARBOUR, encoding="utf-8")
    declared = tuple(Evidence(field, t, None, "otw.tags", 0.99) for t in tags)
    draft = Draft(Document(Source("x", "text/plain", "", 0), text, (), declared), Lexicon([load_fandom(path)]))
    draft.claim("fandoms", "Harbour Lights", None, "test", 0.9)
    for person in PEOPLE if cast else ():
        draft.claim("characters", person, None, "test", 0.9)
    return draft


def found(draft: Draft) -> list[str]:
    relationships.run(draft)
    return [str(c.value) for c in draft.claims("relationships")]


def stated(value: str, tmp_path: Path, *tags: str, cast: bool = False) -> list[str]:
    """The relationships of a `Pairing:` line and of declared tags."""
    draft = drafted(value, tmp_path, *tags, cast=cast)
    draft.header = (HeaderLine("Pairing", "relationship", Span(0, len(value)), Span(0, len(value))),)
    return found(draft)


def headed(text: str, tmp_path: Path, role: Role = Role.TITLE) -> list[str]:
    """The relationships of a text without a `Pairing:` line."""
    draft = drafted(text, tmp_path, cast=True)
    draft.segments = (Block(Span(0, len(text)), role=role),)
    return found(draft)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("Pippa/Rollo", ["Pippa/Rollo"]),
        ("Rollo/Pippa, Wren/Otis", ["Pippa/Rollo", "Otis/Wren"]),
        ("Pippa & Rollo if you squint", ["Pippa & Rollo"]),
        ("past Pippa/Rollo", ["Pippa/Rollo"]),
        ("P/R (implied), sort of", ["P/R"]),
        ("Pippa x Rollo", ["Pippa/Rollo"]),
        ("Pippa/Rollo friendship", ["Pippa & Rollo"]),
        ("Zekianne", ["Ezekiel Barr/Marianne Thorne"]),
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


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("Mari/Zeke", ["Ezekiel Barr/Marianne Thorne"]),
        ("Zeke/Marianne", ["Ezekiel Barr/Marianne Thorne"]),
        ("Zeke × Mari", ["Ezekiel Barr/Marianne Thorne"]),
        ("Josiah & Barr", ["Ezekiel Barr & Josiah Thorne"]),
        ("M/Z", ["Ezekiel Barr/Marianne Thorne"]),
        ("Zeke/Mari/Ottoline", ["Ezekiel Barr/Ottoline/Marianne Thorne"]),
        ("Zeke/lighthouse", ["Ezekiel Barr/lighthouse"]),
    ],
)
def test_sides_are_named_in_full_and_in_one_order(value: str, expected: list[str], tmp_path: Path) -> None:
    assert stated(value, tmp_path, cast=True) == expected


def test_a_tag_names_its_people_as_the_work_does(tmp_path: Path) -> None:
    assert stated("", tmp_path, "Mari/Zeke (Harbour Lights)", cast=True) == ["Ezekiel Barr/Marianne Thorne"]


def test_a_tag_of_any_kind_that_is_a_pairing_is_one(tmp_path: Path) -> None:
    draft = drafted("", tmp_path, "Mari & Zeke", "night shift", "Zekianne", "salt & vinegar", cast=True, field="tags")
    assert found(draft) == ["Ezekiel Barr & Marianne Thorne", "Ezekiel Barr/Marianne Thorne"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("FIC: Low Tide (Harbour Lights, Mari/Zeke, PG)", ["Ezekiel Barr/Marianne Thorne"]),
        ("FIC: Low Tide Mari/Zeke 1/3", ["Ezekiel Barr/Marianne Thorne"]),
        ("Low Tide (Mari & Zeke)", ["Ezekiel Barr & Marianne Thorne"]),
        ("Low Tide / High Tide", []),
        ("Low Tide (no Mari/Zeke, sorry)", []),
        ("M/Z, A/N, N/A", []),
        ("Mari/Marianne", []),
    ],
)
def test_a_title_with_two_people_of_the_work_states_a_pairing(text: str, expected: list[str], tmp_path: Path) -> None:
    assert headed(text, tmp_path) == expected


def test_at_the_top_of_a_text_a_stroke_is_enough(tmp_path: Path) -> None:
    assert headed("Who: Mari/Zeke, everybody a bit", tmp_path, Role.STORY) == ["Ezekiel Barr/Marianne Thorne"]
    assert headed("The firm of Mari & Zeke sold rope.", tmp_path, Role.STORY) == []
