"""Time as the crawler sees it: one object that tests can wind."""

from __future__ import annotations

import time
from dataclasses import dataclass, field


@dataclass(slots=True)
class Clock:
    """The wall clock as it was when the run started, driven on by the monotonic clock, so that it never jumps.

    `speed` crawler seconds pass in a real one, `skew` is what the wall clock is off by: both are the tests'.
    """

    speed: float = 1.0
    skew: float = 0.0
    _start: tuple[float, float] = field(default_factory=lambda: (time.time(), time.monotonic()))

    def wall(self) -> float:
        """Crawler seconds since 1970: for what is stored."""
        return self._start[0] + self.skew + self.ticks()

    def ticks(self) -> float:
        """Crawler seconds since the run started: for what is timed."""
        return (time.monotonic() - self._start[1]) * self.speed

    def real(self, seconds: float) -> float:
        """How long `seconds` of the crawler's take in the world: for timeouts and waits."""
        return seconds / self.speed
