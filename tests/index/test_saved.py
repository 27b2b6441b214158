"""Saved searches: kept in the catalogue, usable in any query."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ficdex.errors import CatalogError, QueryError
from ficdex.index.catalog import Catalog
from ficdex.index.saved import SavedSearches
from ficdex.index.search import SearchIndex

from .shelf import fill


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    with Catalog.open(tmp_path / "c.db", create=True, write=True) as catalog:
        fill(catalog)
        yield catalog


def test_a_saved_search_stands_for_its_query(catalog: Catalog) -> None:
    saved, search = SavedSearches(catalog), SearchIndex.open(catalog)
    saved.save("buffy", "fandom:btvs")
    saved.save("short-buffy", "@buffy -words:>10k")
    found = [list(search.ids(q)) for q in ("@buffy", "@short-buffy", "-@buffy", "(@buffy OR clef) joan")]
    assert found == [[1, 3], [3], [2, 4], [2]]
    assert saved.all() == [("buffy", "fandom:btvs"), ("short-buffy", "@buffy -words:>10k")]


def test_a_saved_or_keeps_its_parts_together(catalog: Catalog) -> None:
    SavedSearches(catalog).save("either", "kettle OR clef")
    assert list(SearchIndex.open(catalog).ids("@either joan")) == [2]


def test_a_name_is_given_to_another_query_and_taken_back(catalog: Catalog) -> None:
    saved = SavedSearches(catalog)
    saved.save("mine", "kettle")
    saved.save("mine", "clef")
    assert saved.query("mine") == "clef"
    saved.forget("mine")
    assert saved.all() == []
    with pytest.raises(CatalogError, match="--saved"):
        saved.forget("mine")


@pytest.mark.parametrize(
    ("name", "query", "says"),
    [
        ("a b", "kettle", "letters, digits"),
        ("", "kettle", "letters, digits"),
        ("x", "(kettle", "not closed"),
        ("x", "@x", "leads back"),
        ("x", "@y", "leads back"),
        ("x", "@z", "no search is saved as 'z'"),
    ],
)
def test_what_cannot_be_searched_for_is_not_saved(catalog: Catalog, name: str, query: str, says: str) -> None:
    saved = SavedSearches(catalog)
    saved.save("x", "kettle")
    saved.save("y", "@x")
    with pytest.raises(QueryError, match=says):
        saved.save(name, query)
    assert saved.query("x") == "kettle"


def test_searches_within_searches_stay_bounded(catalog: Catalog) -> None:
    saved = SavedSearches(catalog)
    saved.save("s0", "kettle")
    for n in range(1, 8):
        saved.save(f"s{n}", f"@s{n - 1} @s{n - 1}")
    with pytest.raises(QueryError, match="200 terms"):
        saved.save("s8", "@s7 @s7")
    for n in range(1, 42):
        saved.save(f"s{n}", f"@s{n - 1}")
    with pytest.raises(QueryError, match="40 deep"):
        saved.save("s42", "@s41")


def test_a_word_with_an_at_sign_in_a_field_is_a_word(catalog: Catalog) -> None:
    assert list(SearchIndex.open(catalog).ids("author:@joan")) == [2]
