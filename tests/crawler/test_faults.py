"""What servers do to a crawler, and what must be seen in their own log.

The numbers are those of the faults that docs/crawling.md's promises stand on. In every one: no two hits on a host
closer than its delay, none on a path that robots.txt denies.
"""

from __future__ import annotations

import gzip
import signal
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from email.utils import formatdate
from itertools import pairwise
from pathlib import Path

import pytest
import trustme

from ficdex.crawler.crawl import Crawl
from ficdex.errors import CatalogBusy, CatalogError
from ficdex.index.catalog import Catalog

from .server import (
    NO_ANSWER,
    FaultServer,
    Hit,
    Reply,
    brotli_bomb,
    endless,
    gzip_bomb,
    gzipped,
    nested_bomb,
    page,
    redirect,
)
from .world import World, gets_on, index, story

A, B, C = "a.test", "b.test", "c.test"
SECURE = f"{A}:443"
DELAY = 5.0


@pytest.fixture
def world(server: FaultServer, tmp_path: Path) -> Iterator[World]:
    made = World(server, tmp_path / "catalog.db")
    yield made
    for host in (A, B, C):
        if host in {hit.host for hit in server.hits}:
            made.held(host, DELAY)


def rules(server: FaultServer, host: str, *lines: str) -> None:
    server.on(host, "/robots.txt", Reply(body="\n".join(("User-agent: *", *lines))))


# waiting


def test_01_after_a_429_with_retry_after_nothing_is_asked_of_the_host_until_then(world: World) -> None:
    world.server.on(A, "/1", [Reply(429, headers={"Retry-After": "70"}), story()])
    for path in ("/2", "/3"):
        world.server.on(A, path, story())
    assert set(world.crawl(*(f"http://{A}/{n}" for n in (1, 2, 3))).values()) == {"done"}
    refused = next(n for n, hit in enumerate(world.server.seen(A)) if hit.status == 429)
    assert world.server.gaps(A)[refused] * world.speed >= 70


def test_02_a_retry_after_may_be_a_date(world: World) -> None:
    def busy(hit: Hit) -> Reply:
        return Reply(429, headers={"Retry-After": formatdate(world.clock.wall() + 80, usegmt=True)})

    world.server.on(A, "/1", [busy, story()])
    world.crawl(f"http://{A}/1")
    assert world.server.gaps(A)[1] * world.speed >= 75


@pytest.mark.parametrize("status", [403, 500, 502, 504])
def test_02_a_retry_after_is_kept_to_whatever_the_refusal(world: World, status: int) -> None:
    world.server.on(A, "/1", [Reply(status, headers={"Retry-After": "300"}), story()])
    world.server.on(A, "/2", story())
    world.crawl(f"http://{A}/1", f"http://{A}/2")
    assert world.server.gaps(A)[1] * world.speed >= 300


@pytest.mark.parametrize("stated", ["-7", "soon", "0", formatdate(1_000_000_000, usegmt=True)])
def test_03_a_retry_after_that_cannot_be_meant_gives_way_to_the_own_backoff(world: World, stated: str) -> None:
    world.server.on(A, "/1", [Reply(503, headers={"Retry-After": stated}), story()])
    assert world.crawl(f"http://{A}/1") == {f"{A}/1": "done"}
    assert world.server.gaps(A)[1] * world.speed >= 30


def test_03_a_retry_after_of_years_parks_the_host(world: World) -> None:
    world.server.on(A, "/1", Reply(429, headers={"Retry-After": "1000000000"}))
    assert world.crawl(f"http://{A}/1", f"http://{A}/2") == {f"{A}/1": "retry", f"{A}/2": "new"}
    assert world.server.paths(A) == ["/robots.txt", "/1"]


def test_04_a_storm_of_503_is_one_series_of_steps_back_and_ends_in_parking(world: World) -> None:
    world.server.default(A, lambda hit: Reply(503))
    rules(world.server, A)
    world.crawl(*(f"http://{A}/{n}" for n in range(50)))
    gaps = [gap * world.speed for gap in world.server.gaps(A)][1:]
    assert len(world.server.paths(A)) == 6
    for gap, least in zip(gaps, (30, 60, 120, 240), strict=True):
        assert gap >= least
    assert list(world.states().values()).count("new") >= 45


