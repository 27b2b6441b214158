"""When a host may be asked again: delays, backoff, parking. Pure rules on one small record a host.

All figures are those of docs/design.md ("Politeness"). Times are seconds since 1970 by crawler/clock.py, which
does not jump within a run; what an earlier run stored is clamped to the longest wait that can be meant.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime
from random import Random

SHORTEST = 1.0
"""Seconds between requests to a host, whatever anybody asks for."""
JITTER = (1.0, 1.5)
"""A delay is stretched by a factor from this range, so that no rhythm shows."""
LATENCY_FACTOR, LATENCY_MOST = 5.0, 60.0
"""A host that answers slowly is asked slowly: at so many times its latency, up to so many seconds."""
FIRST_BACKOFF, LONGEST_BACKOFF = 30.0, 3600.0
EASING, EASED_AFTER = 0.75, 10
"""The delay shrinks by this factor for so many successes."""
STRIKES = 5
"""Refusals or failures in a row that park a host."""
LONGEST_CRAWL_DELAY = 300.0
"""Seconds of Crawl-delay that are honoured; a host that asks for more is left alone."""
LONGEST_PARK = 30 * 86_400.0
"""Seconds of the longest wait that is believed; a Retry-After of 10^9 is no date to come back on."""
_SECONDS = re.compile(r"[0-9]+(?:\.[0-9]*)?(?:\s*,\s*[0-9]+(?:\.[0-9]*)?)*")


@dataclass(slots=True)
class Host:
    """A host as the frontier keeps it; `min_delay` and `cur_delay` in seconds.

    `next_at` is when it may be asked again, `parked_until` that of a host that is left alone for now
    (`park_reason` says why), `strikes` counts refusals in a row, `ok_run` successes since the delay last eased.
    """

    id: int
    authority: str
    min_delay: float
    cur_delay: float
    next_at: float = 0.0
    parked_until: float = 0.0
    park_reason: str = ""
    strikes: int = 0
    ok_run: int = 0

    def wait(self, now: float) -> float:
        """Seconds until it may be asked, parking included."""
        return max(self.next_at - now, self.parked_until - now, 0.0)

    def believe(self, now: float) -> None:
        """Take what an earlier run stored, as far as it can be meant: the clock may have been set back since."""
        usual = max(self.cur_delay * JITTER[1], LATENCY_MOST)
        longest = max(usual, LONGEST_BACKOFF * JITTER[1]) if self.strikes else usual
        self.next_at = min(self.next_at, now + longest)
        self.parked_until = min(self.parked_until, now + LONGEST_PARK)

    def slow_to(self, delay: float) -> None:
        """Never ask more often than every `delay` seconds."""
        self.min_delay = max(delay, SHORTEST)
        self.cur_delay = max(self.cur_delay, self.min_delay)

    def rest(self, now: float, rng: Random) -> None:
        """The next request waits for the delay from now.

        Said before a request is sent, so that a crash makes no burst, and again when its answer has come, so that
        two requests do not arrive closer than the delay, however long the first was under way.
        """
        self.next_at = max(self.next_at, now + self.cur_delay * rng.uniform(*JITTER))

    def answered(self, now: float, latency: float) -> None:
        """A good answer came after `latency` seconds."""
        self.strikes = 0
        self.ok_run += 1
        if self.ok_run >= EASED_AFTER:
            self.ok_run = 0
            self.cur_delay = max(self.min_delay, self.cur_delay * EASING)
        self.next_at = max(self.next_at, now + min(LATENCY_FACTOR * latency, LATENCY_MOST))

    def refused(self, now: float, why: str, retry_after: float | None = None) -> None:
        """The host could not or would not answer: one step back, for all its URLs, and no wait gets shorter.

        `retry_after` in seconds, as it asked; more than an hour parks it, and so do five refusals in a row.
        """
        self.ok_run = 0
        self.strikes += 1
        self.cur_delay = min(max(self.cur_delay * 2, FIRST_BACKOFF), LONGEST_BACKOFF)
        self.next_at = max(self.next_at, now + max(self.cur_delay, retry_after or 0.0))
        if retry_after is not None and retry_after > LONGEST_BACKOFF:
            self.park(now + min(retry_after, LONGEST_PARK), f"{why}, Retry-After {retry_after:.0f} s")
        elif self.strikes >= STRIKES:
            self.park(now + LONGEST_BACKOFF, f"{self.strikes} times in a row: {why}")

    def park(self, until: float, reason: str) -> None:
        """Leave the host alone until then, or until later if that was said before; it gets a new start after that."""
        if until > self.parked_until:
            self.parked_until, self.park_reason = until, reason
        self.strikes = 0


def retry_after(value: str | None, now: float) -> float | None:
    """Seconds that a Retry-After header asks for (RFC 9110, 10.2.3: a number or a date).

    Fractions, which some servers send, are read, and of several headers ("7, 120": a proxy adds its own) the longest.
    None for what cannot be meant: garbage, negative numbers, dates that are past.
    """
    if not value or len(value) > 100:
        return None
    value = value.strip()
    if _SECONDS.fullmatch(value):
        return max(map(float, value.split(","))) or None
    try:
        date = parsedate_to_datetime(value)
        ahead = date.replace(tzinfo=date.tzinfo or UTC).timestamp() - now
    except (ValueError, TypeError, OverflowError):
        return None
    return ahead if ahead > 0 else None
