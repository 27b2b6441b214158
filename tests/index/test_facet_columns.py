"""Facets out of memory are those out of SQLite, whatever changed meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ficdex.index import facet_columns
from ficdex.index.catalog import Catalog
from ficdex.index.corrections import parse
from ficdex.index.facet_columns import FacetColumns
from ficdex.index.facets import NAMES, facets
from ficdex.model import Document, Work

from .works import documents, works


@pytest.fixture(autouse=True)
def _no_result_is_small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(facet_columns, "FEW", -1)


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    with Catalog.open(tmp_path / "c.db", create=True, write=True) as catalog:
        yield catalog


def same(columns: FacetColumns, catalog: Catalog, ids: list[int] | None) -> None:
    assert columns.facets(catalog, ids, NAMES, 1_000) == facets(catalog.db, ids, NAMES, 1_000)


shelves = st.lists(documents().flatmap(lambda d: st.tuples(works(d), st.just(d))), max_size=2)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=20)
@given(shelf=shelves, anew=st.sampled_from([0, 100]))
def test_columns_count_what_sqlite_counts(catalog: Catalog, shelf: list[tuple[Work, Document]], anew: int) -> None:
    facet_columns.ANEW = anew
    columns = FacetColumns()
    same(columns, catalog, None)
    for n, (work, document) in enumerate(shelf):
        source = replace(document.source, uri=f"/shelf/{n}.txt")
        moved = replace(document, source=source, parts=())
        catalog.store(replace(work, source=source, parts=(source.uri,)), moved)
        same(columns, catalog, None)
    ids = list(catalog.ids())
    same(columns, catalog, ids[::2])
    for id_ in ids[:1]:
        catalog.correct(id_, [parse("authors+=Fenn"), parse("words=12")])
        same(columns, catalog, ids)
        catalog.remove(id_)
        same(columns, catalog, ids[1:])
        same(columns, catalog, None)


def test_a_reader_sees_what_another_process_changed(catalog: Catalog) -> None:
    columns = FacetColumns()
    with Catalog.open(catalog.path) as reader:
        same(columns, reader, None)
        _put(catalog, authors=("Fenn",))
        assert columns.facets(reader, None, ["author"]) == {"author": [("Fenn", 1)]}
        assert not reader.db.in_transaction


def _put(catalog: Catalog, **values: Any) -> None:
    from ficdex.model import Block, Source, Span

    source = Source("/a", "text/plain", "", 1)
    catalog.store(Work(source, ("/a",), **values), Document(source, "x", (Block(Span(0, 1)),)))


def test_small_results_do_not_wait_for_the_columns(catalog: Catalog, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(facet_columns, "FEW", 5)
    _put(catalog, authors=("Fenn",))
    columns = FacetColumns()
    with columns._lock:
        assert columns.facets(catalog, [1], ["author"]) == {"author": [("Fenn", 1)]}
