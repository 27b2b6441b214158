"""A crawl as a test sees it: a catalogue of its own, made-up hosts, a clock that runs fast."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from ficdex.crawler.answers import Event, found_at
from ficdex.crawler.clock import Clock
from ficdex.crawler.crawl import Crawl
from ficdex.crawler.fetcher import Fetcher, Timeouts
from ficdex.crawler.ledger import Attempt, Ledger
from ficdex.crawler.settings import load
from ficdex.index.catalog import Catalog
from ficdex.model import Record
from ficdex.pipeline import crawling

from .server import FaultServer, Reply, page

STORY = (
    "<p>Willow put the kettle on and waited. The moths had come back, all of them, and Tara counted.</p>"
    "<p>“Forty,” said Tara. “And one that is only a leaf. We could leave the window open for them.”</p>"
) * 8


def story(title: str = "Moth Season", links: str = "", head: str = "", **headers: str) -> Reply:
    """A page that holds a story."""
    return page(
        f"<html><head><title>{title}</title>{head}</head><body><h1>{title}</h1><p>by Odile</p>{STORY}{links}</body>",
        **headers,
    )


def gets_on(server: FaultServer, host: str, process: subprocess.Popen[bytes], requests: int) -> bool:
    """Whether a process asks the host so many times more before it ends: it gets on, however slow the machine."""
    goal = len(server.paths(host)) + requests
    while process.poll() is None:
        if len(server.paths(host)) >= goal:
            return True
        time.sleep(0.01)
    return False


def index(*paths: str) -> Reply:
    """A page of links to stories."""
    items = "".join(f'<li><a href="{path}">The story of {path.strip("/")}</a></li>' for path in paths)
    return page(f"<html><head><title>My stories</title></head><body><h1>My stories</h1><ul>{items}</ul></body></html>")


@dataclass
class World:
    """`speed` crawler seconds pass in a real one; the default delay of 5 s takes 0.02 s then.

    The fetcher's patience is stretched by `patience`, so that a busy machine makes no timeouts.
    """

    server: FaultServer
    path: Path
    speed: float = 250.0
    patience: float = 25.0
    clock: Clock = field(default_factory=Clock)
    events: list[Event] = field(default_factory=list)

    @contextmanager
    def opened(self, *urls: str, fresh: bool = False, skew: float = 0.0, **options: object) -> Iterator[Crawl]:
        """A crawl that is ready to run."""
        ahead = self.clock.wall() - time.time()  # what earlier runs have lived through
        self.clock = clock = Clock(speed=self.speed, skew=ahead + skew)
        patience = Timeouts(10 * self.patience, 20 * self.patience, 60 * self.patience)
        settings = load(None, {}, {"contact": "me@example.org", **options})
        fetcher = Fetcher(
            settings.agent_string(),
            clock=clock,
            resolve=self.server.resolver,
            allowed=self.server.allowed,
            trust=settings.certificates,
            timeouts=patience,
        )
        with Catalog.open(self.path, create=True, write=True) as catalog, fetcher:
            crawl = crawling(catalog, fetcher, settings, clock, observe=self.events.append)
            crawl.begin([found_at(url, settings, again=True) for url in urls], fresh=fresh)
            yield crawl

    def crawl(self, *urls: str, fresh: bool = False, skew: float = 0.0, **options: object) -> dict[str, str]:
        """Crawl to the end; URL without its scheme -> state."""
        with self.opened(*urls, fresh=fresh, skew=skew, **options) as crawl:
            crawl.run()
        return self.states()

    def states(self) -> dict[str, str]:
        with Catalog.open(self.path) as catalog:
            found = catalog.db.execute("SELECT canon, state FROM url ORDER BY id").fetchall()
        return {canon.partition("//")[2]: state for canon, state in found}

    def reasons(self, url: str) -> list[str]:
        return [event.reason for event in self.events if event.url == url]

    def works(self) -> list[Record]:
        with Catalog.open(self.path) as catalog:
            return list(catalog.records())

    def log(self) -> list[Attempt]:
        with Catalog.open(self.path) as catalog:
            return Ledger(catalog.db).log()

    def column(self, select: str) -> list[object]:
        """The first column of a query on the catalogue's file."""
        with Catalog.open(self.path) as catalog:
            return [row[0] for row in catalog.db.execute(select)]

    def held(self, host: str, delay: float) -> None:
        """No two hits on the host were closer than `delay` crawler seconds."""
        gaps = [gap * self.speed for gap in self.server.gaps(host)]
        assert all(gap >= delay for gap in gaps), gaps
