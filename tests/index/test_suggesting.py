"""Did you mean: what is suggested where nothing is found."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ficdex.index.catalog import Catalog
from ficdex.index.engine import Suggestion
from ficdex.index.search import SearchIndex, rewritten

from .shelf import fill


@pytest.fixture
def search(tmp_path: Path) -> Iterator[SearchIndex]:
    with Catalog.open(tmp_path / "c.db", create=True, write=True) as catalog:
        fill(catalog)
        yield SearchIndex.open(catalog)


@pytest.mark.parametrize(
    ("query", "meant"),
    {
        "fandom:bufy": ("fandom:buffy", 2),
        "beta:pertra": ("beta:Petra", 1),
        'author:"mina oaks"': ('author:"Mina Oakes"', 1),
        "character:wilow": ("character:willow", 3),
        "ship:spike/wilow": ('ship:"spike/willow"', 1),
        "refridgerator": ("refrigerator", 1),
        "text:refridgerator": ("text:refrigerator", 1),
        "title:sinnners": ("title:sinners", 1),
        "wilow tarra": ("willow tara", 2),
        "(wilow OR xyzzy) -moth": ("(willow OR xyzzy) -moth", 2),
        "rating:explict": ("rating:explicit", 1),
        'rating:"teen an up audiences"': ('rating:"Teen And Up Audiences"', 1),
        "language:englsh": ("language:English", 1),
        "tag:flufff": ("tag:Fluff", 1),
        "beta:odd": ("credit:odd", 1),
        "main:tara": ("character:tara", 2),
    }.items(),
)
def test_what_was_meant_is_suggested_with_how_much_it_finds(
    search: SearchIndex, query: str, meant: tuple[str, int]
) -> None:
    hits = search.find(query)
    assert (hits.total, hits.meant[0]) == (0, meant)


@pytest.mark.parametrize("query", ["kettle", "xyzzyxyzzy", "xy", "words:>10m", "kettle refrigerator", "-*", "魔法魔法"])
def test_nothing_is_suggested_for_what_is_right_or_like_nothing(search: SearchIndex, query: str) -> None:
    assert search.find(query).meant == ()


def test_stems_are_never_suggested(search: SearchIndex) -> None:
    assert [query for query, _ in search.find("note:fedeing").meant] == ["note:feeding"]


def test_the_likeliest_are_tried_together_and_others_one_at_a_time() -> None:
    suggestions = [Suggestion((0, 1), "x"), Suggestion((0, 1), "y z"), Suggestion((2, 3), "w")]
    assert list(rewritten("a b", suggestions)) == ["x w", '"y z" w']