# robots.txt


@pytest.mark.parametrize("broken", [Reply(503), NO_ANSWER, Reply(429), Reply(500)], ids=["503", "reset", "429", "500"])
def test_05_to_07_while_robots_txt_cannot_be_read_nothing_else_is_asked(world: World, broken: Reply) -> None:
    world.server.on(A, "/robots.txt", broken)
    world.server.on(A, "/1", story())
    assert world.crawl(f"http://{A}/1") == {f"{A}/1": "new"}
    assert set(world.server.paths(A)) == {"/robots.txt"}
    assert len(world.server.paths(A)) == 5


def test_05_robots_txt_is_asked_for_again_and_then_the_crawl_goes_on(world: World) -> None:
    world.server.on(A, "/robots.txt", [Reply(503), Reply(503), Reply(404)])
    world.server.on(A, "/1", story())
    assert world.crawl(f"http://{A}/1") == {f"{A}/1": "done"}
    assert world.server.paths(A) == [*["/robots.txt"] * 3, "/1"]


@pytest.mark.parametrize(
    ("status", "state"), [(404, "done"), (410, "done"), (401, "denied_robots"), (403, "denied_robots")]
)
def test_07_no_robots_txt_allows_and_a_refused_one_denies(world: World, status: int, state: str) -> None:
    world.server.on(A, "/robots.txt", Reply(status))
    world.server.on(A, "/1", story())
    assert world.crawl(f"http://{A}/1") == {f"{A}/1": state}


def test_08_five_redirects_of_robots_txt_are_followed_and_bind_the_host_they_started_from(world: World) -> None:
    for n in range(5):
        here = "/robots.txt" if n == 0 else f"/hop{n}"
        world.server.on(A if n % 2 == 0 else B, here, redirect(f"http://{B if n % 2 == 0 else A}/hop{n + 1}"))
    world.server.on(B, "/hop5", Reply(body="User-agent: *\nDisallow: /private"))
    world.server.on(A, "/private/1", story())
    world.server.on(A, "/1", story())
    found = world.crawl(f"http://{A}/private/1", f"http://{A}/1")
    assert found == {f"{A}/private/1": "denied_robots", f"{A}/1": "done"}
    assert "/private/1" not in world.server.paths(A)


def test_08_six_redirects_of_robots_txt_mean_that_nobody_knows_what_is_allowed(world: World) -> None:
    world.speed = 2000.0
    for n in range(6):
        world.server.on(A, "/robots.txt" if n == 0 else f"/hop{n}", redirect(f"http://{A}/hop{n + 1}"))
    world.server.on(A, "/hop6", Reply(body=""))
    world.server.on(A, "/1", story())
    assert world.crawl(f"http://{A}/1") == {f"{A}/1": "new"}
    assert "/1" not in world.server.paths(A)


@pytest.mark.parametrize("to", ["http://[bad/", "gopher://a.test/", "http://me@a.test/", "https://www.fanfiction.net/"])
def test_08_a_robots_txt_that_leads_nowhere_stops_its_own_host_alone(world: World, to: str) -> None:
    world.speed = 2000.0
    world.server.on(A, "/robots.txt", redirect(to))
    for host in (A, B):
        world.server.on(host, "/1", story())
    assert world.crawl(f"http://{A}/1", f"http://{B}/1") == {f"{A}/1": "new", f"{B}/1": "done"}
    assert set(world.server.paths(A)) == {"/robots.txt"}


def test_08_a_robots_txt_that_leads_to_a_private_address_could_not_be_read_and_the_pages_wait(world: World) -> None:
    world.speed = 2000.0
    world.server.on(A, "/robots.txt", redirect("http://10.0.0.1/robots.txt"))
    assert world.crawl(f"http://{A}/1") == {f"{A}/1": "new"}


@pytest.mark.parametrize(
    "body",
    [
        b"User-agent: *\nDisallow: /private\n" + b"# padding\n" * 200_000,
        b"\xef\xbb\xbfUser-agent: *\nDisallow: /private\n",
        b"User-agent: *\n\0\0\nDisallow: /private\n",
    ],
    ids=["2 MB", "BOM", "NULs"],
)
def test_09_an_odd_robots_txt_is_kept_to(world: World, body: bytes) -> None:
    world.server.on(A, "/robots.txt", Reply(body=body))
    world.server.on(A, "/1", story())
    found = world.crawl(f"http://{A}/private/1", f"http://{A}/1")
    assert found == {f"{A}/private/1": "denied_robots", f"{A}/1": "done"}


