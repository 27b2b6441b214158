"""The examples of docs/search.md find what it says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from ficdex.index.catalog import Catalog
from ficdex.index.query_names import NAMES
from ficdex.index.search import SearchIndex

from .index.shelf import fill

PAGE = (Path(__file__).parent.parent / "docs" / "search.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| (`.+`) \| ([\d, ;]+|none) \|", re.MULTILINE)


def examples() -> list[tuple[str, list[int]]]:
    """(query, ids) of every example; several in a row are told apart by `;`, or find the same."""
    found = []
    for queries, ids in ROW.findall(PAGE):
        each = [q.replace("\\|", "|") for q in re.findall(r"`([^`]+)`", queries)]
        said = ids.split(";") if ";" in ids else [ids] * len(each)
        assert len(each) == len(said), queries
        found += [(q, [int(n) for n in re.findall(r"\d+", one)]) for q, one in zip(each, said, strict=True)]
    return found


@pytest.fixture(scope="module")
def search(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SearchIndex]:
    folder = tmp_path_factory.mktemp("docs")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(folder))
        with Catalog.open(folder / "c.db", create=True, write=True) as catalog:
            fill(catalog)
            yield SearchIndex.open(catalog)


@pytest.mark.parametrize(("query", "ids"), examples())
def test_an_example_of_the_documentation_finds_what_it_says(search: SearchIndex, query: str, ids: list[int]) -> None:
    assert list(search.ids(query)) == ids


def test_there_are_examples() -> None:
    assert len(examples()) > 40


def test_the_fields_that_are_documented_are_there() -> None:
    table = PAGE.split("## Fields")[1].split("## ")[0]
    named = set(re.findall(r"`([\w-]+)`", table)) - {"complete", "in-progress", "wip", "yes", "no"}
    assert named <= NAMES.keys()
