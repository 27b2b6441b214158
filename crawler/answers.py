"""What the answer to a page's request means: for its URL, for its host, for the catalogue."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Protocol
from urllib.parse import urljoin, urlsplit

from ..errors import AddressError, AddressRefused, FetchError, Unreachable
from ..model import Document
from .addresses import authority, resolve, trap
from .blob import stating_usage
from .clock import Clock
from .fetcher import Response
from .frontier import Claim, Found, Frontier, State
from .pages import Page, asks_not_to_be_found, read_page
from .politeness import Host, retry_after
from .refused import refusal
from .settings import CrawlSettings
from .sites import Link

ATTEMPTS = 4
"""Requests for one URL."""
RETRY = 60.0
"""Seconds until a URL that failed is asked for again; doubles each time."""
HOPS = 5
"""Redirects that are followed, of pages and of robots.txt (RFC 9309, 2.3.1.2)."""
REDIRECTS = frozenset((301, 302, 303, 307, 308))
LONGEST_VALIDATOR = 1000
"""Characters of an ETag that is sent back; servers take 8 KB of headers, cookies included."""
_AGAIN = frozenset((408, 425, 429, 500, 502, 503, 504, *range(520, 531)))
_REFUSED = frozenset((403, 407))
_MEANING: dict[int, State] = {401: "gated_login", 402: "blocked", 451: "blocked"}
_LOGIN = frozenset(("login", "log-in", "log_in", "login.php", "signin", "sign-in", "sign_in"))
_WAY_IN = "the site does not let ficdex in; save the page in your browser and import it"


class Shelf(Protocol):
    """Who keeps what a crawl brings; called within the frontier's transactions."""

    def keep(self, document: Document) -> None:
        """A work was found."""

    def gone(self, uri: str) -> None:
        """The site says that the work at this address is no more."""

    def unlisted(self, uri: str) -> None:
        """The work at this address asks not to be found."""


@dataclass(frozen=True, slots=True)
class Event:
    """What became of a URL: `state` is its new one, `reason` says why; `named`: a crawl was started from it."""

    url: str
    state: State
    reason: str = ""
    named: bool = False