def test_09_a_robots_txt_that_is_a_page_forbids_nothing(world: World) -> None:
    world.server.on(A, "/robots.txt", page("<html><body>User-agent: see Disallow: below</body></html>"))
    world.server.on(A, "/1", story())
    assert world.crawl(f"http://{A}/1") == {f"{A}/1": "done"}


def test_10_a_robots_txt_that_changes_is_kept_to_from_the_next_day_on(world: World) -> None:
    world.speed = 100_000.0
    world.server.on(A, "/robots.txt", [Reply(body=""), Reply(body="User-agent: *\nDisallow: /")])
    world.server.on(A, "/1", [Reply(429, headers={"Retry-After": "90000"}), story()])
    assert world.crawl(f"http://{A}/1", wait_parked=True) == {f"{A}/1": "denied_robots"}
    assert world.server.paths(A) == ["/robots.txt", "/1", "/robots.txt"]


@pytest.mark.parametrize(("stated", "least"), [("30", 30), ("0.5", DELAY)])
def test_11_a_crawl_delay_makes_slower_and_never_faster(world: World, stated: str, least: float) -> None:
    rules(world.server, A, f"Crawl-delay: {stated}")
    for n in (1, 2, 3):
        world.server.on(A, f"/{n}", story())
    world.crawl(*(f"http://{A}/{n}" for n in (1, 2, 3)))
    assert len(world.server.paths(A)) == 4
    assert all(gap * world.speed >= least for gap in world.server.gaps(A)[1:])


def test_11_a_host_that_asks_for_hours_between_requests_is_left_alone(world: World) -> None:
    rules(world.server, A, "Crawl-delay: 9999")
    assert world.crawl(f"http://{A}/1") == {f"{A}/1": "new"}
    assert world.server.paths(A) == ["/robots.txt"]


# http and https of a host, each with its own robots.txt


