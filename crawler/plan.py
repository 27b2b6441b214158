"""What a crawl would ask for, and how long it would take, without asking anybody."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from .addresses import robots_url
from .frontier import Found
from .ledger import Ledger
from .politeness import JITTER
from .settings import CrawlSettings


@dataclass(slots=True)
class HostPlan:
    """The requests to one host in their order, `delay` seconds apart and up to half as much again."""

    authority: str
    delay: float
    requests: list[str] = field(default_factory=list)

    def seconds(self) -> tuple[float, float]:
        """The shortest and the longest time that the requests take; hosts go side by side."""
        gaps = max(0, len(self.requests) - 1)
        return gaps * self.delay * JITTER[0], gaps * self.delay * JITTER[1]


def plan(starts: Iterable[Found], ledger: Ledger | None, settings: CrawlSettings) -> list[HostPlan]:
    """A plan for each host: robots.txt, what waits from earlier runs, then the URLs to start from.

    Links that their pages will turn out to have are not known yet; `max_pages` is kept.
    """
    plans: dict[str, HostPlan] = {}
    left = settings.max_pages

    def take(authority: str, url: str) -> None:
        nonlocal left
        if authority not in plans:
            plans[authority] = HostPlan(authority, settings.delay_for(authority), [robots_url(url)])
        one = plans[authority]
        if left > 0 and len(one.requests) <= settings.max_pages_for(authority) and url not in one.requests:
            one.requests.append(url)
            left -= 1

    for host in ledger.hosts() if ledger else ():
        for claim in ledger.waiting(host.id) if ledger else ():
            take(host.authority, claim.fetch)
    for found in starts:
        take(found.authority, found.fetch)
    return list(plans.values())
