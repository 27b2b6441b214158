"""Who wrote what, who betaed for whom, and which works a fandom has."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ficdex.index.catalog import Catalog
from ficdex.model import Block, Credit, Document, Source, Span, Work


def put(catalog: Catalog, name: str, **values: Any) -> int:
    source = Source(f"/shelf/{name}", "text/plain", name, 1)
    document = Document(source, name, (Block(Span(0, len(name))),))
    return catalog.store(Work(source, (source.uri,), **values), document).id


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    with Catalog.open(tmp_path / "c.db", create=True, write=True) as catalog:
        put(catalog, "a", authors=("Mina",), fandoms=("Buffy",), betas=(Credit("Petra"), Credit("Petra", "editor")))
        put(
            catalog, "b", authors=("Mina", "João"), fandoms=("Buffy", "Angel"), betas=(Credit("Petra"), Credit("Odd_1"))
        )
        put(catalog, "c", authors=("Petra",), betas=(Credit("Mina"), Credit("Petra")))
        yield catalog


def test_a_person_has_works_and_roles(catalog: Catalog) -> None:
    petra = catalog.person("Petra")
    assert petra.written == [3]
    assert petra.credited == {1: ["beta", "editor"], 2: ["beta"], 3: ["beta"]}
    nobody = catalog.person("petra")
    assert (nobody.written, nobody.credited) == ([], {})


def test_ties_count_works_and_nobody_betas_for_themselves(catalog: Catalog) -> None:
    assert catalog.ties(10) == [
        ("Petra", "Mina", 2), ("Mina", "Petra", 1), ("Odd_1", "João", 1), ("Odd_1", "Mina", 1), ("Petra", "João", 1),
    ]  # fmt: skip
    assert catalog.ties(1) == [("Petra", "Mina", 2)]


def test_the_ties_of_one_person(catalog: Catalog) -> None:
    assert catalog.ties(10, "Odd_1") == [("Odd_1", "João", 1), ("Odd_1", "Mina", 1)]
    assert catalog.ties(10, "Mina") == [("Petra", "Mina", 2), ("Mina", "Petra", 1), ("Odd_1", "Mina", 1)]
    assert catalog.ties(10, "nobody") == []


@pytest.mark.parametrize(
    ("part", "names"), [("MIN", ["Mina"]), ("a", ["Mina", "Petra"]), ("_", ["Odd_1"]), ("%", []), ("", ["João"])]
)
def test_people_are_found_by_a_part_of_their_name(catalog: Catalog, part: str, names: list[str]) -> None:
    assert catalog.people(part, 1 if not part else 10) == names


def test_a_fandom_has_its_works(catalog: Catalog) -> None:
    assert (catalog.of_fandom("Buffy"), catalog.of_fandom("Angel"), catalog.of_fandom("buffy")) == ([1, 2], [2], [])


@pytest.mark.parametrize("asked", ["person", "of_fandom", "ties"])
def test_one_persons_and_one_fandoms_works_are_looked_up(catalog: Catalog, asked: str) -> None:
    catalog.db.execute("ANALYZE")
    statements: list[str] = []
    catalog.db.set_trace_callback(statements.append)
    if asked == "ties":
        catalog.ties(10, "Petra")
    else:
        getattr(catalog, asked)("Petra")
    catalog.db.set_trace_callback(None)
    for statement in statements:
        plan = [row[3] for row in catalog.db.execute(f"EXPLAIN QUERY PLAN {statement}")]
        scanned = {step for step in plan if step.startswith("SCAN")}
        assert scanned <= {"SCAN tied", "SCAN one", "SCAN shared"}
