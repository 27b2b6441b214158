"""`ficdex crawl`: a group whose own work is done by its hidden command `run`."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..cli import FAILED, OK, Settings
from ..console import say, table
from ..errors import AddressError, CatalogError
from ..text import counted
from ..watch import BAD, moment, progress, show_counts, show_plan

if TYPE_CHECKING:
    from ..crawler.crawl import Crawl
    from ..crawler.frontier import Found
    from ..crawler.plan import HostPlan
    from ..crawler.settings import CrawlSettings
    from ..index.catalog import Catalog


class _Crawl(click.Group):
    """`ficdex crawl URL...` is `ficdex crawl run URL...`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if not args or (args[0] not in self.commands and not {"-h", "--help"}.intersection(args)):
            args = ["run", *args]
        return super().parse_args(ctx, args)

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        formatter.write_usage(ctx.command_path, "[OPTIONS] [URL]...")

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        self.commands["run"].format_options(ctx, formatter)
        self.format_commands(ctx, formatter)


@click.group(cls=_Crawl)
def command() -> None:
    """Bring works from sites into the catalogue, politely.

    Each URL is a work, a listing of works (a tag, an author, a series, a category), a feed or any page. What is
    left of an earlier crawl goes on; without a URL only that. Try --dry-run first. docs/crawling.md says what the
    crawler does and does not do.

    \b
      ficdex crawl --dry-run https://archive.example/works/12
      ficdex crawl --contact me@example.org https://archive.example/works/12
      ficdex crawl status
    """


@command.command("run", hidden=True)
@click.argument("urls", nargs=-1, metavar="URL...")
@click.option(
    "-i", "--infile", type=click.Path(path_type=Path, allow_dash=True), help="Take URLs from a file, one a line."
)
@click.option("--max-pages", type=click.IntRange(1), help="Ask for so many pages in this run at the most (500).")
@click.option("--depth", type=click.IntRange(0), help="Follow links so many steps from the URLs given (1).")
@click.option("--dry-run", is_flag=True, help="Print what would be asked for and how long it takes; send nothing.")
@click.option("--fresh", is_flag=True, help="Forget what is left of earlier crawls, and which pages are known.")
@click.option("--delay", type=float, metavar="SECONDS", help="Wait longer between requests to a host.")
@click.option("--wait-parked", is_flag=True, default=None, help="Wait for hosts that are parked, however long.")
@click.option("--contact", metavar="ADDRESS", help="A mail address or URL at which a site's owner can reach you.")
@click.pass_obj
def run(
    settings: Settings,
    /,
    urls: tuple[str, ...],
    infile: Path | None,
    dry_run: bool,
    fresh: bool,
    **options: object,
) -> int:
    """Crawl."""
    from ..crawler.settings import load
    from ..places import config_path

    rules = load(config_path(), os.environ, options)
    starts, refused = _starts([*urls, *(_listed(infile) if infile else ())], rules)
    for problem in refused:
        say(f"skipped {problem}")
    if dry_run:
        show_plan(_plans(settings, starts, rules), rules.max_pages)
        return FAILED if refused else OK
    if refused and not starts:
        return FAILED
    settings.own_fandoms()
    return max(FAILED if refused else OK, _crawl(settings, starts, rules, fresh=fresh))


def _listed(infile: Path) -> Iterator[str]:
    """The URLs of a file, one a line; `#` begins a comment, `-` is standard input."""
    try:
        text = sys.stdin.read() if str(infile) == "-" else infile.read_text(encoding="utf-8-sig")
    except OSError as problem:
        raise click.UsageError(f"{infile}: {problem.strerror}; it should be a text file with a URL a line") from problem
    except UnicodeDecodeError as problem:
        raise click.UsageError(f"{infile}: it is not in UTF-8; it should be a text file with a URL a line") from problem
    for line in text.splitlines():
        if (url := line.strip()) and not url.startswith("#"):
            yield url


def _starts(urls: Iterable[str], rules: CrawlSettings) -> tuple[list[Found], list[AddressError]]:
    """URLs as the frontier takes them, and those that cannot be crawled."""
    from ..crawler.answers import found_at

    starts, refused = [], []
    for url in urls:
        try:
            starts.append(found_at(url, rules, again=True))
        except AddressError as problem:
            refused.append(problem)
    return starts, refused


def _plans(settings: Settings, starts: list[Found], rules: CrawlSettings) -> list[HostPlan]:
    from ..crawler import frontier
    from ..crawler.ledger import Ledger
    from ..crawler.plan import plan

    try:
        catalog = settings.open()
    except CatalogError:  # nothing was ever crawled into it
        return plan(starts, None, rules, time.time())
    with catalog:
        return plan(starts, Ledger(catalog.db) if frontier.exists(catalog.db) else None, rules, time.time())


