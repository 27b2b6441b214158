"""What to fetch, in which order, and that nothing of it is lost."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from ficdex.crawler import frontier as frontiers
from ficdex.crawler.clock import Clock
from ficdex.crawler.frontier import Found, Frontier
from ficdex.crawler.ledger import Ledger
from ficdex.index.catalog import Catalog


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    with Catalog.open(tmp_path / "catalog.db", create=True, write=True) as opened:
        yield opened


@pytest.fixture
def frontier(catalog: Catalog) -> Frontier:
    frontiers.migrate(catalog.db)
    made = Frontier(catalog.db, catalog.transaction, Clock())
    made.begin(1)
    return made


def page(path: str, **values: object) -> Found:
    url = f"https://archive.test/{path}"
    return Found(url, url, "archive.test", **values)  # type: ignore[arg-type]


def add(frontier: Frontier, *found: Found) -> int:
    return frontier.add(found, lambda name: frontier.host(name, 5).id)


def taken(frontier: Frontier) -> list[str]:
    """Lease and settle everything that waits."""
    host = frontier.host("archive.test", 5)
    order = []
    while claim := frontier.next(host.id):
        order.append(claim.canon.rpartition("/")[2])
        frontier.lease(claim, claim.fetch, host)
        frontier.settle(claim, "done", fetched_at=1.0)
    return order


def test_nearer_pages_come_first_and_listings_before_works(frontier: Frontier) -> None:
    add(frontier, page("far", depth=2), page("page"), page("work", kind="work"), page("list", kind="listing"))
    assert taken(frontier) == ["list", "work", "page", "far"]


def test_a_catalogue_that_kept_one_robots_txt_for_each_host_asks_for_them_again(tmp_path: Path) -> None:
    with Catalog.open(tmp_path / "catalog.db", create=True, write=True) as catalog:
        frontiers.migrate(catalog.db)
        catalog.db.execute("DROP TABLE robots")
        catalog.db.execute("CREATE TABLE robots (host_id INTEGER PRIMARY KEY, outcome TEXT)")
        catalog.db.execute("INSERT INTO robots VALUES (1, 'allow')")
        catalog.db.execute("DELETE FROM _sqlite_migrations WHERE name = 'm002_robots_of_each_origin'")
        frontiers.migrate(catalog.db)
        made = Frontier(catalog.db, catalog.transaction, Clock())
        assert made.robots("https://archive.test/robots.txt") is None


def test_what_was_named_comes_before_what_a_page_led_to(frontier: Frontier) -> None:
    add(frontier, page("a"))
    source = frontier.id_of("https://archive.test/a")
    found = [page("next", kind="listing"), page("b")]
    frontier.add(found, lambda name: frontier.host(name, 5).id, source)
    add(frontier, page("b"), page("c"))
    assert taken(frontier) == ["a", "b", "c", "next"]


def test_a_url_is_added_once(frontier: Frontier) -> None:
    assert add(frontier, page("a"), page("a")) == 1
    assert taken(frontier) == ["a"]
    assert add(frontier, page("a")) == 0
    assert taken(frontier) == []


def test_a_start_of_an_earlier_run_is_asked_for_again(frontier: Frontier) -> None:
    add(frontier, page("a"))
    taken(frontier)
    frontier.begin(2)
    assert add(frontier, page("a", again=True)) == 1
    assert taken(frontier) == ["a"]


def test_what_this_run_has_fetched_is_not_asked_for_again(frontier: Frontier) -> None:
    add(frontier, page("a"))
    taken(frontier)
    assert add(frontier, page("a", again=True)) == 0


def test_a_url_that_waits_does_so_at_the_shortest_way_to_it(frontier: Frontier) -> None:
    add(frontier, page("a", depth=1), page("b", depth=2), page("a", depth=3))
    add(frontier, page("b"))
    assert taken(frontier) == ["b", "a"]


def test_what_was_followed_less_far_is_asked_for_again(frontier: Frontier) -> None:
    add(frontier, page("a"), page("b"))
    for name in ("a", "b"):
        claim = frontier.next(frontier.host("archive.test", 5).id)
        assert claim
        frontier.settle(claim, "done", reach=1 if name == "a" else 2)
    assert add(frontier, page("a", reach=2), page("b", reach=2)) == 1
    assert taken(frontier) == ["a"]


def test_a_time_that_only_a_clock_set_back_explains_is_not_waited_for(frontier: Frontier) -> None:
    add(frontier, page("soon"), page("some_day"))
    host = frontier.host("archive.test", 5)
    for ahead in (3600, 30 * 86_400):
        claim = frontier.next(host.id)
        assert claim
        frontier.postpone(claim, frontier.clock.wall() + ahead)
    frontier.begin(2)
    assert taken(frontier) == ["some_day"]


def test_a_leased_url_of_a_run_that_was_killed_waits_again(frontier: Frontier, catalog: Catalog) -> None:
    add(frontier, page("a"))
    host = frontier.host("archive.test", 5)
    claim = frontier.next(host.id)
    assert claim
    frontier.lease(claim, claim.fetch, host)
    assert frontier.next(host.id) is None
    again = Frontier(catalog.db, catalog.transaction, Clock())
    again.begin(2)
    back = again.next(host.id)
    assert back
    assert (back.canon, back.attempts) == (claim.canon, 0)


def test_a_page_that_run_after_run_dies_of_has_failed(frontier: Frontier) -> None:
    add(frontier, page("bomb"), page("b"))
    host = frontier.host("archive.test", 5)
    asked = []
    for run in range(frontiers.DEATHS + 1):
        claim = frontier.next(host.id)
        assert claim
        frontier.lease(claim, claim.fetch, host)
        asked.append(claim.canon.rpartition("/")[2])
        frontier.begin(run)
    assert asked == [*["bomb"] * frontiers.DEATHS, "b"]
    assert frontier.state_of("https://archive.test/bomb") == "failed"


def test_a_page_that_was_answered_meanwhile_is_not_what_runs_die_of(frontier: Frontier) -> None:
    add(frontier, page("a"))
    host = frontier.host("archive.test", 5)
    for run in range(2 * frontiers.DEATHS - 1):
        claim = frontier.next(host.id)
        assert claim
        attempt = frontier.lease(claim, claim.fetch, host)
        if run == frontiers.DEATHS - 1:
            frontier.answered(attempt, 12, 500, 9, None)
        frontier.begin(run)
    assert frontier.state_of("https://archive.test/a") == "new"


def test_the_next_time_of_a_host_is_written_with_the_lease(frontier: Frontier) -> None:
    add(frontier, page("a"))
    host = frontier.host("archive.test", 5)
    host.rest(1000.0, Random(1))
    claim = frontier.next(host.id)
    frontier.lease(claim, "https://archive.test/a", host)
    assert frontier.host("archive.test", 5).next_at == host.next_at >= 1005


def test_every_request_is_a_line_of_the_audit(frontier: Frontier, catalog: Catalog) -> None:
    add(frontier, page("a"))
    host = frontier.host("archive.test", 5)
    claim = frontier.next(host.id)
    frontier.answered(frontier.lease(None, "https://archive.test/robots.txt", host), 12, 404, 9, None)
    frontier.answered(frontier.lease(claim, "https://archive.test/a", host), 30, None, None, "timeout")
    lines = Ledger(catalog.db).log("archive.test")
    assert [(a.url[-10:], a.status, a.wall_ms, a.error_class) for a in lines] == [
        ("robots.txt", 404, 12, None),
        ("ive.test/a", None, 30, "timeout"),
    ]


def test_a_url_to_be_retried_waits_for_its_time(frontier: Frontier) -> None:
    add(frontier, page("a"))
    host = frontier.host("archive.test", 5)
    claim = frontier.next(host.id)
    assert claim
    later = frontier.clock.wall() + 60
    frontier.settle(claim, "retry", next_at=later)
    assert frontier.next(host.id) is None
    assert frontier.next_at(host.id) == later


def test_pages_are_kept_compressed_and_once(frontier: Frontier, catalog: Catalog) -> None:
    data = b"<p>moth</p>" * 1000
    assert frontier.keep_body(data) == (digest := frontier.keep_body(data))
    assert frontier.body(digest) == data
    assert catalog.db.execute("SELECT count(*), max(length(gz)) < 200 FROM body").fetchone() == (1, 1)


def test_a_page_that_no_url_has_any_more_is_dropped(frontier: Frontier) -> None:
    add(frontier, page("a"))
    digest = frontier.keep_body(b"moth")
    host = frontier.host("archive.test", 5)
    claim = frontier.next(host.id)
    assert claim
    frontier.settle(claim, "done", body_sha256=digest)
    frontier.drop_body(digest)
    assert frontier.has_body(digest)
    assert frontier.forget("https://archive.test/a")
    assert not frontier.has_body(digest)


def test_a_circle_of_redirects_is_seen(frontier: Frontier) -> None:
    add(frontier, page("a"), page("b"), page("c"))
    host = frontier.host("archive.test", 5)
    first, second, third = (frontier.id_of(f"https://archive.test/{name}") or 0 for name in "abc")
    for target in (second, third):
        claim = frontier.next(host.id)
        assert claim
        frontier.settle(claim, "redirected", final_url_id=target)
    assert frontier.leads_to(first, third)
    assert not frontier.leads_to(third, first)


def test_starting_over_forgets_pages_and_keeps_politeness(frontier: Frontier) -> None:
    add(frontier, page("a"))
    host = frontier.host("archive.test", 5)
    host.refused(frontier.clock.wall(), "status 503")
    frontier.save_host(host)
    frontier.lease(None, "https://archive.test/robots.txt", host)
    frontier.clear()
    assert not frontier.waiting_hosts()
    assert frontier.host("archive.test", 5).cur_delay == 30
    assert len(Ledger(frontier.db).log()) == 1


def test_pages_of_a_state_can_wait_again(frontier: Frontier) -> None:
    add(frontier, page("a"), page("b"))
    host = frontier.host("archive.test", 5)
    claim = frontier.next(host.id)
    assert claim
    frontier.settle(claim, "failed", attempts=4)
    assert frontier.retry("failed") == 1
    assert len(taken(frontier)) == 2


def test_a_field_that_a_site_fills_less_than_half_as_often_is_named(frontier: Frontier, catalog: Catalog) -> None:
    for _ in range(30):
        frontier.count_fields("otw", ["title", "rating"])
    later = Frontier(catalog.db, catalog.transaction, Clock())
    later.begin(2)
    for number in range(30):
        later.count_fields("otw", ["title", "rating"] if number < 3 else ["title"])
    assert Ledger(catalog.db).emptied_fields(later.run_id) == [("otw", "rating", 1.0, 0.1)]


def test_few_pages_prove_nothing_about_a_layout(frontier: Frontier, catalog: Catalog) -> None:
    for _ in range(30):
        frontier.count_fields("otw", ["title"])
    later = Frontier(catalog.db, catalog.transaction, Clock())
    later.begin(2)
    later.count_fields("otw", [])
    assert Ledger(catalog.db).emptied_fields(later.run_id) == []


def test_the_tables_are_made_once_and_beside_the_catalogue(catalog: Catalog) -> None:
    assert not frontiers.exists(catalog.db)
    frontiers.migrate(catalog.db)
    frontiers.migrate(catalog.db)
    assert frontiers.exists(catalog.db)
    assert catalog.db.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_what_is_claimed_and_what_waits_is_looked_up_by_index(frontier: Frontier) -> None:
    plan = frontier.db.execute(
        "EXPLAIN QUERY PLAN SELECT id FROM url INDEXED BY url_waiting"
        f" WHERE host_id = 1 AND state IN {frontiers.WAITING} AND next_at <= 1 ORDER BY prio, id LIMIT 1"
    ).fetchall()
    assert all("SCAN" not in str(row) and "TEMP" not in str(row) for row in plan)


def test_a_killed_transaction_leaves_nothing_half_done(frontier: Frontier, catalog: Catalog) -> None:
    add(frontier, page("a"))
    host = frontier.host("archive.test", 5)
    claim = frontier.next(host.id)
    assert claim
    with pytest.raises(sqlite3.OperationalError), catalog.transaction():  # noqa: PT012
        frontier.settle(claim, "done")
        catalog.db.execute("INSERT INTO no_such_table VALUES (1)")
    assert frontier.next(host.id) == claim
