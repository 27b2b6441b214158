"""The crawl: one thread decides and writes, up to four others do nothing but wait for an answer.

A host has at most one request under way. Before one is sent, robots.txt, the host's delay and the budgets are
asked, and the host's next time is written; what comes back is settled in one transaction with the works and
links it brought. A redirect's target is a URL like any other, so that every hop is asked about again.
"""

from __future__ import annotations

import os
import queue
import random
import sqlite3
import threading
from collections import Counter, deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from ..errors import AddressError, AddressRefused, BadAnswer, CatalogError, FetchError
from . import robots
from .addresses import robots_url
from .answers import HOPS, REDIRECTS, Answers, Event, Shelf, found_at, location
from .clock import Clock
from .fetcher import Fetcher, Request, Response
from .frontier import Claim, Found, Frontier, RobotsText, State
from .ledger import Ledger
from .politeness import LONGEST_CRAWL_DELAY, Host, retry_after
from .refused import refusal
from .robots import Rules
from .settings import CrawlSettings

ROBOTS_LAST = 86_400.0
"""Seconds that a robots.txt is believed (RFC 9309, 2.4)."""
ROBOTS_SIZE = 4 << 20
"""Bytes of a robots.txt that is taken at all; robots.PARSED of them are read."""
DENIED_AT_ONCE = 500
"""URLs that robots.txt denies and that are settled in one transaction."""
PULSE = 1.0
"""Real seconds after which whoever watches is told the time."""


@dataclass(frozen=True, slots=True)
class Glance:
    """A host at a moment of the crawl; `next_in` in seconds, `parked_until` in seconds since 1970 (0: not parked)."""

    authority: str
    done: int
    waiting: int
    next_in: float
    parked_until: float
    park_reason: str


@dataclass(frozen=True, slots=True)
class _Robots:
    """The errand to fetch the robots.txt at `place`, which `claim` of `slot` needs; `hops` redirects led to `url`."""

    slot: _Slot
    claim: Claim
    place: str
    url: str
    hops: int = 0


@dataclass(slots=True)
class _Slot:
    """A host in this run.

    `rules` are what each robots.txt of it says, and until when: http and https have their own. `errands` are requests
    that other hosts' robots.txt lead here.
    """

    host: Host
    rules: dict[str, tuple[Rules, float]] = field(default_factory=dict)
    busy: bool = False
    asking_robots: bool = False
    asked: int = 0
    done: int = 0
    errands: deque[_Robots] = field(default_factory=deque)


@dataclass(frozen=True, slots=True)
class _Errand:
    """A request that was written down and is to be sent: for a page, or for somebody's robots.txt."""

    slot: _Slot
    what: _Robots | Claim
    attempt: int
    request: Request


@dataclass(frozen=True, slots=True)
class _Answer:
    slot: _Slot
    errand: _Robots | Claim
    attempt: int
    took: float
    result: Response | FetchError


