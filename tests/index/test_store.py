"""What is stored comes back as it was, and nothing else changes."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ficdex.errors import CatalogError, NoSuchWork
from ficdex.fields import to_record
from ficdex.index import story_text
from ficdex.index.catalog import Catalog
from ficdex.index.corrections import parse
from ficdex.model import Block, Character, Credit, Document, Evidence, Source, Span, Stat, Work

from .works import documents, works


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    with Catalog.open(tmp_path / "c.db", create=True, write=True) as opened:
        yield opened


def paper(text: str = "The tide went out.", uri: str = "/shelf/a.txt", origin: str | None = None) -> Document:
    return Document(
        Source(uri, "text/plain", "1f", len(text), origin=origin or uri), text, (Block(Span(0, len(text))),)
    )


def story(document: Document, **values: Any) -> Work:
    return Work(document.source, (document.source.uri,), **{"title": "Low Tide", "extractor": "1", **values})


def put(catalog: Catalog, document: Document | None = None, **values: Any) -> int:
    document = document or paper()
    return catalog.store(story(document, **values), document).id


class Stop(Exception):
    pass


def fails(catalog: Catalog, document: Document | None = None, **values: Any) -> None:
    with catalog.transaction():
        put(catalog, document, **values)
        raise Stop


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_every_work_comes_back_as_it_was(catalog: Catalog, data: st.DataObject) -> None:
    for _ in range(2):  # the second replaces the first
        document = data.draw(documents())
        work = data.draw(works(document))
        id_ = catalog.store(work, document).id
        expected = to_record(work, document.text, id_)
        assert catalog.record(id_) == expected
        assert list(catalog.record(id_)) == list(expected)
        assert catalog.rejected(id_) == to_record(replace(work, evidence=work.rejected), document.text)["evidence"]
        assert catalog.document(id_) == document
        assert catalog.text(id_) == document.text


@settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_storing_twice_changes_nothing(catalog: Catalog, data: st.DataObject) -> None:
    document = data.draw(documents())
    work = data.draw(works(document))
    catalog.store(work, document)
    before = "\n".join(catalog.db.iterdump())
    assert catalog.store(work, document).outcome == "unchanged"
    assert "\n".join(catalog.db.iterdump()) == before


def test_a_newer_extractor_that_says_the_same_is_noted_and_no_change(catalog: Catalog) -> None:
    put(catalog)
    seq = catalog.last_seq()
    assert catalog.older("2") == [1]
    assert catalog.store(story(paper(), extractor="2"), paper()).outcome == "unchanged"
    assert catalog.older("2") == []
    assert catalog.last_seq() == seq


def test_what_sqlite_cannot_hold_is_made_to_fit(catalog: Catalog) -> None:
    document = paper("A \ud800 surrogate.")
    id_ = put(
        catalog, document, title="A\udfff", words=1 << 90, stats=(Stat("k", -(1 << 90)),), authors=("A\ud800", "B")
    )
    record = catalog.record(id_)
    assert (record["title"], record["words"], record["authors"]) == ("A?", (1 << 63) - 1, ["A?", "B"])
    assert catalog.text(id_) == document.text


def test_a_new_text_is_found_and_the_old_one_no_more(catalog: Catalog) -> None:
    put(catalog, paper("The tide went out."))
    put(catalog, paper("The kettle sang."))
    assert story_text.match(catalog.db, "tide") == []
    assert [id_ for id_, _ in story_text.match(catalog.db, "kettle")] == [1]
    catalog.remove(1)
    assert story_text.match(catalog.db, "kettle") == []


def test_an_id_is_never_given_twice(catalog: Catalog) -> None:
    put(catalog)
    catalog.remove(1)
    assert put(catalog) == 2
    assert [(id_, gone) for _, id_, gone in catalog.changed_since(0)] == [(1, True), (2, False)]


def test_every_change_has_a_number_of_its_own(catalog: Catalog) -> None:
    put(catalog)
    put(catalog, paper(uri="/shelf/b.txt"))
    seq = catalog.last_seq()
    catalog.correct(1, [parse("rating=PG")])
    assert list(catalog.changed_since(seq)) == [(seq + 1, 1, False)]
    catalog.remove(2)
    assert list(catalog.changed_since(seq)) == [(seq + 1, 1, False), (seq + 2, 2, True)]


def test_a_member_that_its_container_lost_is_marked_and_comes_back(catalog: Catalog) -> None:
    for uri in ("/x.zip!/a.txt", "/x.zip!/b.txt"):
        put(catalog, paper(uri=uri, origin="/x.zip"))
    catalog.seen("/x.zip", 1, 1, "aa", ["/x.zip!/a.txt"])
    assert (catalog.missing_since(1), bool(catalog.missing_since(2))) == (None, True)
    put(catalog, paper(uri="/x.zip!/b.txt", origin="/x.zip"))
    assert catalog.missing_since(2)  # extracted again from its stored text, and no less gone
    catalog.seen("/x.zip", 1, 2, "bb", ["/x.zip!/a.txt", "/x.zip!/b.txt"])
    assert catalog.missing_since(2) is None


def test_a_container_may_hold_any_number_of_works(catalog: Catalog) -> None:
    put(catalog, paper(uri="/x.mbox#40000", origin="/x.mbox"))
    catalog.seen("/x.mbox", 1, 1, "aa", [f"/x.mbox#{n}" for n in range(40_001)])
    assert catalog.missing_since(1) is None


def test_missing_files_are_known_and_counted_once(catalog: Catalog) -> None:
    put(catalog)
    catalog.seen("/shelf/a.txt", 1, 1, "aa", ["/shelf/a.txt"])
    assert catalog.mark_missing(["/shelf/a.txt", "/never/seen"]) == 1
    assert catalog.mark_missing(["/shelf/a.txt"]) == 0
    assert catalog.known()["/shelf/a.txt"].missing
    assert catalog.stats()["missing"] == 1


def test_chapters_know_where_they_begin_and_end(catalog: Catalog) -> None:
    document = paper("One\n\nText.\n\nTwo\n\nMore.")
    spans = {"One": Span(0, 3), "Two": Span(12, 15)}
    evidence = tuple(Evidence("chapter_titles", t, span, "heading", 0.9) for t, span in spans.items())
    put(catalog, document, chapter_titles=("One", "Two", "Three"), evidence=evidence)
    rows = catalog.db.execute("SELECT position, title, start, end FROM chapters").fetchall()
    assert rows == [(1, "One", 0, 12), (2, "Two", 12, 22), (3, "Three", None, None)]


def test_a_character_belongs_to_the_fandom_that_knows_the_name(catalog: Catalog) -> None:
    put(catalog, fandoms=("Buffy the Vampire Slayer",), characters=(Character("Willow Rosenberg"), Character("Odile")))
    put(catalog, paper(uri="/b"), fandoms=("Original Work",), characters=(Character("Willow Rosenberg"),))
    rows = catalog.db.execute("SELECT character, fandom FROM cast_list ORDER BY work_id, character").fetchall()
    assert rows == [("Odile", None), ("Willow Rosenberg", "Buffy the Vampire Slayer"), ("Willow Rosenberg", None)]


def test_a_failed_transaction_leaves_nothing_and_later_ones_work(catalog: Catalog) -> None:
    with pytest.raises(Stop):
        fails(catalog, authors=("Fenn",))
    assert list(catalog.records()) == []
    put(catalog, authors=("Fenn",))
    assert catalog.record(1)["authors"] == ["Fenn"]


def test_a_failed_part_leaves_the_rest_of_a_transaction(catalog: Catalog) -> None:
    with catalog.transaction():
        put(catalog, betas=(Credit("Odile"),))
        with pytest.raises(Stop):
            fails(catalog, paper(uri="/b"), betas=(Credit("Tom"),))
        put(catalog, paper(uri="/c"), betas=(Credit("Tom"),))
    assert [r["source"] for r in catalog.records()] == ["/shelf/a.txt", "/c"]
    assert catalog.db.execute("PRAGMA foreign_key_check").fetchall() == []


def test_names_that_no_work_has_are_forgotten(tmp_path: Path) -> None:
    path = tmp_path / "c.db"
    with Catalog.open(path, create=True, write=True) as catalog:
        put(catalog, authors=("Fenn",), fandoms=("Farscape",), characters=(Character("Chiana"),))
        put(catalog, authors=("Joan",))
    with Catalog.open(path) as catalog:
        assert catalog.db.execute("SELECT name FROM people").fetchall() == [("Joan",)]
        assert catalog.db.execute("SELECT count(*) FROM characters").fetchone() == (0,)
        assert catalog.db.execute("SELECT count(*) FROM fandoms").fetchone() == (0,)


def test_records_come_in_the_order_asked_for_and_in_batches(catalog: Catalog) -> None:
    with catalog.transaction():
        for n in range(1_100):
            put(catalog, paper(uri=f"/{n}"), title=str(n))
    wanted = [*range(1_100, 0, -1), 9_999]
    assert [r["id"] for r in catalog.records(wanted)] == wanted[:-1]
    assert len(list(catalog.records())) == 1_100
    assert "evidence" not in next(catalog.records())


@pytest.mark.parametrize("ask", ["record", "text", "document", "remove"])
def test_a_work_that_is_none_is_said_to_be_none(catalog: Catalog, ask: str) -> None:
    with pytest.raises(NoSuchWork):
        getattr(catalog, ask)(7)


def test_titles_are_found_exactly_before_loosely(catalog: Catalog) -> None:
    for n, title in enumerate(("Red", "RED!", "1984", None, "100% Wolf")):
        put(catalog, paper(uri=f"/{n}"), title=title)
    assert [catalog.find(t) for t in ("Red", "RED!", "1984", "100%", " 1 ")] == [1, 2, 3, 5, 1]
    for wanted in ("", "%", "²", "9" * 40, "\ud800"):
        with pytest.raises(NoSuchWork):
            catalog.find(wanted)


def test_the_story_index_can_be_built_anew(catalog: Catalog) -> None:
    put(catalog)
    catalog.reindex_text()
    assert [id_ for id_, _ in story_text.match(catalog.db, "tide")] == [1]
    put(catalog, paper("Dry."))
    assert story_text.match(catalog.db, "tide") == []


def test_a_backup_never_replaces_the_catalogue_itself_nor_leaves_pieces(catalog: Catalog, tmp_path: Path) -> None:
    put(catalog)
    with pytest.raises(CatalogError):
        catalog.backup(catalog.path)
    with pytest.raises(CatalogError):
        catalog.backup(tmp_path / "none" / "copy.db")
    (tmp_path / "folder").mkdir()
    with pytest.raises(CatalogError):
        catalog.backup(tmp_path / "folder")
    catalog.backup(tmp_path / "copy.db")
    assert not list(tmp_path.glob(".ficdex-*"))
    copy = sqlite3.connect(tmp_path / "copy.db")
    assert copy.execute("SELECT title FROM catalog").fetchall() == [("Low Tide",)]
    copy.close()
