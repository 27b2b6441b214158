"""What the owner may say of a work, and what it does to values and evidence."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ficdex.errors import CatalogError, CorrectionError, NoSuchWork
from ficdex.index.catalog import Catalog
from ficdex.index.corrections import Change, parse, unset
from ficdex.model import Block, Character, Credit, Document, Evidence, Source, Span, Work

TEXT = "Low Tide\nbetaed by Odile"


def tide(**values: Any) -> tuple[Work, Document]:
    source = Source("/shelf/a.txt", "text/plain", "1f", len(TEXT))
    evidence = (
        Evidence("title", "Low Tide", Span(0, 8), "title.line", 0.9),
        Evidence("betas", Credit("Odile"), Span(19, 24), "credits.by", 0.9),
        Evidence("beta_status", "credited", None, "credits.status", 0.9),
    )
    shown: dict[str, Any] = {
        "title": "Low Tide",
        "betas": (Credit("Odile"),),
        "beta_status": "credited",
        "characters": (Character("Willow Rosenberg", ("Red",), "main", 9),),
        "evidence": evidence,
        "rejected": (Evidence("title", "a", None, "file.name", 0.1),),
    }
    work = Work(source, (source.uri,), **{**shown, **values})
    return work, Document(source, TEXT, (Block(Span(0, len(TEXT))),))


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    with Catalog.open(tmp_path / "c.db", create=True, write=True) as opened:
        opened.store(*tide())
        yield opened


def say(catalog: Catalog, *changes: str) -> Any:
    catalog.correct(1, [parse(c) for c in changes])
    return catalog.record(1)


def evidence(catalog: Catalog, field: str) -> tuple[list[tuple[Any, str]], list[Any]]:
    """(value, rule) of what speaks for a field, and the values that lost."""
    record: Any = catalog.record(1)
    stands = [(e["value"], e["rule"]) for e in record["evidence"] if e["field"] == field]
    return stands, [e["value"] for e in catalog.rejected(1) if e["field"] == field]


@pytest.mark.parametrize(
    ("typed", "change"),
    [
        ('title="Ebb"', Change("title", "=", "Ebb")),
        ("title=", Change("title", "=", None)),
        ("title = a=b", Change("title", "=", "a=b")),
        ("Beta += Trisha : brit-picker", Change("betas", "+=", {"name": "Trisha", "role": "brit-picker"})),
        ("beta-=Joan", Change("betas", "-=", {"name": "Joan", "role": "beta"})),
        ("betas=", Change("betas", "=", [])),
        ("fandoms=A; B;;C", Change("fandoms", "=", ["A", "B;C"])),
        ("additional_tags+=Slow; Burn", Change("tags", "+=", "Slow; Burn")),
        ("words=12,345", Change("words", "=", 12_345)),
        ("published=2003-02-28", Change("published", "=", "2003-02-28")),
        ("updated=2003-02", Change("updated", "=", "2003-02")),
        ("chapters=3/5", Change("chapters", "=", {"published": 3, "planned": 5})),
        ("chapters=3", Change("chapters", "=", {"published": 3, "planned": None})),
        ("series+=Tides #2", Change("series", "+=", {"name": "Tides", "position": 2})),
        ("series+=#1 Crush", Change("series", "+=", {"name": "#1 Crush", "position": None})),
        ("lang=pt-BR", Change("language", "=", "pt-BR")),
        ("rating-level=teen", Change("rating_level", "=", "teen")),
    ],
)
def test_what_is_typed_is_understood(typed: str, change: Change) -> None:
    assert parse(typed) == change


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ("title", "field=value"),
        ("colour=red", "these can"),
        ("id=3", "cannot"),
        ("notes=x", "cannot"),
        ("title+=x", "one value"),
        ("published=soon", "YYYY"),
        ("published=2003-02-31", "YYYY"),
        ("published=2003-13", "YYYY"),
        ("published=0000", "YYYY"),
        ("words=many", "whole number"),
        ("words=²", "whole number"),
        ("words=", "whole number"),
        ("words=99999999999999999999", "whole number"),
        ("chapters=", "3/5"),
        ("chapters=a/b", "3/5"),
        ("status=maybe", "complete"),
        ("rating_level=adult", "explicit"),
        ("beta_status=", "seeking"),
        ("betas+=Tom:butler", "brit-picker"),
        ("betas+=:beta", "NAME"),
        ("betas+=", "needs a value"),
        ("language=English!", "BCP 47"),
        ("url=javascript:alert(1)", "https"),
        ("site_id=123", "ao3:123"),
    ],
)
def test_what_is_wrong_names_the_field_and_what_is_allowed(wrong: str, says: str) -> None:
    with pytest.raises(CorrectionError, match=says):
        parse(wrong)


@given(st.text(), st.sampled_from(["", "words", "published", "chapters", "betas", "series", "language", "fandoms"]))
def test_nothing_that_is_typed_raises_anything_else(text: str, field: str) -> None:
    for typed in (text, f"{field}={text}", f"{field}+={text}"):
        with suppress(CorrectionError):
            assert str(parse(typed))


def test_the_owners_word_stands_and_the_extracted_one_is_known(catalog: Catalog) -> None:
    assert say(catalog, "title=Ebb")["title"] == "Ebb"
    assert evidence(catalog, "title") == ([("Ebb", "owner")], ["a", "Low Tide"])
    say(catalog, "title=Flood")
    assert evidence(catalog, "title") == ([("Flood", "owner")], ["a", "Low Tide"])
    (owner,) = [e for e in catalog.record(1)["evidence"] if e["rule"] == "owner"]  # type: ignore[attr-defined]
    assert (owner["confidence"], owner["start"], owner["quote"]) == (1.0, None, None)


def test_a_value_is_added_beside_the_extracted_ones(catalog: Catalog) -> None:
    tom = {"name": "Tom", "role": "brit-picker"}
    odile = {"name": "Odile", "role": "beta"}
    assert say(catalog, "beta+=Tom:brit-picker")["betas"] == [odile, tom]
    assert evidence(catalog, "betas") == ([(tom, "owner"), (odile, "credits.by")], [])


def test_a_value_is_taken_away_and_stays_known(catalog: Catalog) -> None:
    record = say(catalog, "beta-=odile")
    assert (record["betas"], record["beta_status"]) == ([], "none")
    assert evidence(catalog, "betas") == ([], [{"name": "Odile", "role": "beta"}])
    assert evidence(catalog, "beta_status") == ([("none", "owner")], ["credited"])


def test_the_same_value_twice_is_one(catalog: Catalog) -> None:
    record = say(catalog, "betas+=ODILE", "betas+=Odile:editor", "characters+=willow rosenberg")
    assert record["betas"] == [{"name": "ODILE", "role": "beta"}, {"name": "Odile", "role": "editor"}]
    assert record["characters"] == [{"name": "willow rosenberg", "as": ["Red"], "stage": "main", "mentions": 9}]
    assert say(catalog, "betas-=Odile:editor")["betas"] == [{"name": "ODILE", "role": "beta"}]


def test_a_status_that_the_owner_gave_is_not_derived(catalog: Catalog) -> None:
    assert say(catalog, "beta-=Odile", "beta_status=unbetaed")["beta_status"] == "unbetaed"


def test_unset_goes_back_to_the_extracted_value(catalog: Catalog) -> None:
    say(catalog, "title=Ebb", "betas+=Tom")
    catalog.correct(1, [unset("title"), unset("betas")])
    record = catalog.record(1)
    assert (record["title"], record["betas"]) == ("Low Tide", [{"name": "Odile", "role": "beta"}])
    assert evidence(catalog, "title") == ([("Low Tide", "title.line")], ["a"])


def test_corrections_are_applied_again_to_what_is_extracted_anew(catalog: Catalog) -> None:
    say(catalog, "betas-=Odile", "betas+=Tom", "title=Ebb")
    catalog.store(*tide(title="High Tide", betas=(Credit("Odile"), Credit("Mina")), words=7))
    record = catalog.record(1)
    assert (record["title"], record["words"]) == ("Ebb", 7)
    assert [b["name"] for b in record["betas"]] == ["Mina", "Tom"]  # type: ignore[attr-defined]
    catalog.undo()
    assert catalog.record(1)["title"] == "High Tide"


def test_undo_takes_back_a_whole_command(catalog: Catalog) -> None:
    before = catalog.record(1)
    say(catalog, "rating=PG")
    say(catalog, "title=Ebb", "betas+=Tom:brit-picker", "series+=Tides #2", "chapters=1/3")
    assert catalog.undo() == (1, "title=Ebb, betas+=Tom:brit-picker, series+=Tides #2, chapters=1/3")
    assert catalog.record(1)["rating"] == "PG"
    assert catalog.undo(1) == (1, "rating=PG")
    assert catalog.record(1) == before
    assert catalog.corrections(1) == []
    assert catalog.db.execute("SELECT corrected FROM extractions").fetchone() == (None,)
    with pytest.raises(CatalogError, match="no correction"):
        catalog.undo()


def test_a_work_that_is_none_cannot_be_corrected(catalog: Catalog) -> None:
    with pytest.raises(NoSuchWork):
        catalog.correct(7, [parse("title=x")])
    assert catalog.corrections(7) == []


def test_storing_again_what_is_known_changes_nothing_under_corrections(catalog: Catalog) -> None:
    say(catalog, "title=Ebb")
    seq = catalog.last_seq()
    assert catalog.store(*tide()).outcome == "unchanged"
    assert (catalog.last_seq(), catalog.record(1)["title"]) == (seq, "Ebb")
