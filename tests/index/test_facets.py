"""What the works of a result have in common, counted: rightly, and by the plan that stays quick."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ficdex.index.catalog import Catalog
from ficdex.index.facets import NAMES, facets, term
from ficdex.index.search import SearchIndex
from ficdex.model import Block, Character, Credit, Document, Source, Span, Work

TABLES = ("works", "work_fandoms", "work_characters", "credits", "authors", "relationships", "tags")


def put(catalog: Catalog, uri: str, **values: Any) -> int:
    source, text = Source(uri, "text/plain", uri, 1), f"Nothing happens in {uri}."
    document = Document(source, text, (Block(Span(0, len(text))),))
    return catalog.store(Work(source, (uri,), **values), document).id


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    """Three works that share a fandom, an author and a beta; one that shares nothing."""
    buffy: dict[str, Any] = {"fandoms": ("Buffy the Vampire Slayer",), "authors": ("Mina Oakes",), "language": "en"}
    with Catalog.open(tmp_path / "c.db", create=True, write=True) as catalog:
        put(
            catalog, "/shelf/kettle.txt", **buffy, rating="PG-13", rating_level="teen", words=12_000,
            betas=(Credit("Petra"), Credit("Petra", "editor")), tags=("Hurt/Comfort", "Tea"), warnings=("None",),
            characters=(Character("Willow Rosenberg", ("Red",), "main"), Character("Spike")),
            relationships=("Spike/Willow Rosenberg",), status="complete", published="2003-05-17",
        )  # fmt: skip
        put(
            catalog, "/shelf/list.mbox#2", **buffy, rating_level="teen", words=4_999, betas=(Credit("Petra", "editor"),)
        )
        put(
            catalog, "/shelf/saved/ao3/12.HTML", **buffy | {"language": "en-GB"}, site_id="ao3:12", words=1_000,
            published="2003", tags=('The "Tea" Affair',), status="in-progress",
        )  # fmt: skip
        put(catalog, "https://tower.example/view?sid=4", title="Clef", language="fr", words=100_000)
        put(catalog, "/shelf/no.ending/clef")
        yield catalog


EXPECTED: dict[str, list[tuple[str, int]]] = {
    "fandom": [("Buffy the Vampire Slayer", 3)],
    "character": [("Spike", 1), ("Willow Rosenberg", 1)],
    "beta": [("Petra", 2)],
    "author": [("Mina Oakes", 3)],
    "relationship": [("Spike/Willow Rosenberg", 1)],
    "rating": [("teen", 2)],
    "language": [("en", 3), ("fr", 1)],
    "status": [("complete", 1), ("in-progress", 1)],
    "year": [("2003", 2)],
    "words": [("1000..4999", 2), ("0..999", 1), ("100000..", 1), ("5000..19999", 1)],
    "tag": [("Hurt/Comfort", 1), ("Tea", 1), ('The "Tea" Affair', 1)],
    "source": [(".html", 1), (".mbox", 1), (".txt", 1), ("ao3", 1), ("tower.example", 1)],
}


@pytest.mark.parametrize("ids", [None, [1, 2, 3, 4, 5]])
@pytest.mark.parametrize("many", [0, 8])
def test_values_are_counted_by_work(
    catalog: Catalog, ids: Sequence[int] | None, many: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ficdex.index.facets.MANY", many)
    assert facets(catalog.db, ids, NAMES) == EXPECTED


@pytest.mark.parametrize("name", NAMES)
def test_the_term_of_a_value_finds_the_works_that_were_counted(catalog: Catalog, name: str) -> None:
    index = SearchIndex.open(catalog)
    assert [(v, len(list(index.ids(term(name, v))))) for v, _ in EXPECTED[name]] == EXPECTED[name]
    assert all(len(list(index.ids("-" + term(name, v)))) == 5 - n for v, n in EXPECTED[name])


def test_only_the_works_asked_for_are_counted(catalog: Catalog) -> None:
    assert facets(catalog.db, [3, 4, 99], ["fandom", "language"]) == {
        "fandom": [("Buffy the Vampire Slayer", 1)],
        "language": [("en", 1), ("fr", 1)],
    }
    assert facets(catalog.db, [], NAMES) == {name: [] for name in NAMES}


def test_the_most_frequent_values_come_first_and_no_more_than_asked_for(catalog: Catalog) -> None:
    assert facets(catalog.db, None, ["language", "tag"], 1) == {"language": [("en", 3)], "tag": [("Hurt/Comfort", 1)]}


def test_a_name_in_two_fandoms_is_one_value(catalog: Catalog) -> None:
    cast = (Character("Harry Potter"),)
    for n, fandoms in enumerate((("Harry Potter",), ("Merlin",))):
        put(catalog, f"/h/{n}", characters=cast, fandoms=fandoms)
    assert facets(catalog.db, None, ["character"])["character"][0] == ("Harry Potter", 2)


def test_a_reader_may_count(catalog: Catalog) -> None:
    with Catalog.open(catalog.path) as reader:
        assert facets(reader.db, [1], ["author"]) == {"author": [("Mina Oakes", 1)]}


def test_few_works_are_looked_up_and_no_table_is_read_whole(catalog: Catalog) -> None:
    source = Source("/many", "text/plain", "m", 1)
    document = Document(source, "x", (Block(Span(0, 1)),))
    with catalog.transaction():
        for n in range(300):
            one = replace(source, uri=f"/many/{n}")
            work = Work(one, (one.uri,), fandoms=("A",), authors=("B",), tags=("C",), betas=(Credit("D"),))
            catalog.store(work, replace(document, source=one))
    catalog.db.execute("ANALYZE")
    statements: list[str] = []
    catalog.db.set_trace_callback(statements.append)
    facets(catalog.db, [1, 2], NAMES)
    catalog.db.set_trace_callback(None)
    counting = [s for s in statements if "wanted" in s]
    assert len(counting) == 7
    for statement in counting:
        plan = [row[3] for row in catalog.db.execute(f"EXPLAIN QUERY PLAN {statement}")]
        assert any(step.startswith(("SEARCH t USING PRIMARY KEY", "SEARCH t USING INTEGER")) for step in plan), plan
        assert not [step for step in plan if step.startswith(("SCAN t", "SCAN v"))], plan
