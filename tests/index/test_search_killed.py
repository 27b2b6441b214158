"""kill -9 while the search index is written: no hit is lost, no lock stays, and the index mends itself."""

from __future__ import annotations

import multiprocessing
import random
import time
from pathlib import Path

import pytest

from ficdex.index.catalog import Catalog
from ficdex.index.embedded import Embedded
from ficdex.index.query import parse
from ficdex.index.search import SearchIndex

from .shelf import put


def write_on(path: Path, first: int) -> None:
    """Add works and index them, a few at a time and now and then all anew, until somebody ends it."""
    for round_ in range(10_000):
        with Catalog.open(path, write=True) as catalog:
            index = SearchIndex.open(catalog)
            for number in range(3):
                put(catalog, f"{first}-{round_}-{number}.txt", "The moth and the lamp.", title=f"Moth {number}")
            put(catalog, "same.txt", f"Draft {first} {round_}.", title=f"Draft {first} {round_}")
            index.catch_up()
            if round_ % 3 == 2:
                index.rebuild()


@pytest.mark.slow
def test_an_index_killed_twenty_times_loses_no_hit_and_no_lock(tmp_path: Path) -> None:
    """Budget: 60 s."""
    rng, path = random.Random(3), tmp_path / "c.db"
    Catalog.open(path, create=True, write=True).close()
    forked = multiprocessing.get_context("fork")
    for kill in range(20):
        child = forked.Process(target=write_on, args=(path, kill))
        child.start()
        time.sleep(rng.uniform(0.1, 0.6))
        assert child.is_alive()
        child.kill()
        child.join()
        with Catalog.open(path) as catalog:
            engine = Embedded(catalog)
            stored = list(catalog.ids())
            moths = [r["id"] for r in catalog.records() if str(r["title"]).startswith("Moth")]
            assert list(engine.ids(parse("*"))) == stored
            assert list(engine.ids(parse("title:moth"))) == list(engine.ids(parse("text:moth"))) == moths
            assert engine.ailment() == ""
            with engine.folder.locked() as free:
                assert free
            engine.close()
    assert len(stored) > 60
    left = sorted(p.name for p in engine.folder.root.iterdir() if p.suffix in (".new", ".old"))
    assert len(left) <= 2, left