@pytest.fixture
def certificates(server: FaultServer, tmp_path: Path) -> str:
    """A file with the issuer of the certificate that A has on its port for https."""
    issuer, context = trustme.CA(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    issuer.issue_cert(A).configure_cert(context)
    server.listen(SECURE, tls=context)
    path = tmp_path / "issuer.pem"
    issuer.cert_pem.write_to_path(str(path))
    return str(path)


def test_05_http_and_https_keep_to_their_own_robots_txt(world: World, certificates: str) -> None:
    rules(world.server, A)
    rules(world.server, SECURE, "Disallow: /private")
    for host in (A, SECURE):
        world.server.on(host, "/private/1", story())
    world.crawl(f"http://{A}/private/1", f"https://{A}/private/1", certificates=certificates)
    with Catalog.open(world.path) as catalog:
        states = dict(catalog.db.execute("SELECT canon, state FROM url").fetchall())
    assert states == {f"http://{A}/private/1": "done", f"https://{A}/private/1": "denied_robots"}
    assert (world.server.paths(A), world.server.paths(SECURE)) == (["/robots.txt", "/private/1"], ["/robots.txt"])
    assert all((later.at - hit.at) * world.speed >= DELAY for hit, later in pairwise(world.server.hits))


def test_05_a_redirect_to_https_is_asked_about_in_the_robots_txt_of_https(world: World, certificates: str) -> None:
    rules(world.server, SECURE, "Disallow: /1")
    world.server.on(A, "/1", redirect(f"https://{A}/1"))
    world.crawl(f"http://{A}/1", certificates=certificates)
    assert world.column("SELECT state FROM url ORDER BY id") == ["redirected", "denied_robots"]
    assert world.server.paths(SECURE) == ["/robots.txt"]


def test_05_pages_of_http_do_not_wait_for_a_robots_txt_of_https_that_cannot_be_read(
    world: World, certificates: str
) -> None:
    world.speed = 2000.0
    world.server.on(SECURE, "/robots.txt", Reply(503))
    for n in (1, 2, 3):
        world.server.on(A, f"/{n}", story(f"Moth {n}"))
    starts = [f"https://{A}/0", *(f"http://{A}/{n}" for n in (1, 2, 3))]
    world.crawl(*starts, certificates=certificates)
    assert world.column("SELECT state FROM url ORDER BY id") == ["new", "done", "done", "done"]
    assert set(world.server.paths(SECURE)) == {"/robots.txt"}


# redirects


def test_12_a_page_that_redirects_to_a_denied_one_is_not_followed(world: World) -> None:
    rules(world.server, A, "Disallow: /private")
    world.server.on(A, "/1", redirect("/private/1"))
    assert world.crawl(f"http://{A}/1") == {f"{A}/1": "redirected", f"{A}/private/1": "denied_robots"}
    assert "/private/1" not in world.server.paths(A)


def test_12_the_host_that_a_redirect_leads_to_is_asked_for_its_rules(world: World) -> None:
    rules(world.server, B, "Disallow: /")
    world.server.on(A, "/1", redirect(f"http://{B}/1"))
    assert world.crawl(f"http://{A}/1") == {f"{A}/1": "redirected", f"{B}/1": "denied_robots"}
    assert world.server.paths(B) == ["/robots.txt"]


def test_13_a_circle_of_redirects_ends(world: World) -> None:
    world.server.on(A, "/1", redirect("/2"))
    world.server.on(A, "/2", redirect("/1"))
    assert world.crawl(f"http://{A}/1")[f"{A}/2"] == "failed"
    assert len(world.server.paths(A)) == 3


def test_13_a_redirect_to_itself_ends(world: World) -> None:
    world.server.on(A, "/1", redirect("/1"))
    assert world.crawl(f"http://{A}/1") == {f"{A}/1": "failed"}
    assert len(world.server.paths(A)) == 2


def test_13_five_redirects_are_followed_and_a_sixth_is_not(world: World) -> None:
    for n in range(12):
        world.server.on(A, f"/{n}", redirect(f"/{n + 1}"))
        world.server.on(B, f"/{n}", redirect(f"/{n + 1}"))
    world.server.on(B, "/5", story())
    found = world.crawl(f"http://{A}/0", f"http://{B}/0")
    assert (found[f"{A}/5"], found[f"{B}/5"]) == ("failed", "done")
    assert world.server.paths(A)[-1] == "/5"


@pytest.mark.parametrize("to", ["http://[bad/", ""])
def test_13_a_redirect_to_no_address_is_told_as_one(world: World, to: str) -> None:
    world.server.on(A, "/1", Reply(302, headers={"Location": to}))
    assert world.crawl(f"http://{A}/1") == {f"{A}/1": "failed"}
    assert "report" not in world.reasons(f"http://{A}/1")[0]


@pytest.mark.parametrize(
    "to", ["http://169.254.169.254/latest", "file:///etc/passwd", "http://2130706433/x", "http://[::1]/x"]
)
def test_14_no_redirect_leads_to_an_address_that_is_not_public(world: World, to: str) -> None:
    world.server.on(A, "/1", redirect(to))
    found = world.crawl(f"http://{A}/1")
    assert set(found.values()) <= {"redirected", "failed"}
    assert "failed" in found.values()
    assert {hit.host for hit in world.server.hits} == {A}


def test_14_another_port_of_this_machine_is_not_connected_to(world: World) -> None:
    other = world.server.listen(C, allowed=False)
    world.server.on(A, "/1", redirect(f"http://127.0.0.1:{other.port}/x"))
    world.server.on(A, "/2", redirect(f"http://{C}/x"))
    found = world.crawl(f"http://{A}/1", f"http://{A}/2")
    assert found[f"127.0.0.1:{other.port}/x"] == found[f"{C}/x"] == "failed"
    assert world.server.connected(C) == 0


# answers that cannot be trusted (15 and the details of 16 to 21: test_fetcher.py)


@pytest.mark.parametrize(
    ("reply", "state"),
    [
        (Reply(body=b"x" * 5000, drip=20_000), "done"),
        (gzip_bomb(64 << 20), "too_big"),
        (nested_bomb(64 << 20), "failed"),
        (brotli_bomb(), "failed"),
        (endless(), "too_big"),
        (Reply(body=b"x" * 5000, length=9000, ending="close"), "failed"),
        (Reply(body=b"x" * 5000, cut=100, ending="reset"), "failed"),
        (Reply(body=gzip.compress(b"moths" * 999)[:-9], headers={"Content-Encoding": "gzip"}), "failed"),
    ],
    ids=["slow", "gzip", "nested", "brotli", "endless", "short", "reset", "truncated gzip"],
)
def test_16_to_20_a_bad_answer_costs_itself_and_stores_nothing(world: World, reply: Reply, state: str) -> None:
    world.server.on(A, "/1", reply)
    world.server.on(A, "/2", story())
    found = world.crawl(f"http://{A}/1", f"http://{A}/2")
    assert found == {f"{A}/1": state, f"{A}/2": "done"}
    assert [work["title"] for work in world.works()] == ["Moth Season"]
    assert world.server.paths(A).count("/1") <= 4


def test_16_a_drip_ends_with_its_deadline(world: World) -> None:
    world.speed, world.patience = 50.0, 1.0
    world.server.on(A, "/1", Reply(body=b"x" * 100_000, drip=100))
    with world.opened(f"http://{A}/1") as crawl:
        crawl.run()
    assert world.states() == {f"{A}/1": "failed"}
    assert {attempt.error_class for attempt in world.log()[1:]} == {"deadline"}


@pytest.mark.parametrize("charset", ["base64", "hex", "rot13", "undefined", "utf-16", "utf-7", "no-such-thing"])
def test_21_a_page_is_read_whatever_its_charset_claims(world: World, charset: str) -> None:
    world.server.on(A, "/1", story(content_type=f"text/html; charset={charset}"))
    world.crawl(f"http://{A}/1")
    assert [work["title"] for work in world.works()] == ["Moth Season"]


def test_21_windows_1252_that_is_called_utf_8_is_read_as_what_it_is(world: World) -> None:
    body = (
        "<html><body><h1>Caf\xe9 Noir</h1>" + "<p>“Encore,” said Ren\xe9e \x96 and left the caf\xe9 for good.</p>" * 30
    )
    reply = Reply(body=body.encode("cp1252", "replace"), headers={"Content-Type": "text/html; charset=utf-8"})
    world.server.on(A, "/1", reply)
    world.crawl(f"http://{A}/1")
    assert world.works()[0]["title"] == "Café Noir"


# known pages


def etagged(tag: str, body: Reply) -> Reply:
    assert isinstance(body.headers, dict)
    return Reply(body=body.body, headers={**body.headers, "ETag": tag})


def test_22_a_known_page_is_asked_for_with_its_etag_and_304_costs_no_extraction(world: World) -> None:
    def answer(hit: Hit) -> Reply:
        return Reply(304) if hit.headers.get("if-none-match") == '"v1"' else etagged('"v1"', story())

    world.server.on(A, "/1", answer)
    world.crawl(f"http://{A}/1")
    assert world.crawl(f"http://{A}/1") == {f"{A}/1": "not_modified"}
    assert world.column("SELECT outcome FROM import_log") == ["added"]
    assert len(world.works()) == 1


def test_22_an_etag_of_many_kilobytes_is_not_sent_back(world: World) -> None:
    def answer(hit: Hit) -> Reply:
        return Reply(431) if "if-none-match" in hit.headers else etagged(f'"{"v" * 40_000}"', story())

    world.server.on(A, "/1", answer)
    world.crawl(f"http://{A}/1")
    assert world.crawl(f"http://{A}/1") == {f"{A}/1": "done"}


def test_22_last_modified_is_sent_back_as_it_came(world: World) -> None:
    world.server.on(A, "/1", story(last_modified="Sat, 01 Jan 2005 10:00:00 GMT"))
    world.crawl(f"http://{A}/1")
    world.crawl(f"http://{A}/1")
    assert world.server.seen(A)[-1].headers["if-modified-since"] == "Sat, 01 Jan 2005 10:00:00 GMT"
    assert world.column("SELECT outcome FROM import_log") == ["added"]


def test_22_a_304_for_a_page_that_is_not_kept_is_asked_for_again_without_condition(world: World) -> None:
    world.server.on(A, "/1", [Reply(304), story()])
    assert world.crawl(f"http://{A}/1") == {f"{A}/1": "done"}
    assert "if-none-match" not in world.server.seen(A)[-1].headers


def test_22_an_etag_that_lies_hides_no_change(world: World) -> None:
    world.server.on(A, "/1", [etagged('"same"', story()), etagged('"same"', story("Moth Winter"))])
    world.crawl(f"http://{A}/1")
    world.crawl(f"http://{A}/1")
    assert [work["title"] for work in world.works()] == ["Moth Winter"]


def test_22_a_page_that_comes_again_unchanged_costs_no_extraction(world: World) -> None:
    world.server.on(A, "/1", story())
    world.crawl(f"http://{A}/1")
    assert world.crawl(f"http://{A}/1") == {f"{A}/1": "done"}
    assert "unchanged" in world.reasons(f"http://{A}/1")
    assert world.column("SELECT outcome FROM import_log") == ["added"]


def test_22_a_work_that_is_gone_stays_and_says_so_and_is_not_asked_for_again(world: World) -> None:
    world.server.on(A, "/1", [story(), Reply(404)])
    world.crawl(f"http://{A}/1")
    assert world.crawl(f"http://{A}/1") == {f"{A}/1": "gone"}
    world.crawl(f"http://{A}/1")
    assert len(world.works()) == 1
    assert world.column("SELECT count(*) FROM vanished") == [1]
    assert world.server.paths(A).count("/1") == 2


# clocks, crashes, full disks


def test_24_a_clock_that_was_set_back_a_month_keeps_nothing_from_being_asked_for(world: World) -> None:
    world.speed = 2000.0
    world.server.on(A, "/1", [story(), story("Moth Winter")])
    world.server.on(A, "/2", [Reply(500), story("Moth Autumn")])

    def refused_once(crawl: Crawl) -> None:
        if world.column("SELECT 1 FROM url WHERE state = 'retry'"):
            raise KeyboardInterrupt

    month = 30 * 86_400.0
    with world.opened(f"http://{A}/1", f"http://{A}/2", skew=month) as crawl:
        crawl._pulse = refused_once
        with pytest.raises(KeyboardInterrupt):
            crawl.run()
    assert world.crawl(f"http://{A}/1", skew=-month) == {f"{A}/1": "done", f"{A}/2": "done"}
    assert {work["title"] for work in world.works()} == {"Moth Winter", "Moth Autumn"}


@pytest.mark.parametrize("skew", [-86_400.0, 86_400.0])
def test_24_a_clock_that_is_off_by_a_day_makes_no_burst_and_no_day_of_waiting(world: World, skew: float) -> None:
    for n in (1, 2, 3, 4):
        world.server.on(A, f"/{n}", story())
    world.crawl(f"http://{A}/1", f"http://{A}/2")
    started = time.monotonic()
    found = world.crawl(f"http://{A}/3", f"http://{A}/4", skew=skew)
    assert set(found.values()) == {"done"}
    assert (time.monotonic() - started) * world.speed < 600


def test_25_a_full_disk_stops_with_plain_words_and_loses_nothing(world: World) -> None:
    starts = [f"http://{A}/{n}" for n in range(9)]
    for n, url in enumerate(starts):
        moths = "".join(f"<p>{n} {m} moths at rest</p>" for m in range(3000))
        world.server.on(A, url[-2:], story(f"Moth {n}", links=moths))
    with pytest.raises(CatalogError, match="the disk is full"), world.opened(*starts) as crawl:  # noqa: PT012
        pages = crawl.frontier.db.execute("PRAGMA page_count").fetchone()[0]
        crawl.frontier.db.execute(f"PRAGMA max_page_count = {pages + 60}")
        crawl.run()
    assert world.column("PRAGMA integrity_check") == ["ok"]
    assert set(world.crawl().values()) == {"done"}
    assert len(world.works()) == 9


def test_31_a_second_crawl_on_one_catalogue_is_told_so(world: World) -> None:
    world.server.on(A, "/1", story())
    with world.opened(f"http://{A}/1"), pytest.raises(CatalogBusy):
        world.crawl(f"http://{A}/1")


def test_32_ctrl_c_in_the_middle_of_a_request_keeps_what_was_done_and_the_rest_waits(world: World) -> None:
    world.server.on(A, "/1", story())
    world.server.on(A, "/2", Reply(delay=30))

    def interrupt(crawl: Crawl) -> None:
        if any(hit.path == "/2" for hit in world.server.hits):
            raise KeyboardInterrupt

    with world.opened(f"http://{A}/1", f"http://{A}/2") as crawl:
        crawl._pulse = interrupt
        with pytest.raises(KeyboardInterrupt):
            crawl.run()
    assert world.states() == {f"{A}/1": "done", f"{A}/2": "new"}
    assert not any(thread.name == "fetch" and not thread.daemon for thread in threading.enumerate())


# traps


def test_26_a_calendar_without_end_ends(world: World) -> None:
    def calendar(hit: Hit) -> Reply:
        day = int(hit.path.rpartition("=")[2] or 0)
        return index(*(f"/calendar?day={day + n}" for n in range(1, 4)))

    world.server.default(A, calendar)
    rules(world.server, A)
    world.crawl(f"http://{A}/calendar?day=1", depth=3, max_pages=40)
    assert len(world.server.paths(A)) <= 41


def test_26_a_path_that_repeats_itself_is_not_followed(world: World) -> None:
    world.server.default(A, lambda hit: index(f"{hit.path}/a"))
    rules(world.server, A)
    world.crawl(f"http://{A}/a", depth=50)
    assert max(path.count("/a") for path in world.server.paths(A)) < 4


def test_26_session_ids_make_no_new_pages(world: World) -> None:
    world.server.default(A, lambda hit: index(*(f"/x/1?PHPSESSID={len(world.server.hits)}{n}" for n in range(9))))
    world.server.on(A, "/x/1", story())
    rules(world.server, A)
    assert world.crawl(f"http://{A}/x/") == {f"{A}/x/": "done", f"{A}/x/1": "done"}


# pages in the place of works


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("<h1>Error 503 - Service unavailable</h1><p>The page was responding too slowly.</p>", "failed"),
        ("<title>Just a moment...</title><p>Checking your browser before accessing the site.</p>", "blocked"),
        ("<h1>Log in</h1><form><input type=password></form><p>You must be logged in for this.</p>", "gated_login"),
    ],
    ids=["503", "challenge", "login"],
)  # fmt: skip
def test_27_an_error_page_with_status_200_is_no_work(world: World, text: str, state: str) -> None:
    world.server.on(A, "/1", page(f"<html><body>{text}</body></html>"))
    assert world.crawl(f"http://{A}/1") == {f"{A}/1": state}
    assert world.works() == []