class Crawl:
    """A run over a frontier. `fetcher.get` is the network and can be replaced as a whole.

    `observe` is told what became of every URL, `pulse` is called once a second and after every answer.
    """

    def __init__(
        self,
        frontier: Frontier,
        fetcher: Fetcher,
        settings: CrawlSettings,
        shelf: Shelf,
        clock: Clock,
        observe: Callable[[Event], None] = lambda event: None,
        pulse: Callable[[Crawl], None] = lambda crawl: None,
    ) -> None:
        self.frontier, self.fetcher, self.settings, self.clock = frontier, fetcher, settings, clock
        self.answers = Answers(frontier, settings, shelf, clock, self._host_id, observe)
        self.observe, self._pulse = observe, pulse
        self._slots: dict[str, _Slot] = {}
        self._errands: queue.SimpleQueue[_Errand | None] = queue.SimpleQueue()
        self._answers: queue.SimpleQueue[_Answer] = queue.SimpleQueue()
        self._flying = 0
        self._asked = 0
        self._random = random.Random()  # noqa: S311  (spreads delays, guards nothing)

    # the run

    def begin(self, starts: Iterable[Found], *, fresh: bool = False) -> None:
        """Take URLs to start from, beside what is left of earlier runs; `fresh` forgets that."""
        if fresh:
            self.frontier.clear()
        starts = list(starts)
        with self.frontier.transaction():
            self.frontier.add(starts, self._host_id)
        for found in starts:
            if self.frontier.state_of(found.canon) == "gone":
                self.observe(Event(found.canon, "gone", "not asked for again; `ficdex crawl forget` it to change that"))

    @property
    def states(self) -> Counter[State]:
        """The states that URLs came to, counted."""
        return self.answers.states

    def run(self) -> Counter[State]:
        """Ask until nothing is left that may be asked in this run; returns `states`."""
        self.frontier.begin(os.getpid())
        for _ in range(self.settings.hosts):
            threading.Thread(target=self._fetch, name="fetch", daemon=True).start()
        try:
            for name in self.frontier.waiting_hosts():
                if not refusal(name) and self.settings.of(name).enabled:
                    self._slot(name)
            while self._send_what_is_due() or self._flying or self._until_next() is not None:
                self._pulse(self)
                self._take_answer()
        finally:
            for _ in range(self.settings.hosts):
                self._errands.put(None)
            self.frontier.end()
        return self.states

    def glance(self) -> list[Glance]:
        """Every host of this run as it stands."""
        now, counts = self.clock.wall(), Ledger(self.frontier.db).counts()
        return [
            Glance(
                name,
                slot.done,
                sum(counts.get(name, {}).get(state, 0) for state in ("new", "queued", "retry", "leased")),
                slot.host.wait(now),
                slot.host.parked_until if slot.host.parked_until > now else 0.0,
                slot.host.park_reason,
            )
            for name, slot in self._slots.items()
        ]

    # sending

    def _send_what_is_due(self) -> bool:
        """Send a request to every host that may be asked now; whether one was sent."""
        sent = False
        for slot in list(self._slots.values()):
            if self._flying >= self.settings.hosts:
                break
            if not slot.busy and slot.host.wait(self.clock.wall()) <= 0 and (errand := self._errand(slot)):
                self._send(slot, errand)
                sent = True
        return sent

    def _errand(self, slot: _Slot) -> _Robots | Claim | None:
        """What to ask a host for: robots.txt before everything else."""
        if slot.errands:
            return slot.errands.popleft()
        if slot.asking_robots or self._spent(slot):
            return None
        while claim := self.frontier.next(slot.host.id):
            place = robots_url(claim.fetch)
            rules = self._rules(slot, place)
            if rules is None:
                slot.asking_robots = True
                return _Robots(slot, claim, place, place)
            if slot.host.wait(self.clock.wall()) > 0:
                return None  # what robots.txt says parks it
            if rules.allows(claim.fetch):
                return claim
            self._deny(slot, place, rules)
        return None

    def _deny(self, slot: _Slot, place: str, rules: Rules) -> None:
        """Settle the denied URLs that come first at a host, many in one transaction: a sitemap has thousands."""
        with self.frontier.transaction():
            for _ in range(DENIED_AT_ONCE):
                claim = self.frontier.next(slot.host.id)
                if claim is None or robots_url(claim.fetch) != place or rules.allows(claim.fetch):
                    return
                self.answers.settle(claim, "denied_robots", f"robots.txt: {rules.rule_for(claim.fetch)}")

    def _spent(self, slot: _Slot) -> bool:
        """Whether this run may ask no more."""
        most = self.settings.max_pages_for(slot.host.authority)
        return self._asked >= self.settings.max_pages or slot.asked >= most

    def _send(self, slot: _Slot, errand: _Robots | Claim) -> None:
        """Write down that a host is asked, then ask it."""
        now = self.clock.wall()
        slot.host.rest(now, self._random)
        if isinstance(errand, Claim):
            request = Request(errand.fetch, self._conditions(errand), self.settings.max_bytes)
            slot.asked += 1
            self._asked += 1
        else:
            request = Request(errand.url, {}, ROBOTS_SIZE)
        attempt = self.frontier.lease(errand if isinstance(errand, Claim) else None, request.url, slot.host)
        slot.busy = True
        self._flying += 1
        self._errands.put(_Errand(slot, errand, attempt, request))

    def _conditions(self, claim: Claim) -> dict[str, str]:
        """What makes the request conditional: only if the page that it would spare us is there (RFC 9110, 13.1)."""
        if not self.frontier.has_body(claim.body_sha256):
            return {}
        stated = {"If-None-Match": claim.etag, "If-Modified-Since": claim.last_modified}
        return {name: value for name, value in stated.items() if value}

    def _fetch(self) -> None:
        """All that the other threads do."""
        while errand := self._errands.get():
            started = self.clock.ticks()
            result: Response | FetchError
            try:
                result = self.fetcher.get(errand.request)
            except FetchError as problem:
                result = problem
            except Exception as problem:  # a fault of ours costs one page, never the crawl
                result = BadAnswer(errand.request.url, "fault", f"{type(problem).__name__}: {problem}")
            took = self.clock.ticks() - started
            self._answers.put(_Answer(errand.slot, errand.what, errand.attempt, took, result))

    # waiting

    def _until_next(self) -> float | None:
        """Seconds until a host that is not being asked may be asked for something."""
        now = self.clock.wall()
        waits = []
        for slot in self._slots.values():
            if slot.busy or (slot.host.parked_until > now and not self.settings.wait_parked):
                continue
            due = now if slot.errands else None
            if due is None and not slot.asking_robots and not self._spent(slot):
                due = self.frontier.next_at(slot.host.id)
            if due is not None:
                waits.append(max(due - now, slot.host.wait(now)))
        return min(waits, default=None)

    def _take_answer(self) -> None:
        """The next answer, if one comes before a host is due."""
        wait = self._until_next() if self._flying < self.settings.hosts else None
        timeout = PULSE if wait is None else min(PULSE, max(self.clock.real(wait), 0.001))
        try:
            answer = self._answers.get(timeout=timeout)
        except queue.Empty:
            return
        answer.slot.busy = False
        self._flying -= 1
        try:
            self._land(answer)
        except (sqlite3.Error, CatalogError):
            raise
        except Exception as problem:  # a page that a parser stumbles on costs itself, in this run and the next
            self._stumbled(answer, f"{type(problem).__name__}: {problem}")

    def _land(self, answer: _Answer) -> None:
        """One answer, settled whole or not at all."""
        slot, errand = answer.slot, answer.errand
        slot.host.rest(self.clock.wall(), self._random)
        with self.frontier.transaction():
            self._audit(answer)
            if isinstance(errand, _Robots):
                self._robots_came(answer, errand)
            else:
                slot.done += 1
                rules = self._rules(slot, robots_url(errand.fetch))
                self.answers.came(slot.host, errand, answer.result, rules.signals if rules else None)
            self.frontier.save_host(slot.host)

    def _stumbled(self, answer: _Answer, problem: str) -> None:
        """A fault of ours: a page has failed, and a robots.txt could not be read."""
        reason = f"could not be read ({problem}); please report this page"
        with self.frontier.transaction():
            for name, slot in self._slots.items():  # what was rolled back may have made a host
                slot.host.id = self.frontier.host(name, slot.host.min_delay).id
            self._audit(answer)
            if isinstance(answer.errand, _Robots):
                self._robots_failed(answer, answer.errand, BadAnswer(answer.errand.url, "fault", reason))
            else:
                self.answers.settle(answer.errand, "failed", reason, error_class="fault")

    def _audit(self, answer: _Answer) -> None:
        result, took = answer.result, round(answer.took * 1000)
        if isinstance(result, Response):
            self.frontier.answered(answer.attempt, took, result.status, result.wire, None)
        else:
            self.frontier.answered(answer.attempt, took, None, None, result.kind)

    # hosts and their robots.txt

    def _slot(self, name: str) -> _Slot:
        if name not in self._slots:
            host = self.frontier.host(name, self.settings.delay_for(name))
            host.believe(self.clock.wall())
            host.slow_to(self.settings.delay_for(name))
            self._slots[name] = _Slot(host)
        return self._slots[name]

    def _host_id(self, name: str) -> int:
        return self._slot(name).host.id

    def _rules(self, slot: _Slot, place: str) -> Rules | None:
        """What a host's robots.txt at `place` says, if it is known and fresh."""
        now = self.clock.wall()
        rules, until = slot.rules.get(place, (None, 0.0))
        if rules and now < until:
            return rules
        kept = self.frontier.robots(place)
        return self._obey(slot, place, kept) if kept and kept.fetched_at <= now < kept.expires_at else None

    def _obey(self, slot: _Slot, place: str, kept: RobotsText) -> Rules:
        fixed = {"allow": robots.ALLOW_ALL, "deny": robots.DENY_ALL}
        rules = fixed.get(kept.outcome) or robots.parse(kept.body, robots.AGENT)
        slot.rules[place] = rules, kept.expires_at
        host = slot.host
        host.min_delay = self.settings.delay_for(host.authority)
        delay = max(rules.crawl_delay or 0.0 for rules, _ in slot.rules.values())
        if delay > LONGEST_CRAWL_DELAY:
            host.park(kept.expires_at, f"its robots.txt asks for {delay:.0f} s between requests")
        else:
            host.slow_to(max(host.min_delay, delay))
        return rules

    def _robots_came(self, answer: _Answer, errand: _Robots) -> None:
        """An answer for somebody's robots.txt, maybe from another host that it led to."""
        slot, result = answer.slot, answer.result
        if isinstance(result, Response) and result.status in REDIRECTS and (to := location(result)):
            if self._follow_robots(errand, to):  # no success yet: a circle has to end in parking
                return
        elif isinstance(result, Response):
            read = robots.from_status(result.status, result.body, robots.AGENT)
            if read is not None:
                slot.host.answered(self.clock.wall(), result.latency)
                self._keep_robots(errand, result, read)
                return
        self._robots_failed(answer, errand, result)

    def _follow_robots(self, errand: _Robots, to: str) -> bool:
        """Send the errand on; False if there is no further."""
        try:
            found = found_at(to, self.settings)
        except AddressError:
            return False
        if errand.hops >= HOPS:
            return False
        other = self._slot(found.authority)
        other.errands.append(replace(errand, url=found.fetch, hops=errand.hops + 1))
        return True

    def _keep_robots(self, errand: _Robots, response: Response, rules: Rules) -> None:
        now = self.clock.wall()
        outcome = "allow" if rules is robots.ALLOW_ALL else "deny" if rules is robots.DENY_ALL else "rules"
        body = response.body[: robots.PARSED + 1] if outcome == "rules" else b""
        kept = RobotsText(now, now + ROBOTS_LAST, response.status, body, response.url, outcome)
        self.frontier.save_robots(errand.place, errand.slot.host.id, kept)
        errand.slot.asking_robots = False
        self._obey(errand.slot, errand.place, kept)
        self.frontier.save_host(errand.slot.host)

    def _robots_failed(self, answer: _Answer, errand: _Robots, result: Response | FetchError) -> None:
        """Nobody knows what is allowed: nothing is asked, the URLs stay, robots.txt is tried again later."""
        now = self.clock.wall()
        why = f"status {result.status}" if isinstance(result, Response) else result.reason
        asked = retry_after(result.headers.get("retry-after"), now) if isinstance(result, Response) else None
        hosts = {answer.slot.host.id: answer.slot.host, errand.slot.host.id: errand.slot.host}
        for host in hosts.values():
            host.refused(now, f"robots.txt cannot be read: {why}", asked)
            self.frontier.save_host(host)
        errand.slot.asking_robots = False
        host = errand.slot.host
        if isinstance(result, AddressRefused) and answer.slot is errand.slot:
            while claim := self.frontier.next(host.id):
                self.answers.settle(claim, "failed", result.reason, error_class=result.kind)
        else:  # pages of the host that are under another robots.txt go first
            self.frontier.postpone(errand.claim, host.next_at + host.cur_delay)