class Answers:
    """Settles URLs. Everything here runs inside a transaction of the frontier's."""

    def __init__(
        self,
        frontier: Frontier,
        settings: CrawlSettings,
        shelf: Shelf,
        clock: Clock,
        host_id: Callable[[str], int],
        observe: Callable[[Event], None],
    ) -> None:
        self.frontier, self.settings, self.shelf, self.clock = frontier, settings, shelf, clock
        self.host_id, self.observe = host_id, observe
        self.states: Counter[State] = Counter()

    def settle(self, claim: Claim, state: State, reason: str = "", **values: object) -> None:
        """A URL's new state, and the columns of its row that go with it."""
        self.frontier.settle(claim, state, **values)
        self.states[state] += 1
        self.observe(Event(claim.canon, state, reason, named=claim.depth == 0))

    def came(self, host: Host, claim: Claim, result: Response | FetchError, signals: str | None = None) -> None:
        """An answer, or why there is none; `host` is slowed down where it asks for that.

        `signals` is what its robots.txt says on the use by AI.
        """
        now = self.clock.wall()
        if isinstance(result, FetchError):
            if isinstance(result, Unreachable):
                host.refused(now, result.reason)
            self._failed(claim, result)
            return
        why = f"status {result.status}"
        asked = retry_after(result.headers.get("retry-after"), now)
        if result.status in _AGAIN:
            host.refused(now, why, asked)
            self._again(claim, why, status=result.status)
        elif result.status in _REFUSED:
            host.refused(now, why, asked)
            self.settle(claim, "blocked", f"{why}: {_WAY_IN}", status=result.status)
        else:
            host.answered(now, result.latency)
            self._answered(host, claim, result, signals)

    def _failed(self, claim: Claim, problem: FetchError) -> None:
        if problem.kind in ("too_big", "ratio"):
            self.settle(claim, "too_big", problem.reason, error_class=problem.kind)
        elif isinstance(problem, AddressRefused):
            self.settle(claim, "failed", problem.reason, error_class=problem.kind)
        else:
            self._again(claim, problem.reason, error_class=problem.kind)

    def _again(self, claim: Claim, reason: str, **values: object) -> None:
        """Another attempt later, or none."""
        if claim.attempts + 1 >= ATTEMPTS:
            self.settle(claim, "failed", f"{reason}, {ATTEMPTS} times", **values)
        else:
            self.settle(claim, "retry", reason, next_at=self.clock.wall() + RETRY * 2**claim.attempts, **values)

    def _answered(self, host: Host, claim: Claim, response: Response, signals: str | None) -> None:
        """An answer that the host is not to be slowed down for."""
        status = response.status
        if status == 200:
            self._read(host, claim, response, signals)
        elif status in REDIRECTS:
            self._redirected(claim, response)
        elif status == 304:
            self._not_modified(host, claim, response)
        elif status in (404, 410):
            self.shelf.gone(claim.canon)
            self.settle(claim, "gone", f"status {status}", status=status, fetched_at=self.clock.wall())
        else:
            self.settle(claim, _MEANING.get(status, "failed"), f"status {status}", status=status)

    def _not_modified(self, host: Host, claim: Claim, response: Response) -> None:
        body = self.frontier.body(claim.body_sha256) if claim.body_sha256 else None
        if body is None:  # nobody asked for that: ask again, with no condition
            self._again(claim, "status 304 for a page that is not kept", status=304, etag=None, last_modified=None)
        elif asks_not_to_be_found(response):
            self._kept_out(host, claim, self._page(claim, response))
            self.frontier.drop_body(claim.body_sha256)
        else:
            self._go_further(claim, replace(response, body=body))
            values: dict[str, object] = {"fetched_at": self.clock.wall(), "reach": self._reach(claim.depth)}
            self.settle(claim, "not_modified", "", status=304, **values)

    # redirects

    def _redirected(self, claim: Claim, response: Response) -> None:
        """Put the target into the frontier; it is asked about like any other URL."""
        status, to = response.status, location(response)
        try:
            if not to or claim.hops >= HOPS:
                raise AddressError(claim.canon, f"more than {HOPS} redirects" if to else "a redirect to nowhere")
            found = found_at(to, self.settings, claim.depth, claim.hops + 1, again=True)
        except AddressError as problem:
            self.settle(claim, "failed", problem.reason, status=status, error_class="redirect")
            return
        if _LOGIN.intersection(urlsplit(found.canon).path.lower().split("/")):
            self.settle(claim, "gated_login", "it asks to log in; save the page while logged in", status=status)
        elif found.canon == claim.canon:
            self._ask_otherwise(claim, to if found.fetch == claim.fetch else found.fetch, status)
        else:
            self._lead_on(claim, found, status)

    def _ask_otherwise(self, claim: Claim, fetch: str, status: int) -> None:
        """The page goes by another URL that names the same."""
        if fetch == claim.fetch:
            self.settle(claim, "failed", "it redirects to itself", status=status, error_class="redirect")
        else:
            self.settle(claim, "queued", fetch, fetch_url=fetch, hops=claim.hops + 1, status=status)

    def _lead_on(self, claim: Claim, found: Found, status: int) -> None:
        known = self.frontier.id_of(found.canon)
        if known is not None and self.frontier.leads_to(known, claim.id):
            self.settle(claim, "failed", "its redirects go in a circle", status=status, error_class="redirect")
            return
        self.frontier.add([found], self.host_id, claim.id)
        target = self.frontier.id_of(found.canon)
        values: dict[str, object] = {"fetched_at": self.clock.wall(), "reach": self._reach(claim.depth)}
        self.settle(claim, "redirected", found.canon, status=status, final_url_id=target, **values)

    # pages

    def _read(self, host: Host, claim: Claim, response: Response, signals: str | None) -> None:
        """A page: its works are kept, its links added; an unchanged one is not read again."""
        digest = self.frontier.keep_body(response.body)
        values: dict[str, object] = {
            "status": 200, "fetched_at": self.clock.wall(), "body_sha256": digest,
            "etag": _validator(response, "etag"), "last_modified": _validator(response, "last-modified"),
            "reach": self._reach(claim.depth),
        }  # fmt: skip
        if digest == claim.body_sha256 and not asks_not_to_be_found(response):
            self._go_further(claim, response)
            self.settle(claim, "done", "unchanged", **values)
            return
        page = self._page(claim, response)
        stated = "; ".join(filter(None, (page.signals, signals))) or None
        self.frontier.add(self._followed(claim, page.links), self.host_id, claim.id)
        if page.meaning == "done":
            self._keep(claim, page, stated, {**values, "signals": stated})
        else:
            self._kept_out(host, claim, page)
            self.frontier.drop_body(digest)
        self.frontier.drop_body(claim.body_sha256)

    def _page(self, claim: Claim, response: Response) -> Page:
        retrieved = datetime.fromtimestamp(self.clock.wall(), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        return read_page(claim.canon, response, retrieved)

    def _go_further(self, claim: Claim, response: Response) -> None:
        """The links of an unchanged page, where this crawl follows them further than the one that read it."""
        if claim.reach is not None and claim.reach < self._reach(claim.depth):
            self.frontier.add(self._followed(claim, self._page(claim, response).links), self.host_id, claim.id)

    def _reach(self, depth: int) -> int:
        """How many steps this crawl goes on from a page at `depth`."""
        return max(0, self.settings.depth - depth)

    def _keep(self, claim: Claim, page: Page, stated: str | None, values: dict[str, object]) -> None:
        for work in page.documents:
            if self.frontier.state_of(work.source.uri) == "noindex" and work.source.uri != claim.canon:
                continue  # a listing shows a work that asks not to be found
            self.shelf.keep(stating_usage(work, stated, "http.signals") if stated else work)
            self.frontier.count_fields(page.site, {e.field for e in work.declared})
        self.settle(claim, "done", page.reason, **values)

    def _kept_out(self, host: Host, claim: Claim, page: Page) -> None:
        """A page in the place of a work: the page is not kept, and what was known of the work stays."""
        if page.meaning == "retry":
            host.refused(self.clock.wall(), page.reason)
            self._again(claim, page.reason, status=200)
        elif page.meaning == "gated_adult" and page.proceed and self._may_proceed(claim, page.proceed):
            self.settle(claim, "queued", "the adult gate", fetch_url=page.proceed, hops=claim.hops + 1)
        else:
            if page.meaning == "gone":
                self.shelf.gone(claim.canon)
            elif page.meaning == "noindex":
                self.shelf.unlisted(claim.canon)
            forgotten = {"body_sha256": None, "etag": None, "last_modified": None}
            self.settle(claim, page.meaning, page.reason, status=200, fetched_at=self.clock.wall(), **forgotten)

    def _may_proceed(self, claim: Claim, way: str) -> bool:
        """Through a gate once, and on the same host."""
        return way != claim.fetch and claim.hops < HOPS and authority(way) == authority(claim.fetch)

    def _followed(self, claim: Claim, links: Iterable[Link]) -> Iterator[Found]:
        """The links of a page that this crawl follows: on its host, not too far from the start, no traps."""
        home = authority(claim.canon)
        for link in links:
            depth = claim.depth + (not link.same_depth)
            try:
                found = found_at(link.url, self.settings, depth)
            except AddressError:
                continue
            found = replace(found, reach=self._reach(depth))
            if link.updated and self._is_older(found.canon, link.updated):
                found = replace(found, again=True)
            if depth <= self.settings.depth and found.authority == home and not trap(found.canon):
                yield found

    def _is_older(self, canon: str, updated: str) -> bool:
        """Whether a page was last fetched before the day on which a listing says that it changed, or on it."""
        fetched = self.frontier.fetched_at(canon)
        return fetched is not None and datetime.fromtimestamp(fetched, UTC).date().isoformat() <= updated


def found_at(url: str, settings: CrawlSettings, depth: int = 0, hops: int = 0, *, again: bool = False) -> Found:
    """A URL as the frontier takes it, under its site's rules.

    Raises:
        AddressError: if it cannot be crawled, or its site is not crawled live.
    """
    target = resolve(url)
    name = authority(target.canon)
    if why := refusal(name):
        raise AddressError(url, why)
    if not settings.of(name).enabled:
        raise AddressError(url, f"{name} is turned off in the config file (enabled = false)")
    return Found(target.canon, target.fetch or target.canon, name, target.kind, depth, hops, again)


def _validator(response: Response, name: str) -> str | None:
    """What makes the next request conditional; what is so long that the server would refuse to hear it is left out."""
    stated = response.headers.get(name, "")
    return stated if 0 < len(stated) <= LONGEST_VALIDATOR else None


def location(response: Response) -> str:
    """Where a redirect leads, absolute; "" if nowhere."""
    stated = response.headers.get("location", "").strip()
    try:
        return urljoin(response.url, stated) if stated else ""
    except ValueError:  # "http://[" is no address
        return ""