@pytest.mark.parametrize(
    ("head", "header", "state"),
    [
        ('<meta name="robots" content="noindex">', "", "noindex"),
        ('<meta name="ficdex" content="noindex">', "", "noindex"),
        ("", "noindex, nofollow", "noindex"),
        ("", "ficdex: none", "noindex"),
        ('<meta name="googlebot" content="noindex">', "", "done"),
        ("", "googlebot: noindex", "done"),
        ('<meta name="robots" content="index, follow">', "", "done"),
    ],
)
def test_28_noindex_for_us_leaves_a_tombstone_and_no_work(world: World, head: str, header: str, state: str) -> None:
    world.server.on(A, "/1", story(head=head, **({"x_robots_tag": header} if header else {})))
    assert world.crawl(f"http://{A}/1") == {f"{A}/1": state}
    assert len(world.works()) == (state == "done")
    assert len(world.column("SELECT sha256 FROM body")) == (state == "done")


@pytest.mark.parametrize("unchanged", [story(x_robots_tag="noindex"), Reply(304, headers={"X-Robots-Tag": "noindex"})])
def test_28_noindex_counts_although_the_page_is_as_it_was(world: World, unchanged: Reply) -> None:
    world.server.on(A, "/1", [etagged('"v1"', story()), unchanged])
    world.crawl(f"http://{A}/1")
    assert world.crawl(f"http://{A}/1") == {f"{A}/1": "noindex"}
    assert world.column("SELECT count(*) FROM body") == [0]


