"""What any search engine must do, whatever it is made of: a subclass says how to `make` one for a catalogue."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ficdex.index.catalog import Catalog
from ficdex.index.engine import SearchEngine
from ficdex.index.query import parse
from ficdex.index.query_tree import And, Words

from .shelf import fill, put


class EngineSuite:
    """Inherit, and define `make`."""

    def make(self, catalog: Catalog) -> SearchEngine:
        raise NotImplementedError

    @pytest.fixture
    def catalog(self, tmp_path: Path) -> Iterator[Catalog]:
        with Catalog.open(tmp_path / "c.db", create=True, write=True) as catalog:
            fill(catalog)
            yield catalog

    @pytest.fixture
    def engine(self, catalog: Catalog) -> Iterator[SearchEngine]:
        engine = self.make(catalog)
        yield engine
        engine.close()

    @pytest.mark.parametrize(
        ("query", "ids"),
        {
            "kettle": [1],
            "willow": [1, 2, 3],
            "willow -kettle": [2, 3],
            "-willow": [4],
            "kettle OR clef": [1, 2],
            "moth season": [3],
            '"sinners two"': [],
            "note:thanking": [3],
            "text:walk": [],
            "text:walked": [4],
            "seas*": [3],
            "title:m?th": [3],
            "refrig*tor": [4],
            "text:refridgerator~": [4],
            'title:="moth season"': [3],
            "title:=moth": [],
            "main:willow": [1],
            "on-stage:willow": [1, 3],
            "mentioned:*": [2],
            "brit-picker:odd": [1],
            "beta:odd": [],
            "ship:willow/spike": [1],
            'ship:"dawn & spike"': [3],
            "ship:willow/willow": [],
            "words:>300": [1],
            "published:2003": [1, 2],
            "added:<1 day": [1, 2, 3, 4],
            "crossover:yes": [2],
            "-author:*": [4],
            "*": [1, 2, 3, 4],
            "魔法": [2],
        }.items(),
    )
    def test_a_query_finds_the_works_it_means(self, engine: SearchEngine, query: str, ids: list[int]) -> None:
        assert list(engine.ids(parse(query))) == ids
        assert engine.find(parse(query)).total == len(ids)

    def test_what_also_counts_is_found_too(self, engine: SearchEngine) -> None:
        also = And((Words("Joan", "authors", "exact"), Words("Firefly", "fandoms", "exact")))
        assert list(engine.ids(Words("kettle", also=(also,)))) == [1, 2]

    def test_hits_come_in_pages_and_all_are_counted(self, engine: SearchEngine) -> None:
        page = engine.find(parse("*"), limit=2, offset=1, sort="added")
        assert (page.total, [hit.id for hit in page.hits]) == (4, [3, 2])

    def test_what_the_catalogue_learns_is_found(self, engine: SearchEngine, catalog: Catalog) -> None:
        assert list(engine.ids(parse("zeppelin"))) == []
        added = put(catalog, "5.txt", title="Zeppelin")
        catalog.remove(1)
        engine.catch_up()
        assert [list(engine.ids(parse(q))) for q in ("zeppelin", "kettle", "*")] == [[added], [], [2, 3, 4, added]]

    def test_what_another_run_has_added_is_found_by_one_that_is_open(self, catalog: Catalog) -> None:
        with Catalog.open(catalog.path) as reader:
            engine = self.make(reader)
            assert list(engine.ids(parse("zeppelin"))) == []
            added = put(catalog, "5.txt", title="Zeppelin")
            self.make(catalog).catch_up()
            assert list(engine.ids(parse("zeppelin"))) == [added]
            engine.close()

    def test_what_is_learnt_anew_is_the_whole_catalogue(self, engine: SearchEngine) -> None:
        assert engine.rebuild() == 4
        assert engine.ailment() == ""
        assert list(engine.ids(parse("willow"))) == [1, 2, 3]

    def test_nothing_is_suggested_for_what_is_there(self, engine: SearchEngine) -> None:
        assert engine.suggestions(parse("kettle"), until=float("inf")) == []

    def test_an_engine_that_was_closed_answers_again(self, engine: SearchEngine) -> None:
        engine.close()
        assert list(engine.ids(parse("kettle"))) == [1]
