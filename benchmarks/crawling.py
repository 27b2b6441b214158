"""Pages a second of the crawler, with politeness taken away, beside Scrapy on the same pages of the same server.

    python -m benchmarks.crawling serve PORT          5,000 pages of 10 KB on four addresses of this machine
    python -m benchmarks.crawling ficdex PORT PAGES FOLDER
    python -m benchmarks.crawling scrapy PORT PAGES FOLDER

The last two write what they did to FOLDER/crawl.json: pages, seconds of CPU, seconds by the clock.
"""

from __future__ import annotations

import asyncio
import json
import resource
import sys
import time
from dataclasses import replace
from pathlib import Path

HOSTS = ("127.0.0.1", "127.0.0.2", "127.0.0.3", "127.0.0.4")
LINKS = 10
SIZE = 10_000


def page(number: int, count: int) -> bytes:
    """Page `number` of a host that has `count`: it leads to the next ten of a tree, and has a text of its own."""
    first = number * LINKS + 1
    further = range(first, min(first + LINKS, count))
    links = "".join(f'<li><a href="/fic/{n}">The story of the moth {n}</a></li>' for n in further)
    prose = f"<p>Moth {number} came in by the window, and nobody in the house had seen it before.</p>" * 30
    head = f"<html><head><title>Moths {number}</title></head><body><h1>Moths {number}</h1><ul>{links}</ul>{prose}"
    return (head + f"<div data-fill='{'x' * max(0, SIZE - len(head) - 40)}'></div></body></html>").encode()


async def _serve(port: int, count: int) -> None:
    pages = [page(n, count) for n in range(count)]

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while line := (await reader.readuntil(b"\r\n\r\n")).split(b" ", 2)[1]:
                name = line.rpartition(b"/")[2]
                found = line.startswith(b"/fic/") and name.isdigit() and int(name) < count
                body, status = (pages[int(name)], b"200 OK") if found else (b"no", b"404 Not Found")
                head = b"HTTP/1.1 %b\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n" % (status, len(body))
                writer.write(head + body)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    servers = [await asyncio.start_server(answer, host, port) for host in HOSTS]
    await asyncio.gather(*(server.serve_forever() for server in servers))


class Nothing:
    """A shelf that keeps nothing: fetching, frontier and links alone are measured."""

    def keep(self, document: object) -> None:
        pass

    def gone(self, uri: str) -> None:
        pass

    def unlisted(self, uri: str) -> None:
        pass


def _ficdex(port: int, pages: int, folder: Path) -> int:
    from ficdex.crawler import politeness
    from ficdex.crawler.answers import found_at
    from ficdex.crawler.clock import Clock
    from ficdex.crawler.crawl import Crawl
    from ficdex.crawler.fetcher import Fetcher
    from ficdex.crawler.settings import load
    from ficdex.index.catalog import Catalog
    from ficdex.pipeline import frontier_of

    politeness.SHORTEST = politeness.LATENCY_FACTOR = 0.0  # a fast clock would let robots.txt and connections run out
    clock = Clock()
    options = {"contact": "bench@example.org", "max_pages": 2 * pages, "depth": 20}
    settings = replace(load(None, {}, options), delay=0.0)
    allowed = {(host, port) for host in HOSTS}
    with (
        Catalog.open(folder / "catalog.db", create=True, write=True) as catalog,
        Fetcher(settings.agent_string(), clock=clock, allowed=allowed) as fetcher,
    ):
        crawl = Crawl(frontier_of(catalog, clock), fetcher, settings, Nothing(), clock)
        crawl.begin([found_at(f"http://{host}:{port}/fic/0", settings) for host in HOSTS])
        return crawl.run()["done"]


def _scrapy(port: int, pages: int, folder: Path) -> int:
    import scrapy
    from scrapy.crawler import CrawlerProcess

    class Moths(scrapy.Spider):  # type: ignore[misc]
        name = "moths"
        start_urls = [f"http://{host}:{port}/fic/0" for host in HOSTS]  # noqa: RUF012

        def parse(self, response: scrapy.http.Response) -> object:
            yield from response.follow_all(css="a")

    process = CrawlerProcess(
        {
            "ROBOTSTXT_OBEY": True, "DOWNLOAD_DELAY": 0, "AUTOTHROTTLE_ENABLED": False, "CONCURRENT_REQUESTS": 4,
            "CONCURRENT_REQUESTS_PER_DOMAIN": 1, "JOBDIR": str(folder / "job"), "LOG_LEVEL": "ERROR",
            "TELNETCONSOLE_ENABLED": False,
        }
    )  # fmt: skip
    crawler = process.create_crawler(Moths)
    process.crawl(crawler)
    process.start()
    return int(crawler.stats.get_value("response_received_count") or 0) - len(HOSTS)  # less the robots.txt


def main(what: str, port: str, pages: str = "5000", folder: str = "") -> None:
    if what == "serve":
        asyncio.run(_serve(int(port), int(pages) // len(HOSTS)))
        return
    start = time.perf_counter()
    count = {"ficdex": _ficdex, "scrapy": _scrapy}[what](int(port), int(pages), Path(folder))
    wall = time.perf_counter() - start
    used = resource.getrusage(resource.RUSAGE_SELF)
    found = {"pages": count, "cpu": used.ru_utime + used.ru_stime, "wall": wall}
    (Path(folder) / "crawl.json").write_text(json.dumps(found), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
