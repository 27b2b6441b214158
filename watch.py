"""What a person sees of a crawl: its plan, its hosts while it runs, what became of its pages."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING

from .console import one_line, say, table, write
from .text import counted

if TYPE_CHECKING:
    from rich.table import Table

    from .crawler.crawl import Crawl
    from .crawler.frontier import State
    from .crawler.ledger import Ledger
    from .crawler.plan import HostPlan

BAD: tuple[State, ...] = ("failed", "too_big", "blocked")
"""States of pages that could not be brought home, though nobody asked that they should not."""
TOLD_IF_NAMED: tuple[State, ...] = ("denied_robots", "noindex", "gated_login", "gated_adult")
"""States of pages that a site keeps to itself: a listing has many, but whoever names one wonders where it is."""


def show_plan(plans: list[HostPlan], most: int) -> None:
    """The requests of a plan, one a line, and how long they take; `most` is the limit of pages in a run."""
    for one in plans:
        for url in one.requests:
            write(one_line(url))
        if one.parked_until:
            say(f"{one.authority}: nothing before {moment(one.parked_until)}: {one.park_reason}")
    low = max((p.seconds()[0] for p in plans), default=0)
    high = max((p.seconds()[1] for p in plans), default=0)
    asked = [len(p.requests) for p in plans if p.requests]
    if not asked:
        say("there is nothing to ask for now; nothing was sent")
        return
    say(
        f"{counted(sum(asked), 'request')} to {counted(len(asked), 'host')} in {duration(low)} to {duration(high)}, and"
        f" what their pages lead to, {counted(most, 'page')} at the most; nothing was sent"
    )


def show_counts(ledger: Ledger) -> None:
    """Pages by host and state."""
    counts = ledger.counts().items()
    table(("host", "state", "pages"), [(host, state, n) for host, states in counts for state, n in states.items()])


@contextmanager
def progress(level: int) -> Iterator[tuple[Callable[..., None], Callable[[Crawl], None]]]:
    """Who is told of pages and works, and who draws the hosts: `level` is -1 for -q, 0, or 1 for -v."""

    def observe(event: object) -> None:
        kind = str(getattr(event, "state", None) or getattr(event, "kind", ""))
        place = str(getattr(event, "url", None) or getattr(event, "uri", ""))
        reason = getattr(event, "reason", "")
        wondered_at = kind in TOLD_IF_NAMED and getattr(event, "named", False)
        if kind in (*BAD, "gone") or wondered_at or level > 0:
            say(f"{kind:13} {place}" + (f": {reason}" if reason else ""))

    if level < 0 or not sys.stderr.isatty():
        yield observe, lambda crawl: None
        return
    from rich.console import Console
    from rich.live import Live

    with Live(console=Console(stderr=True), auto_refresh=False, transient=True) as live:
        drawn = 0.0

        def pulse(crawl: Crawl) -> None:
            nonlocal drawn
            if time.monotonic() - drawn >= 1:
                drawn = time.monotonic()
                live.update(_hosts(crawl), refresh=True)

        yield observe, pulse


def _hosts(crawl: Crawl) -> Table:
    from rich.table import Table
    from rich.text import Text

    drawn = Table("host", "done", "waiting", "next request in", "parked until", box=None, pad_edge=False)
    for g in crawl.glance():
        parked = f"{moment(g.parked_until)} {g.park_reason}" if g.parked_until else ""
        wait = "" if parked else f"{g.next_in:.0f} s"
        drawn.add_row(*(Text(one_line(cell)) for cell in (g.authority, g.done, g.waiting, wait, parked)))
    return drawn


def moment(seconds: float) -> str:
    """A time as the clock on the wall shows it."""
    return datetime.fromtimestamp(seconds).astimezone().strftime("%Y-%m-%d %H:%M:%S")


def duration(seconds: float) -> str:
    """A length of time in the two units that matter."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {rest} s" if minutes else f"{rest} s"
