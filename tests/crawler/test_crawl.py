"""What a crawl brings: works as the importer reads them, listings beside their works' pages, feeds."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from ficdex.errors import AddressError, CatalogBusy
from ficdex.index.catalog import Catalog
from ficdex.model import Record
from ficdex.pipeline import ImportOptions, import_paths

from .archives.ao3 import AO3
from .archives.efiction import EFiction
from .server import FaultServer, Hit, Reply, page, redirect
from .world import World, index, story

A = "a.test"
OWN = ("source", "parts", "id", "url", "site_id", "evidence")
"""Keys in which a page of the network and a file on disk may differ."""


@pytest.fixture
def world(server: FaultServer, tmp_path: Path) -> World:
    return World(server, tmp_path / "catalog.db", speed=2000.0, patience=200.0)


def said(record: Record) -> Record:
    return {key: value for key, value in record.items() if key not in OWN}


@pytest.mark.parametrize("path", ["viewstory.php?sid=3&action=printable&textsize=0&chapter=all", "home"])
def test_a_fetched_page_and_the_same_page_saved_give_the_same_work(world: World, tmp_path: Path, path: str) -> None:
    _, headers, body = EFiction().respond(f"/archive/{path}")
    if path == "home":
        note = "<p>A/N: a thousand thanks to Odile, my beta, who took out eleven commas.</p>"
        headers, body = {"Content-Type": "text/html"}, str(story(links=note).body).encode()
    world.server.on(A, "/archive/robots.txt", Reply(404))
    world.server.default(A, lambda hit: Reply(200, body, headers) if "robots" not in hit.path else Reply(404))
    world.crawl(f"http://{A}/archive/{path}", depth=0)
    saved = tmp_path / "saved.html"
    saved.write_bytes(body)
    with Catalog.open(tmp_path / "files.db", create=True, write=True) as catalog:
        import_paths(catalog, [saved], ImportOptions(jobs=1))
        (from_disk,) = catalog.records()
    (fetched,) = world.works()
    assert fetched["title"]
    assert said(fetched) == said(from_disk)


def test_what_a_listing_says_never_covers_what_the_page_said(world: World) -> None:
    archive = EFiction()
    world.server.default(A, lambda hit: _served(archive, hit.path))
    work, listing = f"http://{A}/archive/viewstory.php?sid=3", f"http://{A}/archive/browse.php?type=titles"
    world.crawl(work, depth=0)
    world.crawl(listing, depth=0)
    record = next(r for r in world.works() if r["url"] == work)
    assert record["kind"] == "work"
    assert len(world.works()) > 10


def test_what_only_the_listing_says_is_kept_when_the_page_is_read(world: World) -> None:
    archive = EFiction()
    world.server.default(A, lambda hit: _served(archive, hit.path))
    work, listing = f"http://{A}/archive/viewstory.php?sid=3", f"http://{A}/archive/browse.php?type=titles"
    number = next(n for n, s in archive.truth.items() if s.state == "open")
    work = work.replace("sid=3", f"sid={number}")
    world.crawl(listing)
    record = next(r for r in world.works() if r["url"] == work)
    assert (record["kind"], record["rating"]) == ("work", archive.truth[number].rating)


def _served(archive: AO3 | EFiction, path: str) -> Reply:
    status, headers, body = archive.respond(path)
    return Reply(status, body, headers)


def test_a_page_of_links_is_followed_and_no_work(world: World) -> None:
    world.server.on(A, "/fic/", index("/fic/1", "/fic/2", "/fic/3"))
    for n in (1, 2, 3):
        world.server.on(A, f"/fic/{n}", story(f"Moth {n}"))
    world.crawl(f"http://{A}/fic/")
    assert [work["title"] for work in world.works()] == ["Moth 1", "Moth 2", "Moth 3"]


def test_depth_0_asks_for_nothing_but_what_was_named(world: World) -> None:
    world.server.on(A, "/fic/", index("/fic/1", "/fic/2", "/fic/3"))
    world.crawl(f"http://{A}/fic/", depth=0)
    assert world.server.paths(A) == ["/robots.txt", "/fic/"]


def test_links_to_other_hosts_are_not_followed(world: World) -> None:
    world.server.listen("b.test")
    world.server.on(A, "/fic/", index("/fic/1", "/fic/2", "http://b.test/fic/3"))
    world.crawl(f"http://{A}/fic/")
    assert world.server.connected("b.test") == 0


def test_a_feed_and_a_sitemap_lead_to_works(world: World) -> None:
    rss = f"<rss version='2.0'><channel><item><link>http://{A}/1</link></item></channel></rss>"
    sitemap = (
        "<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>"
        f"<url><loc>http://{A}/2</loc><lastmod>2004-05-06</lastmod></url></urlset>"
    )
    world.server.on(A, "/feed", Reply(body=rss, headers={"Content-Type": "application/rss+xml"}))
    world.server.on(A, "/sitemap.xml", Reply(body=sitemap, headers={"Content-Type": "text/xml"}))
    for n in (1, 2):
        world.server.on(A, f"/{n}", story(f"Moth {n}"))
    world.crawl(f"http://{A}/feed", f"http://{A}/sitemap.xml")
    assert {work["title"] for work in world.works()} == {"Moth 1", "Moth 2"}


def test_a_plain_text_story_is_read_as_one(world: World) -> None:
    text = "Moth Season\nby Odile\n\n" + "Willow put the kettle on. The moths had come back.\n\n" * 20
    world.server.on(A, "/moth.txt", Reply(body=text, headers={"Content-Type": "text/plain; charset=utf-8"}))
    world.crawl(f"http://{A}/moth.txt")
    assert [(work["title"], work["authors"]) for work in world.works()] == [("Moth Season", ["Odile"])]


@pytest.mark.parametrize("problem", [IndexError("no such thing"), AddressError("moths", "no such thing")])
def test_a_parser_that_stumbles_costs_its_page_alone(
    world: World, monkeypatch: pytest.MonkeyPatch, problem: Exception
) -> None:
    from ficdex.crawler import answers

    real = answers.read_page

    def stumbling(canon: str, *rest: object) -> object:
        if canon.endswith("/1"):
            raise problem
        return real(canon, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(answers, "read_page", stumbling)
    for n in (1, 2):
        world.server.on(A, f"/{n}", story(f"Moth {n}"))
    assert world.crawl(f"http://{A}/1", f"http://{A}/2") == {f"{A}/1": "failed", f"{A}/2": "done"}


def test_a_robots_txt_that_the_matcher_stumbles_on_stops_its_own_host_alone(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ficdex.crawler import robots

    real = robots.from_status

    def stumbling(status: int, body: bytes, agent: str) -> object:
        if b"moth" in body:
            raise IndexError("no such thing")
        return real(status, body, agent)

    monkeypatch.setattr(robots, "from_status", stumbling)
    world.server.on(A, "/robots.txt", Reply(body="moth"))
    world.server.on("b.test", "/1", story())
    assert world.crawl(f"http://{A}/1", "http://b.test/1") == {f"{A}/1": "new", "b.test/1": "done"}


def test_another_program_that_holds_the_file_is_named_and_nothing_is_lost(world: World) -> None:
    other = sqlite3.connect(":memory:")

    def hold(hit: Hit) -> Reply:
        nonlocal other
        other = sqlite3.connect(world.path, isolation_level=None, check_same_thread=False)
        other.execute("BEGIN IMMEDIATE")
        return story()

    world.server.on(A, "/1", [hold, story()])
    with pytest.raises(CatalogBusy), world.opened(f"http://{A}/1") as crawl:  # noqa: PT012
        crawl.frontier.db.execute("PRAGMA busy_timeout = 100")
        try:
            crawl.run()
        finally:
            other.close()
    assert world.crawl() == {f"{A}/1": "done"}


def test_two_pages_of_one_story_that_say_next_are_read_at_one_depth(world: World) -> None:
    for n in range(1, 6):
        world.server.on(A, f"/s/{n}.html", story(f"Moth {n}", links=f'<a rel="next" href="/s/{n + 1}.html">Next</a>'))
    world.server.on(A, "/s/6.html", page("<html><body><p>The end.</p></body></html>"))
    world.crawl(f"http://{A}/s/1.html", depth=0)
    assert len(world.works()) == 5


@pytest.mark.parametrize(("changed", "visits"), [("2003-05-06", 1), ("2999-01-01", 2)])
def test_a_work_is_asked_for_again_when_its_listing_says_that_it_changed(
    world: World, changed: str, visits: int
) -> None:
    def sitemap(day: str) -> Reply:
        url = f"<url><loc>http://{A}/1</loc><lastmod>{day}</lastmod></url>"
        body = f"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{url}</urlset>"
        return Reply(body=body, headers={"Content-Type": "text/xml"})

    world.server.on(A, "/sitemap.xml", [sitemap("2003-05-05"), sitemap(changed)])
    world.server.on(A, "/1", [story("Moth Season"), story("Moth Season, Revised")])
    for _ in range(2):
        world.crawl(f"http://{A}/sitemap.xml")
    assert world.server.paths(A).count("/1") == visits


def test_a_page_that_a_redirect_leads_to_is_kept_up_to_date(world: World) -> None:
    world.server.on(A, "/1", redirect("/2", 301))
    world.server.on(A, "/2", [story(), story("Moth Winter")])
    for _ in range(2):
        world.crawl(f"http://{A}/1")
    assert [work["title"] for work in world.works()] == ["Moth Winter"]


def test_a_page_that_many_redirects_lead_to_is_asked_for_once_in_a_run(world: World) -> None:
    world.server.default(A, lambda hit: redirect("/error"))
    world.server.on(A, "/robots.txt", Reply(404))
    world.server.on(A, "/error", Reply(451))
    for _ in range(2):
        world.crawl(*(f"http://{A}/{n}" for n in range(5)))
    assert world.server.paths(A).count("/error") == 2


def test_what_is_named_while_it_waits_is_followed_from_there(world: World) -> None:
    world.server.on(A, "/fic/", index("/fic/a/", "/fic/b/", "/fic/c/"))
    world.server.on(A, "/fic/a/", index("/fic/a/1", "/fic/a/2", "/fic/a/3"))
    world.crawl(f"http://{A}/fic/", max_pages=1)
    world.crawl(f"http://{A}/fic/a/")
    assert "/fic/a/3" in world.server.paths(A)


@pytest.mark.parametrize("tagged", [False, True])
def test_a_crawl_that_goes_deeper_goes_on_from_pages_that_are_known_and_unchanged(world: World, tagged: bool) -> None:
    def answer(hit: Hit) -> Reply:
        if tagged and "if-none-match" in hit.headers:
            return Reply(304)
        here = hit.path if len(hit.path) < 12 else "/fic/none/"
        found = index(*(f"{here}{n}/" for n in (1, 2, 3)))
        return Reply(body=found.body, headers={"Content-Type": "text/html", "ETag": '"moth"'})

    world.server.default(A, answer)
    world.server.on(A, "/robots.txt", Reply(404))
    for depth in (0, 1, 1, 2):
        world.crawl(f"http://{A}/fic/", depth=depth)
    paths = world.server.paths(A)
    assert (paths.count("/fic/"), paths.count("/fic/2/"), paths.count("/fic/2/2/")) == (4, 2, 1)


def test_a_work_of_an_archive_that_nobody_knows_is_one_work_on_its_listing_and_on_its_page(world: World) -> None:
    archive = AO3()
    world.server.default(A, lambda hit: _served(archive, hit.path))
    world.crawl(f"http://{A}/tags/Merlin/works", max_pages=3)
    assert {str(work["source"]).partition("/works/")[0] for work in world.works()} == {f"http://{A}"}


def test_thousands_of_pages_that_are_denied_take_no_time_each(world: World) -> None:
    urls = "".join(f"<url><loc>http://{A}/p/{n}</loc></url>" for n in range(2000))
    body = f"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{urls}</urlset>"
    world.server.on(A, "/robots.txt", Reply(body="User-agent: *\nDisallow: /p/"))
    world.server.on(A, "/sitemap.xml", Reply(body=body, headers={"Content-Type": "text/xml"}))
    with world.opened(f"http://{A}/sitemap.xml") as crawl:
        commits: list[str] = []
        crawl.frontier.db.set_trace_callback(lambda sql: commits.append(sql) if sql == "COMMIT" else None)
        assert crawl.run() == {"done": 1, "denied_robots": 2000}
    assert len(commits) < 30
