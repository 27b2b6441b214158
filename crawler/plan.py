"""What a crawl would ask for, and how long it would take, without asking anybody."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from .addresses import robots_url
from .frontier import Found
from .ledger import Ledger
from .politeness import JITTER, Host
from .refused import refusal
from .settings import CrawlSettings


@dataclass(slots=True)
class HostPlan:
    """The requests to one host in their order, `delay` seconds apart and up to half as much again.

    `pages` counts those that are no robots.txt. A host that is left alone until `parked_until` has none.
    """

    authority: str
    delay: float
    parked_until: float = 0.0
    park_reason: str = ""
    requests: dict[str, None] = field(default_factory=dict)
    pages: int = 0

    def seconds(self) -> tuple[float, float]:
        """The shortest and the longest time that the requests take; hosts go side by side."""
        gaps = max(0, len(self.requests) - 1)
        return gaps * self.delay * JITTER[0], gaps * self.delay * JITTER[1]


def plan(starts: Iterable[Found], ledger: Ledger | None, settings: CrawlSettings, now: float) -> list[HostPlan]:
    """A plan for each host: the URLs to start from, then what waits from earlier runs, each after its robots.txt.

    Links that their pages will turn out to have are not known yet; `max_pages` is kept. A robots.txt that was read
    today is listed all the same.
    """
    known = {host.authority: host for host in (ledger.hosts() if ledger else ())}
    plans: dict[str, HostPlan] = {}
    left = settings.max_pages
    for authority, url in _wanted(starts, ledger, settings, known.values()):
        if authority not in plans:
            plans[authority] = _of_host(authority, known.get(authority), settings, now)
        one = plans[authority]
        if one.parked_until or left <= 0 or one.pages >= settings.max_pages_for(authority) or url in one.requests:
            continue
        one.requests |= dict.fromkeys((robots_url(url), url))
        one.pages += 1
        left -= 1
    return list(plans.values())


def _wanted(
    starts: Iterable[Found], ledger: Ledger | None, settings: CrawlSettings, hosts: Iterable[Host]
) -> Iterator[tuple[str, str]]:
    """(authority, URL) of all that a crawl would ask for, if nothing bounded it."""
    yield from ((found.authority, found.fetch) for found in starts)
    for host in hosts:
        if ledger and not refusal(host.authority) and settings.of(host.authority).enabled:
            yield from ((host.authority, url) for url in ledger.waiting(host.id))


def _of_host(authority: str, host: Host | None, settings: CrawlSettings, now: float) -> HostPlan:
    delay = settings.delay_for(authority)
    if host is None:
        return HostPlan(authority, delay)
    parked_until = host.parked_until if host.parked_until > now and not settings.wait_parked else 0.0
    return HostPlan(authority, max(delay, host.cur_delay), parked_until, host.park_reason)
