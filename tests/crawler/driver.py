"""A crawl in a process of its own, to be killed: driver.py CATALOG SPEED SKEW TRUST HOST=IP:PORT[,...] [URL...]."""

from __future__ import annotations

import sys
from pathlib import Path

from ficdex.crawler.answers import found_at
from ficdex.crawler.clock import Clock
from ficdex.crawler.fetcher import Fetcher, Timeouts
from ficdex.crawler.loopback import VARIABLE, switched
from ficdex.crawler.settings import load
from ficdex.index.catalog import Catalog
from ficdex.pipeline import crawling

PATIENT = Timeouts(250, 500, 1500)


def main(path: str, speed: str, skew: str, trust: str, places: str, *urls: str) -> None:
    clock = Clock(speed=float(speed), skew=float(skew))
    settings = load(None, {}, {"contact": "me@example.org", "depth": 9})
    resolve, allowed = switched({VARIABLE: places})
    with (
        Catalog.open(Path(path), create=True, write=True) as catalog,
        Fetcher(
            settings.agent_string(), clock=clock, resolve=resolve, allowed=allowed, trust=trust, timeouts=PATIENT
        ) as fetcher,
    ):
        crawl = crawling(catalog, fetcher, settings, clock)
        crawl.begin([found_at(url, settings, again=True) for url in urls])
        crawl.run()


if __name__ == "__main__":
    main(*sys.argv[1:])