def test_29_cookies_stay_at_home(world: World) -> None:
    world.server.on(A, "/1", story(set_cookie="moth=1; Path=/; Domain=test"))
    for host in (A, B):
        world.server.on(host, "/2", story())
    world.crawl(f"http://{A}/1", f"http://{A}/2", f"http://{B}/2")
    assert not any("cookie" in hit.headers for hit in world.server.seen(B))


def test_30_what_a_title_holds_harms_no_terminal_and_no_spreadsheet(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    from ficdex import cli

    world.server.on(A, "/1", story("=cmd() \x1b[31m\u202e../../etc"))
    world.crawl(f"http://{A}/1")
    printed = {}
    for command in (["show", "1"], ["export"]):
        with pytest.raises(SystemExit):
            cli.main(["--catalog", str(world.path), *command])
        printed[command[0]] = capsys.readouterr().out
        assert "\x1b" not in printed[command[0]]
    assert "\u202e" not in printed["show"]
    assert ",=cmd" not in printed["export"]


# in real time


@pytest.mark.slow
def test_a_second_between_requests_is_a_real_second(world: World) -> None:
    """Budget: 20 s."""
    world.speed = world.patience = 1.0
    for n in (1, 2):
        world.server.on(A, f"/{n}", story())
    world.crawl(f"http://{A}/1", f"http://{A}/2")
    assert len(world.server.gaps(A)) == 2


@pytest.mark.slow
def test_01_seven_seconds_of_retry_after_are_seven_real_seconds(world: World) -> None:
    """Budget: 45 s: the host's own step back is half a minute."""
    world.speed = world.patience = 1.0
    world.server.on(A, "/1", [Reply(429, headers={"Retry-After": "7"})])
    with world.opened(f"http://{A}/1", f"http://{A}/2") as crawl:
        stop = time.monotonic() + 20

        def enough(crawl: Crawl) -> None:
            if time.monotonic() > stop:
                raise KeyboardInterrupt

        crawl._pulse = enough
        with pytest.raises(KeyboardInterrupt):
            crawl.run()
    refused = next(hit.at for hit in world.server.seen(A) if hit.status == 429)
    assert not [hit for hit in world.server.seen(A) if 0 < hit.at - refused < 7]


@pytest.mark.slow
def test_hosts_are_asked_side_by_side_each_at_its_pace(world: World) -> None:
    """Budget: 25 s."""
    world.speed = world.patience = 1.0
    for host in (A, B, C):
        world.server.on(host, "/1", story())
    started = time.monotonic()
    world.crawl(*(f"http://{host}/1" for host in (A, B, C)))
    assert time.monotonic() - started < 12


def test_a_page_packed_with_gzip_is_read(world: World) -> None:
    body = story().body
    assert isinstance(body, str)
    world.server.on(A, "/1", gzipped(body.encode()))
    world.crawl(f"http://{A}/1")
    assert len(world.works()) == 1


@pytest.mark.slow
def test_23_killed_twenty_times_a_crawl_comes_to_the_same_end(world: World, tmp_path: Path) -> None:
    """Budget: 60 s."""
    world.speed = 100.0
    paths = [f"/s/{n}" for n in range(60)]
    world.server.on(A, "/s/", index(*paths))
    for n, path in enumerate(paths):
        world.server.on(A, path, story(f"Moth Number {n}"))
    driver = [sys.executable, str(Path(__file__).parent / "driver.py"), str(world.path), str(world.speed)]
    started = time.monotonic()
    places = ",".join(f"{host}={ip}:{port}" for host, (ip, port) in {A: ("127.0.0.1", world.server.port(A))}.items())
    kills = 0
    while True:
        start = [] if world.server.paths(A) else [f"http://{A}/s/"]  # the first may be killed before it has stored it
        skew = str((time.monotonic() - started) * (world.speed - 1))
        process = subprocess.Popen([*driver, skew, "system", places, *start], stderr=subprocess.PIPE)
        if kills < 20 and gets_on(world.server, A, process, 2 + kills % 3):
            process.send_signal(signal.SIGKILL)
            process.communicate()
            kills += 1
            continue
        process.wait(60)
        assert process.returncode == 0, process.communicate()[1].decode()
        break
    assert set(world.states().values()) == {"done"}
    assert len(world.works()) == 60
    assert len(world.server.paths(A)) - 62 <= 2 * kills
    assert world.column("PRAGMA integrity_check") == ["ok"]
