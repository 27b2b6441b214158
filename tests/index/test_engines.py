"""The engines pass the suite, and what the embedded one finds is what reading every record finds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ficdex.fields import ROLES, STAGES
from ficdex.index import search_fields as known
from ficdex.index.catalog import Catalog
from ficdex.index.embedded import Embedded
from ficdex.index.engine import SearchEngine
from ficdex.index.query_names import NAMES
from ficdex.index.query_tree import And, Exists, Node, Not, Or, Pair, Range, Words
from ficdex.model import Character, Credit, Note, Series

from .brute_force import BruteForce
from .engine_suite import EngineSuite
from .shelf import put


class TestEmbedded(EngineSuite):
    def make(self, catalog: Catalog) -> SearchEngine:
        return Embedded(catalog)


class TestBruteForce(EngineSuite):
    """Any engine can stand behind the seam."""

    def make(self, catalog: Catalog) -> SearchEngine:
        return BruteForce(catalog)


WORD = st.sampled_from(
    ["moth", "moths", "running", "runner", "ran", "café", "red", "tea", "teas", "夜", "夜の夢", "Ada"]
)
TEXT = st.lists(WORD, min_size=1, max_size=5).map(" ".join)
NAME = st.lists(WORD, min_size=1, max_size=2).map(" ".join)
LIST = st.lists(NAME, max_size=3).map(tuple)
DAY = st.sampled_from([None, "2003", "2003-05", "2003-05-17", "1999-12"])
WORK = st.fixed_dictionaries(
    {
        "text": TEXT,
        "title": st.none() | TEXT,
        "authors": LIST,
        "fandoms": LIST,
        "characters": st.lists(st.builds(Character, NAME, LIST, st.sampled_from(STAGES)), max_size=3).map(tuple),
        "betas": st.lists(st.builds(Credit, NAME, st.sampled_from(ROLES[:3])), max_size=3).map(tuple),
        "relationships": st.lists(
            st.lists(NAME, min_size=2, max_size=3).flatmap(lambda p: st.sampled_from("/&").map(lambda s: s.join(p))),
            max_size=3,
        ).map(tuple),
        "notes": st.lists(st.builds(Note, TEXT, st.just("start")), max_size=2).map(tuple),
        "series": st.lists(st.builds(Series, NAME), max_size=1).map(tuple),
        "summary": st.none() | TEXT,
        "tags": LIST,
        "words": st.integers(0, 5),
        "published": DAY,
    }
)

FIELD = st.sampled_from([None, "text", *known.WEIGHTS])
ASKED = st.sampled_from([a for a in NAMES.values() if a.role])
PATTERN = st.sampled_from(["m?th", "r*n", "*a", "t?as", "*", "r?n*"])


@st.composite
def leaves(draw: st.DrawFn) -> Node:
    field, near = draw(FIELD), draw(st.sampled_from([1, 1, 3]))
    match draw(st.integers(0, 9)):
        case 0:
            return Range(
                draw(st.sampled_from(["words", "chapters"])),
                draw(st.integers(0, 4)),
                draw(st.none() | st.integers(0, 5)),
            )
        case 1:
            bound = st.none() | st.sampled_from([20030000, 20030501, 20039999, 19991200])
            return Range("published", draw(bound), draw(bound))
        case 2:
            return Exists(draw(st.sampled_from(["crossover", "text", "title", "betas", "words", "notes"])))
        case 3:
            return Exists(*draw(ASKED))
        case 4:
            key, role = draw(ASKED)
            return Words(draw(NAME), key, draw(st.sampled_from(["words", "phrase", "exact", "prefix"])), role=role)
        case 5:
            sides = draw(st.lists(st.lists(NAME, min_size=1, max_size=2).map(tuple), min_size=1, max_size=3).map(tuple))
            return Pair(sides, draw(st.booleans()))
        case 6:
            return Words(draw(PATTERN), field, "wildcard")
        case 7:
            return Words(draw(WORD), field, draw(st.sampled_from(["prefix", "fuzzy"])))
        case 8:
            return Words(draw(TEXT), field, "phrase", near if field not in (None, "text") else 1)
    return Words(draw(TEXT), field, draw(st.sampled_from(["words", "exact"])))


def several(kind: Any) -> Any:
    return lambda nodes: st.lists(nodes, min_size=2, max_size=3).map(lambda parts: kind(tuple(parts)))


QUERY = st.recursive(leaves(), lambda nodes: several(And)(nodes) | several(Or)(nodes) | nodes.map(Not), max_leaves=5)


@pytest.fixture(scope="module")
def shelves() -> list[int]:
    """Counts, so that every example has a catalogue of its own."""
    return [0]


@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(works=st.lists(WORK, min_size=1, max_size=6), queries=st.lists(QUERY, min_size=20, max_size=20))
def test_what_is_found_is_what_reading_every_record_finds(
    works: list[dict[str, Any]], queries: list[Node], tmp_path: Path, shelves: list[int]
) -> None:
    shelves[0] += 1
    with Catalog.open(tmp_path / f"{shelves[0]}.db", create=True, write=True) as catalog:
        engine = Embedded(catalog)
        for number, work in enumerate(works):
            put(catalog, str(number), **work)
            if number % 3 == 2:
                engine.catch_up()  # several segments
        plain = BruteForce(catalog)
        for query in queries:
            assert list(engine.ids(query)) == list(plain.ids(query)), query
