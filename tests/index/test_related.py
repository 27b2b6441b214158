"""Works that are like one, and why."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ficdex.index.catalog import Catalog
from ficdex.index.related import related
from ficdex.model import Character, Credit, Related, Series

from .shelf import BUFFY, put


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    with Catalog.open(tmp_path / "c.db", create=True, write=True) as catalog:
        yield catalog


def likes(catalog: Catalog, id_: int) -> dict[int, tuple[str, ...]]:
    return {like.id: like.why for like in related(catalog.db, id_)}


def test_what_works_share_is_said_the_most_telling_first(catalog: Catalog) -> None:
    one = put(catalog, "a", authors=("Fenn",), fandoms=(BUFFY,), series=(Series("Goods", 1),), betas=(Credit("Ada"),))
    series = put(catalog, "b", fandoms=(BUFFY,), series=(Series("Goods", 2),))
    author = put(catalog, "c", authors=("Fenn",), betas=(Credit("Ada"),))
    fandom = put(catalog, "d", fandoms=(BUFFY,))
    put(catalog, "e", authors=("Somebody",))
    assert likes(catalog, one) == {series: ("series Goods", BUFFY), author: ("by Fenn", "beta Ada"), fandom: (BUFFY,)}


def test_what_few_share_says_more_than_what_many_do(catalog: Catalog) -> None:
    one = put(catalog, "a", characters=(Character("Tara"), Character("Amy")))
    for n in range(20):
        put(catalog, f"t{n}", characters=(Character("Tara"),))
    rare = put(catalog, "b", characters=(Character("Amy"),))
    assert next(iter(likes(catalog, one))) == rare


def test_a_relationship_is_the_same_in_either_order(catalog: Catalog) -> None:
    one = put(catalog, "a", relationships=("Spike/Willow",))
    other = put(catalog, "b", relationships=("Willow/Spike",))
    assert likes(catalog, one) == {other: ("Spike/Willow",)}


def test_who_is_only_mentioned_makes_no_work_alike(catalog: Catalog) -> None:
    one = put(catalog, "a", characters=(Character("Amy"),))
    put(catalog, "b", characters=(Character("Amy", stage="mentioned"),))
    assert likes(catalog, one) == {}


def test_a_work_that_says_it_belongs_to_another_is_found_from_both(catalog: Catalog) -> None:
    first = put(catalog, "a", title="Low Tide", authors=("Fenn",))
    second = put(
        catalog, "b", title="High Water", authors=("Fenn",), related=(Related("sequel", "sequel to “Low Tide”"),)
    )
    put(catalog, "c", title="Low Tide", authors=("Somebody",))
    assert likes(catalog, second)[first] == ("sequel of it", "by Fenn")
    assert likes(catalog, first) == {second: ("it says: sequel", "by Fenn")}


def test_other_editions_are_the_work_itself(catalog: Catalog) -> None:
    one, other = (put(catalog, name, authors=("Fenn",)) for name in "ab")
    catalog.link([one, other])
    assert likes(catalog, one) == {}
