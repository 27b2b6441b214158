"""What a crawl would ask for, before anybody is asked."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ficdex.crawler import frontier as frontiers
from ficdex.crawler.answers import found_at
from ficdex.crawler.clock import Clock
from ficdex.crawler.frontier import Frontier
from ficdex.crawler.ledger import Ledger
from ficdex.crawler.plan import HostPlan, plan
from ficdex.crawler.settings import load
from ficdex.index.catalog import Catalog

NOW = 1_100_000_000.0


@pytest.fixture
def frontier(tmp_path: Path) -> Iterator[Frontier]:
    """Where http://a.test/old and http://b.test/old wait."""
    with Catalog.open(tmp_path / "catalog.db", create=True, write=True) as catalog:
        frontiers.migrate(catalog.db)
        made = Frontier(catalog.db, catalog.transaction, Clock())
        settings = load(None, {}, {})
        made.add(
            [found_at(f"http://{host}/old", settings) for host in ("a.test", "b.test")],
            lambda name: made.host(name, 5).id,
        )
        yield made


def planned(frontier: Frontier, *urls: str, **options: object) -> dict[str, HostPlan]:
    settings = load(None, {}, options)
    starts = [found_at(url, settings, again=True) for url in urls]
    return {one.authority: one for one in plan(starts, Ledger(frontier.db), settings, NOW)}


def test_what_is_named_comes_first_and_once(frontier: Frontier) -> None:
    plans = planned(frontier, "http://a.test/new", "http://a.test/old", "http://a.test/new")
    assert list(plans["a.test"].requests) == ["http://a.test/robots.txt", "http://a.test/new", "http://a.test/old"]


def test_http_and_https_have_a_robots_txt_each_and_one_pace(frontier: Frontier) -> None:
    plan_of_a = planned(frontier, "https://a.test/new")["a.test"]
    assert [url for url in plan_of_a.requests if "robots" in url] == [
        "https://a.test/robots.txt",
        "http://a.test/robots.txt",
    ]
    assert plan_of_a.seconds() == (15.0, 22.5)


def test_the_limit_of_pages_leaves_out_what_waits_before_what_is_named(frontier: Frontier) -> None:
    plans = planned(frontier, "http://a.test/new", max_pages=1)
    assert {name: list(one.requests)[1:] for name, one in plans.items()} == {
        "a.test": ["http://a.test/new"],
        "b.test": [],
    }


def test_a_parked_host_is_asked_for_nothing_unless_it_is_waited_for(frontier: Frontier) -> None:
    host = frontier.host("b.test", 5)
    host.park(NOW + 60, "status 503")
    frontier.save_host(host)
    parked = planned(frontier)["b.test"]
    assert (list(parked.requests), parked.parked_until, parked.park_reason) == ([], NOW + 60, "status 503")
    assert len(planned(frontier, wait_parked=True)["b.test"].requests) == 2


def test_a_host_that_was_slowed_down_takes_as_long_as_it_will(frontier: Frontier) -> None:
    host = frontier.host("b.test", 5)
    host.refused(NOW, "status 503")
    frontier.save_host(host)
    assert planned(frontier)["b.test"].seconds() == (30.0, 45.0)