def _crawl(settings: Settings, starts: list[Found], rules: CrawlSettings, *, fresh: bool) -> int:
    from ..crawler.clock import Clock
    from ..crawler.fetcher import Fetcher
    from ..crawler.ledger import Ledger
    from ..crawler.loopback import switched
    from ..index.search import SearchIndex
    from ..pipeline import crawling

    agent = rules.agent_string()
    clock = Clock()
    resolve, allowed = switched(os.environ)
    fetcher = Fetcher(
        agent, clock=clock, resolve=resolve, allowed=allowed, trust=rules.certificates, proxy=rules.proxy or None
    )
    with settings.open(create=bool(starts), write=True) as catalog, fetcher:
        with progress(settings.level) as (observe, pulse):
            crawl = crawling(catalog, fetcher, rules, clock, observe=observe, observe_work=observe, pulse=pulse)
            try:
                crawl.begin(starts, fresh=fresh)
                if not crawl.frontier.waiting_hosts():
                    say("no page waits to be asked for; name a URL to start from")
                crawl.run()
            finally:
                if settings.level >= 0:
                    show_counts(Ledger(catalog.db))
        SearchIndex.open(catalog).catch_up()
        return _status(catalog, crawl)


def _status(catalog: Catalog, crawl: Crawl) -> int:
    """1 if something could not be brought home: failed pages, hosts that had to be left."""
    from ..crawler.ledger import Ledger

    ledger = Ledger(catalog.db)
    for site, field, was, now in ledger.emptied_fields(crawl.frontier.run_id):
        say(f"{site}: {field} was found on {was:.0%} of the pages before and on {now:.0%} now; has its layout changed?")
    waiting = [g for g in crawl.glance() if g.waiting]
    if over := sum(g.waiting for g in waiting if not g.parked_until):
        say(f"{counted(over, 'page waits', 'pages wait')}: the limit of this run is reached; `ficdex crawl` goes on")
    left = [g for g in waiting if g.parked_until]
    for glance in left:
        pages = counted(glance.waiting, "page waits", "pages wait")
        say(f"{glance.authority}: {pages} until {moment(glance.parked_until)}: {glance.park_reason}")
    return FAILED if left or any(crawl.states[state] for state in BAD) else OK


@contextmanager
def _crawled(settings: Settings, *, change: bool = False) -> Iterator[Catalog]:
    """The catalogue, if it was ever crawled into."""
    from ..crawler import frontier

    with settings.open(write=change) as catalog:
        if not frontier.exists(catalog.db):
            raise CatalogError(f"{catalog.path}: nothing was crawled yet; `ficdex crawl URL` does")
        yield catalog


@command.command("status")
@click.pass_obj
def status(settings: Settings) -> int:
    """Show how far the crawl is: pages by host and state, when hosts may be asked again."""
    from ..crawler.ledger import Ledger

    with _crawled(settings) as catalog:
        ledger = Ledger(catalog.db)
        counts, now = ledger.counts(), time.time()
        lines = [
            (
                host.authority,
                ", ".join(f"{count} {state}" for state, count in counts.get(host.authority, {}).items()),
                f"{host.cur_delay:g} s",
                f"{moment(host.parked_until)}: {host.park_reason}" if host.parked_until > now else "",
            )
            for host in ledger.hosts()
        ]
    table(("host", "pages", "delay", "parked until"), lines)
    return OK


@command.command("log")
@click.option("--host", metavar="H", help="Only the requests to this host.")
@click.option("--limit", type=click.IntRange(1), default=1000, show_default=True, help="How many of the last requests.")
@click.pass_obj
def log(settings: Settings, host: str | None, limit: int) -> int:
    """Print the audit: every request that was sent, when, and what came back."""
    from ..crawler.ledger import Ledger

    with _crawled(settings) as catalog:
        lines = [
            (moment(a.started_at), a.authority, a.status or a.error_class or "no answer", a.wall_ms, a.bytes, a.url)
            for a in Ledger(catalog.db).log(host, limit)
        ]
    table(("sent", "host", "answer", "ms", "bytes", "url"), [["" if c is None else c for c in line] for line in lines])
    return OK


@command.command("retry")
@click.argument("state")
@click.pass_obj
def retry(settings: Settings, state: str) -> int:
    """Let the pages of a state wait again, for the next crawl: failed, blocked, gated_login, ..."""
    from ..crawler.clock import Clock
    from ..crawler.frontier import STATES
    from ..pipeline import frontier_of

    if state not in STATES:
        raise click.UsageError(f"{state!r} is no state; one of {', '.join(STATES)}")
    with _crawled(settings, change=True) as catalog:
        count = frontier_of(catalog, Clock()).retry(state)
    if count:
        say(f"{counted(count, 'page waits', 'pages wait')} again; `ficdex crawl` goes on")
    else:
        say(f"no page is {state}")
    return OK


@command.command("forget")
@click.argument("url")
@click.pass_obj
def forget(settings: Settings, url: str) -> int:
    """Forget a page: its state and its stored copy. The works that it held stay in the catalogue."""
    from ..crawler.addresses import resolve
    from ..crawler.clock import Clock
    from ..pipeline import frontier_of

    with _crawled(settings, change=True) as catalog:
        known = frontier_of(catalog, Clock()).forget(resolve(url).canon)
    say("forgotten" if known else f"{url}: not known")
    return OK if known else FAILED
